"""From the lake to a run's scores in the lake."""

import pyarrow as pa
from django.conf import settings

from segmentation.churn import scoring
from segmentation.engine.judge import BATCH, stages, used_of
from segmentation.lake.models import LakeMonth
from segmentation.lake.services import open_tables, sync
from segmentation.lake.store import Lake, quoted
from segmentation.policies.services import engine_policy, in_force_for
from segmentation.runs.models import Run, Standing
from segmentation.runs.services.progress import OF_ENGINE, SYNC, Progress

NO_BILLS = "no_bills"
SCORES = "scores_at_hand"
# What the engine is told of the standing before: its column, and the same read from the table of standings.
PREVIOUS = {
    "tier": "coalesce(nullif(tier, ''), 'unscored') as tier",
    "value_score": "value_score::double as value_score",
    "tier_pressure_runs": "tier_pressure_runs::bigint as tier_pressure_runs",
    "credit_grade": "coalesce(nullif(credit_grade, ''), 'unrated') as credit_grade",
}


class CannotJudge(Exception):
    """There is nothing to judge, or nothing to judge by; trying again would not help. `code` is what the page explains."""

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


def judge_into_lake(*, run: Run, session, lake: Lake, progress: Progress, at, aside):
    """Sync and judge; `aside` is handed features and scores as they are done, and the session has the scores as `SCORES`.

    Raises `CannotJudge`, `Cancelled`, the engine's errors.
    """
    progress.start(SYNC)
    synced = sync(session=session, lake=lake, at=at, progress=lambda rows: progress.advance(SYNC, rows))
    progress.done(SYNC, synced.rows)
    run.counts |= {"repaired": synced.repaired, "mirror_seconds": synced.seconds}
    if not LakeMonth.objects.filter(table="bills", period__lte=run.as_of).exists():
        raise CannotJudge(NO_BILLS, run.as_of.isoformat())
    policy = policy_of(run=run)
    run.counts["special_policies"] = [special.pk for special in in_force_for(on=run.as_of)]
    previous = remember_previous(run=run, session=session, lake=lake)
    tables = open_tables(session=session, lake=lake, engine_url=settings.ENGINE_URL)
    risk = scoring.InRun(run_number=run.pk, as_of=run.as_of)
    names = [OF_ENGINE[name] for name in OF_ENGINE if name != "churn" or risk.bundle]
    if not risk.bundle:
        progress.leave_out("churn")
    progress.start(names[0])
    features = None
    for name, table in stages(tables, as_of=run.as_of, policy=policy, previous=previous, risk=risk.bundle, heard=risk.hear):
        if name == "warning":
            risk.shadow(features, table)
        if name == "features":
            features = table
            aside.features(table)
        if name == "standing":
            session.register(SCORES, pa.Table.from_batches(table.to_batches(max_chunksize=BATCH), table.schema))
            aside.scores(table)
        if name == "value":
            run.counts["used"] = used_of(table)
        progress.done(OF_ENGINE[name], table.num_rows)
        if OF_ENGINE[name] != names[-1]:
            progress.start(names[names.index(OF_ENGINE[name]) + 1])
    run.counts["risk"] = risk.summary()
    risk.settle(tables, session)


def policy_of(*, run: Run):
    """What the run judges by. Raises the engine's errors."""
    general = {"value": run.value_policy, "credit": run.credit_policy, "warning": run.warning_policy}
    return engine_policy(policies=general, special=in_force_for(on=run.as_of))


def previous_run(*, run: Run) -> Run | None:
    """The run whose standing this one starts from: the last one published for a day of an earlier month. So asking each night of a month
    gives the same answer where no fact changed, a move is a move since last month, and hysteresis counts months, not nights."""
    return Run.objects.published().filter(as_of__lt=run.as_of.replace(day=1), pk__lt=run.pk).first()


def remember_previous(*, run: Run, session, lake: Lake):
    """The standing before as the table `previous` of the session, or None. Notes in the run's counts where it came from."""
    before = previous_run(run=run)
    query = _scores_before(before, session, lake) if before else None
    run.counts["previous_run"] = before.pk if before and query else None
    if not query:
        return None
    session.execute(f"create or replace temp table previous as {query}")
    return session.table("previous")


def scores_path(*, lake: Lake, run: Run) -> str:
    """Where a run's scores lie; one that restores an older run has that one's."""
    return lake.of_run("scores", run.restores_id or run.pk)


def scores_of(*, run: Run, lake: Lake) -> str:
    """The same as SQL of a session."""
    return f"read_parquet({quoted(scores_path(lake=lake, run=run))}, hive_partitioning = false)"


def _scores_before(before, session, lake):
    if lake.has(session, scores_path(lake=lake, run=before)):
        return f"select account_id, {', '.join(PREVIOUS)} from {scores_of(run=before, lake=lake)}"
    if before.in_force:
        return f"select account_id, {', '.join(PREVIOUS.values())} from facts.{Standing._meta.db_table} where run_id is not null"
    return None

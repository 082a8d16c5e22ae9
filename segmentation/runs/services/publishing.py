"""From a run's scores in the lake to the standings people see: one transaction, and only the rows that differ."""

import json
from pathlib import Path

from django.db import connection, transaction

from crm.audit.services import record
from segmentation.lake.store import Lake, quoted
from segmentation.runs.models import Run
from segmentation.runs.services.judging import scores_path
from segmentation.runs.services.progress import PUBLISH, Cancelled, Progress

# Column of segmentation_standing -> (its type in PostgreSQL, its value from `s` the scores and `p` the standing before).
SHOWN = {
    "tier": ("text", "if(s.tier = 'unscored', '', s.tier)"),
    "tier_before": ("text", "if(p.tier is null or p.tier = 'unscored', '', p.tier)"),
    "tier_pressure_runs": ("smallint", "s.tier_pressure_runs::smallint"),
    "value_score": ("numeric(4,1)", "s.value_score::decimal(4,1)"),
    "value_delta": ("numeric(4,1)", "(s.value_score - p.value_score)::decimal(4,1)"),
    "current_score": ("numeric(4,1)", "s.current_score::decimal(4,1)"),
    "potential_score": ("numeric(4,1)", "s.potential_score::decimal(4,1)"),
    "quadrant": ("text", "if(s.quadrant = 'unscored', '', s.quadrant)"),
    "credit_score": ("numeric(4,1)", "s.credit_score::decimal(4,1)"),
    "credit_grade": ("text", "if(s.credit_grade = 'unrated', '', s.credit_grade)"),
    "risk_score": ("numeric(4,1)", "s.risk_score::decimal(4,1)"),
    "risk_band": ("text", "if(s.risk_band = 'unknown', '', s.risk_band)"),
    "risk_outcome": ("text", "coalesce(s.risk_outcome, '')"),
    "usage_state": ("text", "if(s.usage_state = 'unknown', '', s.usage_state)"),
    "kwh_12m": ("double precision", "round(s.kwh_12m, 1)"),
    "revenue_12m_fen": ("bigint", "s.revenue_12m_fen"),
    "growth": ("double precision", "round(s.growth, 4)"),
    "arrears_fen": ("bigint", "s.arrears_fen"),
    "spark_kwh": (
        "double precision[]",
        "'{' || array_to_string(list_transform(s.sparkline, x -> coalesce(round(x, 1)::varchar, 'NULL')), ',') || '}'",
    ),
    "headline": ("jsonb", """coalesce('{"headline":' || json_extract(s.reasons, '$.headline')::varchar || '}', '{}')"""),
    "reasons": ("jsonb", "s.reasons"),
}
BLANK = {"tier_pressure_runs": "0", "spark_kwh": "'{}'", "headline": "'{}'", "reasons": "'{}'"}
MAY_BE_NULL = ("numeric(4,1)", "bigint", "double precision")
# What counts as a move, by the columns of segmentation_change.
MOVES = {"tier": "tier", "band": "risk_band", "grade": "credit_grade", "usage": "usage_state", "value": "value_score", "risk": "risk_score"}
TOLD = ("tier", "band", "grade", "usage")


def publish(*, run: Run, session, lake: Lake, progress: Progress, spool: Path, at):
    """Put the run's scores in force. Killed before the commit, the run before stays in force, whole.

    `session` has `facts` attached and may have the table `previous`; `spool` is a file of ours on this machine. Raises `Cancelled` when
    the run was cancelled meanwhile.
    """
    progress.start(PUBLISH)
    counts = _prepare(session, lake, run, spool)
    with transaction.atomic():
        moved, written = _write_rows(run, spool)
        progress.close(PUBLISH, written)
        counts |= run.counts | {"changed": moved, "written": written}
        _put_in_force(run, counts, progress.stages, at)
        record(by=run.asked_by, did="published a run", on=run, as_of=run.as_of.isoformat(), changed=moved, written=written)
    spool.unlink(missing_ok=True)


def _prepare(session, lake, run, spool) -> dict:
    """Spool the rows that differ from what is shown now; returns the run's counts."""
    session.execute(
        f"create or replace temp view s as select * from read_parquet({quoted(scores_path(lake=lake, run=run))}, hive_partitioning = false)"
    )
    if not session.execute("select count(*) from duckdb_tables() where table_name = 'previous'").fetchone()[0]:
        session.execute("create temp table previous (account_id bigint, tier varchar, value_score double)")
    values = ", ".join(f"{value} as {name}" for name, (_kind, value) in SHOWN.items())
    session.execute(
        f"create or replace temp view shown as select s.account_id, {values} from s left join previous p on p.account_id = s.account_id"
    )
    blank = ", ".join(_blank(name) for name in SHOWN)
    columns = ", ".join(SHOWN)
    session.execute(
        f"""copy (
            with judged as (select shown.*, (hash(shown) >> 1)::bigint as digest from shown),
                standing as (select account_id, digest from facts.segmentation_standing)
            select account_id, {columns}, digest from judged anti join standing using (account_id, digest)
            union all
            select account_id, {blank}, 0 from standing anti join s using (account_id) where digest <> 0
        ) to {quoted(spool)} (format csv, header false, nullstr '\\N')"""
    )
    return _counts(session)


def _blank(name):
    kind = SHOWN[name][0]
    return BLANK.get(name) or ("null" if kind in MAY_BE_NULL else "''")


def _counts(session) -> dict:
    accounts, judged = session.execute("select count(*), count(value_score) from s").fetchone()

    def by(column):
        return dict(session.execute(f"select coalesce({column}, ''), count(*) from s group by 1 order by 1").fetchall())

    return {
        "accounts": accounts, "judged": judged, "unscored": accounts - judged, "tiers": by("tier"), "bands": by("risk_band"),
        "grades": by("credit_grade"), "quadrants": by("quadrant"), "usage": by("usage_state"),
    }  # fmt: skip


def _write_rows(run, spool) -> tuple[int, int]:
    """(accounts that moved, rows written). Everything happens in PostgreSQL, on the rows that differ."""
    names = [*SHOWN, "digest"]
    kinds = {name: kind for name, (kind, _value) in SHOWN.items()} | {"digest": "bigint"}
    with connection.cursor() as db:
        definition = ", ".join(f"{name} {'text' if kinds[name] == 'jsonb' else kinds[name]}" for name in names)
        db.execute(f"create temp table incoming (account_id bigint primary key, {definition}) on commit drop")
        with open(spool, encoding="utf-8") as rows:
            db.copy_expert("copy incoming from stdin with (format csv, null '\\N')", rows)
        db.execute("analyze incoming")
        db.execute("delete from segmentation_change where run_id = %s", [run.pk])
        db.execute(_insert_changes(), [run.pk])
        moved = db.rowcount
        assigned = ", ".join(f"{name} = {_value(name, kinds)}" for name in names)
        db.execute(
            f"update segmentation_standing s set run_id = %s, {assigned} from incoming i where i.account_id = s.account_id", [run.pk]
        )
        written = db.rowcount
        values = ", ".join(_value(name, kinds) for name in names)
        db.execute(
            f"""insert into segmentation_standing (account_id, run_id, {", ".join(names)})
            select i.account_id, %s, {values} from incoming i join crm_account a on a.id = i.account_id
            where not exists (select from segmentation_standing s where s.account_id = i.account_id)
            on conflict (account_id) do nothing""",
            [run.pk],
        )
        return moved, written + db.rowcount


def _value(name, kinds):
    return f"i.{name}::jsonb" if kinds[name] == "jsonb" else f"i.{name}"


def _insert_changes() -> str:
    columns = ", ".join(f"{name}_{end}" for name in MOVES for end in ("from", "to"))
    values = ", ".join(f"{row}.{MOVES[name]}" for name in MOVES for row in ("s", "i"))
    moved = " or ".join(f"s.{MOVES[name]} <> i.{MOVES[name]}" for name in TOLD)
    return f"""insert into segmentation_change (run_id, account_id, {columns}) select %s, i.account_id, {values}
        from incoming i join segmentation_standing s on s.account_id = i.account_id where s.run_id is not null and ({moved})"""


def _put_in_force(run, counts, stages, at):
    Run.objects.filter(in_force=True).exclude(pk=run.pk).update(in_force=False)
    published = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=Run.State.PUBLISHED, in_force=True, finished_at=at, counts=counts, stages=json.loads(json.dumps(stages)), stage=PUBLISH
    )
    if not published:
        raise Cancelled(run.pk)

"""From a run's scores in the lake to the standings people see: one transaction, and only the rows that differ.

What differs is decided in DuckDB and sent to a table of its own in PostgreSQL, in binary, before the transaction begins. A few rows
are then updated in place; where most rows differ (a first run, a new month) that table is the next one, built beside the old one, and takes
its place at the end (`rebuilding.py`). Readers go on reading what is in force either way.

A row is written again when a fact about the account itself changed, or when a score moved by `DRIFT` points from the one shown. Scores
are places among peers, so a few corrected bills move everybody's by hundredths; without the second rule each run would rewrite all rows.
"""

import json
import resource
from contextlib import nullcontext, suppress

from django.db import DatabaseError, connection, transaction

from crm.audit.services import record
from segmentation.lake.session import writing_to_postgres
from segmentation.runs.models import Run, Standing
from segmentation.runs.services.progress import PUBLISH, Cancelled, Progress
from segmentation.runs.services.rebuilding import NEXT, TABLE, build, get_ready, swap

DRIFT = 0.5  # points a score may be off the one shown while nothing about the account itself changed
REBUILD_FROM = 20_000  # rows; fewer are updated in place, whatever their share
REBUILD_SHARE = 6  # one in so many: a row in place costs five times one built anew
INCOMING, MOVED = "segmentation_incoming", "segmentation_moved"
# Column of segmentation_standing -> its value from `s` the scores and `p` the standing before.
SHOWN = {
    "tier": "if(s.tier = 'unscored', '', s.tier)",
    "tier_before": "if(p.tier is null or p.tier = 'unscored', '', p.tier)",
    "tier_pressure_runs": "s.tier_pressure_runs::smallint",
    "value_score": "s.value_score::decimal(4,1)",
    "value_delta": "(s.value_score - p.value_score)::decimal(4,1)",
    "current_score": "s.current_score::decimal(4,1)",
    "potential_score": "s.potential_score::decimal(4,1)",
    "quadrant": "if(s.quadrant = 'unscored', '', s.quadrant)",
    "credit_score": "s.credit_score::decimal(4,1)",
    "credit_grade": "if(s.credit_grade = 'unrated', '', s.credit_grade)",
    "risk_score": "s.risk_score::decimal(4,1)",
    "risk_band": "if(s.risk_band = 'unknown', '', s.risk_band)",
    "risk_model": "s.risk_model::integer",
    "risk_outcome": "coalesce(s.risk_outcome, '')",
    "usage_state": "if(s.usage_state = 'unknown', '', s.usage_state)",
    "kwh_12m": "round(s.kwh_12m, 1)",
    "revenue_12m_fen": "s.revenue_12m_fen",
    "growth": "round(s.growth, 4)",
    "arrears_fen": "s.arrears_fen",
    "spark_kwh": "list_transform(s.sparkline, x -> round(x, 1))",
    # The engine writes compact JSON in a fixed order: {"v":1,"headline":[...],"lifts":...,"credit":...,"risk":...}
    "headline": """if(s.reasons[8:18] = '"headline":', '{' || s.reasons[8:strpos(s.reasons, ']')] || '}', '')""",
    "reasons": "s.reasons",
}
SCORES = ("value_score", "current_score", "potential_score")  # places among peers
# What the digest holds: all that is shown and no place among peers, nor what was said about one.
OWN = [f"({value})" for name, value in SHOWN.items() if name not in (*SCORES, "value_delta", "reasons")] + [
    "p.value_score",
    """case when strpos(s.reasons, '"credit":[') > 0 then s.reasons[strpos(s.reasons, '"credit":['):]
    when strpos(s.reasons, '"risk":[') > 0 then s.reasons[strpos(s.reasons, '"risk":['):] end""",
]
BLANK = {"tier_pressure_runs": "0", "spark_kwh": "[]"}  # of columns that may be null: null; of others: an empty text
# What counts as a move, by the columns of segmentation_change.
MOVES = {"tier": "tier", "band": "risk_band", "grade": "credit_grade", "usage": "usage_state", "value": "value_score", "risk": "risk_score"}
TOLD = ("tier", "band", "grade", "usage")


def publish(*, run: Run, session, progress: Progress, clock, scores: str, beside=nullcontext):
    """Put the run's scores in force. Killed before the commit, the run before stays in force, whole.

    `session` has `facts` attached, the run's scores as the SQL `scores` and perhaps the table `previous`. `beside()` is entered while PostgreSQL
    alone is at work, and left before anything is in force. Raises `Cancelled` when the run was cancelled meanwhile, and what `beside` raises.
    """
    progress.start(PUBLISH)
    _compare(session, scores, run)
    counts = _counts(session)
    standing, written, first = session.execute(
        "select (select count(*) from standing), (select count(*) from differs), (select count(*) from differs where first)"
    ).fetchone()
    anew = written >= REBUILD_FROM and REBUILD_SHARE * written >= standing
    _sweep_up()
    try:
        _send_moves(session, run)
        names = None
        if anew:
            with beside():
                names = build(send=lambda table: _send(session, run, table), keep=_kept(session))
        incoming = NEXT if names else _set_aside(session, run)
        with transaction.atomic():
            moved = _note_changes(run)
            # Django's foreign keys are deferred: those of the moves would be looked up by the commit, while readers wait for the swap.
            _run("set constraints all immediate")
            if names is None:
                with beside():
                    _write_in_place(run, incoming, first)
            # Its commit writes out the log so far, which ours then need not while readers wait. Once ready, the table of runs is held, too.
            progress.advance(PUBLISH, written)
            ready = names if names and get_ready() else None
            if names and not ready:
                _write_in_place(run, incoming, first)
            progress.close(PUBLISH, written)
            peak_mib = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            counts |= run.counts | {"changed": moved, "written": written, "peak_mib": peak_mib}
            _put_in_force(run, counts, progress.stages, clock())
            record(by=run.asked_by, did="published a run", on=run, as_of=run.as_of.isoformat(), changed=moved, written=written)
            if ready and not swap(ready):
                _write_in_place(run, incoming, first)
    finally:
        with suppress(DatabaseError):
            _sweep_up()


def _sweep_up():
    """What a publish leaves on the way."""
    _run(f"drop table if exists {NEXT}, {INCOMING}, {MOVED}")


def _compare(session, scores, run):
    """Leaves the view `s` (the scores), the table `standing` (what is shown now) and the table `differs` (account_id, and whether its row is
    to be made blank or is its first) in the session."""
    session.execute(
        f"create or replace temp view s as select null::bigint as risk_model where false union all by name select * from {scores}"
    )
    if not session.execute("select count(*) from duckdb_tables() where table_name = 'previous'").fetchone()[0]:
        session.execute("create temp table previous (account_id bigint, tier varchar, value_score double)")
    held = ", ".join(dict.fromkeys(["account_id", "run_id", "digest", *SCORES, *MOVES.values()]))
    session.execute(f"create or replace temp table standing as select {held} from facts.{TABLE}")
    moved = " or ".join(f"abs(a.{name} - b.{name}) >= {DRIFT} or (a.{name} is null) <> (b.{name} is null)" for name in SCORES)
    # Going back is exact: every row written since is written again.
    since = f"or b.run_id > {int(run.restores_id)}" if run.restores_id else ""
    session.execute(
        f"""create or replace temp table differs as
        select a.account_id, false as blank, b.account_id is null as first from ({_shown("s")}) a left join standing b using (account_id)
        where b.account_id is null or a.digest <> b.digest or {moved} {since}
        union all
        select account_id, true, false from standing anti join s using (account_id) where digest <> 0"""
    )


def _shown(rows) -> str:
    """Of scores, as people see them: account_id, the columns of `SHOWN` and the digest."""
    values = ", ".join(f"{value} as {name}" for name, value in SHOWN.items())
    return f"""select s.account_id, {values}, (hash({", ".join(OWN)}) >> 1)::bigint as digest
    from {rows} s left join previous p on p.account_id = s.account_id"""


def _set_aside(session, run) -> str:
    """The rows that differ in a table of their own, not logged, to be looked up by account; its name."""
    _run(f"create unlogged table {INCOMING} (like {TABLE})")
    _send(session, run, INCOMING)
    _run(f"alter table {INCOMING} add primary key (account_id)")
    _run(f"analyze {INCOMING} (account_id, run_id)")
    return INCOMING


def _send(session, run, table):
    """The rows that differ, in binary, into a table like that of the standings."""
    columns = ", ".join(["account_id", *SHOWN, "digest", "run_id"])
    blank = ", ".join("null" if Standing._meta.get_field(name).null else BLANK.get(name, "''") for name in SHOWN)
    with writing_to_postgres(session) as there:
        session.execute(
            f"""insert into {there}.{table} ({columns})
            select *, {int(run.pk)} from ({_shown("(from s semi join (from differs where not blank) using (account_id))")})
            union all select account_id, {blank}, 0, {int(run.pk)} from differs where blank"""
        )


def _kept(session) -> str:
    """The accounts whose rows stay as they are, as PostgreSQL reads an array."""
    (keys,) = session.execute("select string_agg(account_id, ',') from standing anti join differs using (account_id)").fetchone()
    return f"{{{keys or ''}}}"


def _send_moves(session, run):
    """The accounts that move, from where and to where, into the table `MOVED`; an account's first row is no move."""
    columns = ", ".join(f"{name}_{end}" for name in MOVES for end in ("from", "to"))
    now = {name: f"coalesce(a.{it}, '')" if name in TOLD else f"a.{it}" for name, it in MOVES.items()}
    values = ", ".join(f"b.{it}, {now[name]}" for name, it in MOVES.items())
    moved = " or ".join(f"b.{MOVES[name]} <> {now[name]}" for name in TOLD)
    _run(f"create unlogged table {MOVED} as select run_id, account_id, {columns} from segmentation_change limit 0")
    with writing_to_postgres(session) as there:
        session.execute(
            f"""insert into {there}.{MOVED} (run_id, account_id, {columns}) select {int(run.pk)}, b.account_id, {values}
            from standing b semi join differs using (account_id) left join ({_shown("s")}) a on a.account_id = b.account_id
            where b.run_id is not null and ({moved})"""
        )


def _counts(session) -> dict:
    accounts, judged = session.execute("select count(*), count(value_score) from s").fetchone()

    def by(column):
        return dict(session.execute(f"select coalesce({column}, ''), count(*) from s group by 1 order by 1").fetchall())

    return {
        "accounts": accounts, "judged": judged, "unscored": accounts - judged, "tiers": by("tier"), "bands": by("risk_band"),
        "grades": by("credit_grade"), "quadrants": by("quadrant"), "usage": by("usage_state"),
    }  # fmt: skip


def _run(statement, parameters=None) -> int:
    with connection.cursor() as db:
        db.execute(statement, parameters)
        return db.rowcount


def _note_changes(run) -> int:
    """A row for each account that moves; how many."""
    _run("delete from segmentation_change where run_id = %s", [run.pk])
    columns = ", ".join(["run_id", "account_id", *(f"{name}_{end}" for name in MOVES for end in ("from", "to"))])
    return _run(
        f"""insert into segmentation_change ({columns}) select {columns} from {MOVED} m
        where exists (select from {TABLE} s where s.account_id = m.account_id)"""
    )


def _write_in_place(run, incoming, first):
    """The run's rows of `incoming`; accounts deleted meanwhile are left out. `first`: whether some have no row yet."""
    names = ["run_id", *SHOWN, "digest"]
    assigned = ", ".join(f"{name} = i.{name}" for name in names)
    _run(f"update {TABLE} s set {assigned} from {incoming} i where i.account_id = s.account_id and i.run_id = %s", [run.pk])
    if not first:
        return
    columns = ", ".join(["account_id", *names])
    _run(
        f"""insert into {TABLE} ({columns}) select {columns} from {incoming} i
        where run_id = %s and not exists (select from {TABLE} s where s.account_id = i.account_id)
        and exists (select from crm_account a where a.id = i.account_id) on conflict (account_id) do nothing""",
        [run.pk],
    )


def _put_in_force(run, counts, stages, at):
    Run.objects.filter(in_force=True).exclude(pk=run.pk).update(in_force=False)
    published = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=Run.State.PUBLISHED, in_force=True, finished_at=at, counts=counts, stages=json.loads(json.dumps(stages)), stage=PUBLISH
    )
    if not published:
        raise Cancelled(run.pk)

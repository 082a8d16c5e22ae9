"""From a run's scores in the lake to the standings people see: one transaction, and only the rows that differ.

What differs is decided in DuckDB and sent to a table of its own in PostgreSQL (binary, not logged) before the transaction begins. A few
rows are then updated in place; where most rows differ (a first run, a new month) the table is built anew beside the old one and takes its
place at the end (`rebuilding.py`). Readers go on reading what is in force either way.

A row is written again when a fact about the account itself changed, or when a score moved by `DRIFT` points from the one shown. Scores
are places among peers, so a few corrected bills move everybody's by hundredths; without the second rule each run would rewrite all rows.
"""

import json

from django.db import connection, transaction

from crm.audit.services import record
from segmentation.lake.session import writing_to_postgres
from segmentation.runs.models import Run
from segmentation.runs.services.progress import PUBLISH, Cancelled, Progress
from segmentation.runs.services.rebuilding import build, swap

DRIFT = 0.5  # points a score may be off the one shown while nothing about the account itself changed
REBUILD_FROM = 20_000  # rows; fewer are updated in place, whatever their share
REBUILD_SHARE = 2  # one in so many: a row in place costs twice one built anew
INCOMING = "segmentation_incoming"
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
    "risk_model": ("integer", "s.risk_model::integer"),
    "risk_outcome": ("text", "coalesce(s.risk_outcome, '')"),
    "usage_state": ("text", "if(s.usage_state = 'unknown', '', s.usage_state)"),
    "kwh_12m": ("double precision", "round(s.kwh_12m, 1)"),
    "revenue_12m_fen": ("bigint", "s.revenue_12m_fen"),
    "growth": ("double precision", "round(s.growth, 4)"),
    "arrears_fen": ("bigint", "s.arrears_fen"),
    "spark_kwh": ("double precision[]", "list_transform(s.sparkline, x -> round(x, 1))"),
    # The engine writes compact JSON in a fixed order: {"v":1,"headline":[...],"lifts":...,"credit":...,"risk":...}
    "headline": (
        "jsonb",
        """if(s.reasons[8:18] = '"headline":', '{' || s.reasons[8:strpos(s.reasons, ']')] || '}', '{}')""",
    ),
    "reasons": ("jsonb", "s.reasons"),
}
SCORES = ("value_score", "current_score", "potential_score")  # places among peers
# What the digest holds: all that is shown and no place among peers, nor what was said about one.
OWN = [f"({value})" for name, (_kind, value) in SHOWN.items() if name not in (*SCORES, "value_delta", "reasons")] + [
    "p.value_score",
    """case when strpos(s.reasons, '"credit":[') > 0 then s.reasons[strpos(s.reasons, '"credit":['):]
    when strpos(s.reasons, '"risk":[') > 0 then s.reasons[strpos(s.reasons, '"risk":['):] end""",
]
BLANK = {"tier_pressure_runs": "0", "spark_kwh": "[]", "headline": "'{}'", "reasons": "'{}'"}
MAY_BE_NULL = ("integer", "numeric(4,1)", "bigint", "double precision")
# What counts as a move, by the columns of segmentation_change.
MOVES = {"tier": "tier", "band": "risk_band", "grade": "credit_grade", "usage": "usage_state", "value": "value_score", "risk": "risk_score"}
TOLD = ("tier", "band", "grade", "usage")


def publish(*, run: Run, session, progress: Progress, at, scores: str, when=lambda: None):
    """Put the run's scores in force. Killed before the commit, the run before stays in force, whole.

    `session` has `facts` attached, the run's scores as the SQL `scores` and perhaps the table `previous`. `when()` returns once their files
    stand; nothing is in force before. Raises `Cancelled` when the run was cancelled meanwhile, and what `when` raises.
    """
    progress.start(PUBLISH)
    _compare(session, scores, run)
    counts = _counts(session)
    standing, written = session.execute("select (select count(*) from standing), (select count(*) from differs)").fetchone()
    anew = written >= REBUILD_FROM and REBUILD_SHARE * written >= standing
    _send(session, to_be_looked_up=not anew)
    when()
    with transaction.atomic():
        moved = _note_changes(run)
        names = build(incoming=_selected(run)) if anew else None
        if names is None:
            _write_in_place(run)
        progress.close(PUBLISH, written)
        counts |= run.counts | {"changed": moved, "written": written}
        _put_in_force(run, counts, progress.stages, at)
        record(by=run.asked_by, did="published a run", on=run, as_of=run.as_of.isoformat(), changed=moved, written=written)
        if names is not None and not swap(names):
            _write_in_place(run)
        _run(f"drop table {INCOMING}")


def _compare(session, scores, run):
    """Leaves the view `shown`, the table `standing` (what is shown now) and the table `differs` (account_id) in the session."""
    session.execute(
        f"create or replace temp view s as select null::bigint as risk_model where false union all by name select * from {scores}"
    )
    if not session.execute("select count(*) from duckdb_tables() where table_name = 'previous'").fetchone()[0]:
        session.execute("create temp table previous (account_id bigint, tier varchar, value_score double)")
    values = ", ".join(f"{value} as {name}" for name, (_kind, value) in SHOWN.items())
    session.execute(
        f"""create or replace temp view shown as select s.account_id, {values}, (hash({", ".join(OWN)}) >> 1)::bigint as digest
        from s left join previous p on p.account_id = s.account_id"""
    )
    session.execute(
        f"create or replace temp table standing as select account_id, run_id, digest, {', '.join(SCORES)} from facts.segmentation_standing"
    )
    moved = " or ".join(f"abs(a.{name} - b.{name}) >= {DRIFT} or (a.{name} is null) <> (b.{name} is null)" for name in SCORES)
    # Going back is exact: every row written since is written again.
    since = f"or b.run_id > {int(run.restores_id)}" if run.restores_id else ""
    session.execute(
        f"""create or replace temp table differs as
        select a.account_id, false as blank from shown a left join standing b on b.account_id = a.account_id
        where b.account_id is null or a.digest <> b.digest or {moved} {since}
        union all
        select account_id, true from standing anti join s using (account_id) where digest <> 0"""
    )


def _send(session, to_be_looked_up):
    """The rows that differ, into the table `INCOMING`: outside the transaction that publishes, and not logged."""
    kinds = ", ".join(f"{name} {kind}" for name, kind in _kinds().items())
    _run(f"drop table if exists {INCOMING}")
    _run(f"create unlogged table {INCOMING} (account_id bigint, {kinds})")
    blank = ", ".join(_blank(name) for name in SHOWN)
    with writing_to_postgres(session) as there:
        session.execute(
            f"""insert into {there}.{INCOMING}
            select shown.* from shown semi join (from differs where not blank) using (account_id)
            union all select account_id, {blank}, 0 from differs where blank"""
        )
    if to_be_looked_up:
        _run(f"alter table {INCOMING} add primary key (account_id)")
        _run(f"analyze {INCOMING}")


def _kinds():
    """Types on the way: JSON travels as text."""
    return {name: "text" if kind == "jsonb" else kind for name, (kind, _value) in SHOWN.items()} | {"digest": "bigint"}


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


def _run(statement, parameters=None) -> int:
    with connection.cursor() as db:
        db.execute(statement, parameters)
        return db.rowcount


def _note_changes(run) -> int:
    """A row for each account that moves; how many."""
    _run("delete from segmentation_change where run_id = %s", [run.pk])
    columns = ", ".join(f"{name}_{end}" for name in MOVES for end in ("from", "to"))
    values = ", ".join(f"{row}.{MOVES[name]}" for name in MOVES for row in ("s", "i"))
    moved = " or ".join(f"s.{MOVES[name]} <> i.{MOVES[name]}" for name in TOLD)
    return _run(
        f"""insert into segmentation_change (run_id, account_id, {columns}) select %s, i.account_id, {values}
        from {INCOMING} i join segmentation_standing s on s.account_id = i.account_id where s.run_id is not null and ({moved})""",
        [run.pk],
    )


def _selected(run) -> str:
    """The incoming rows as rows of segmentation_standing, columns by name; accounts deleted meanwhile are left out."""
    values = ", ".join(f"{_value(name)} as {name}" for name in _kinds())
    return f"select i.account_id, {int(run.pk)}::bigint as run_id, {values} from {INCOMING} i join crm_account a on a.id = i.account_id"


def _write_in_place(run):
    names = list(_kinds())
    assigned = ", ".join(f"{name} = {_value(name)}" for name in names)
    _run(f"update segmentation_standing s set run_id = %s, {assigned} from {INCOMING} i where i.account_id = s.account_id", [run.pk])
    columns = ", ".join(["account_id", "run_id", *names])
    _run(
        f"""insert into segmentation_standing ({columns}) select {columns} from ({_selected(run)}) i
        where not exists (select from segmentation_standing s where s.account_id = i.account_id) on conflict (account_id) do nothing"""
    )


def _value(name):
    return f"i.{name}::jsonb" if SHOWN.get(name, ("",))[0] == "jsonb" else f"i.{name}"


def _put_in_force(run, counts, stages, at):
    Run.objects.filter(in_force=True).exclude(pk=run.pk).update(in_force=False)
    published = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=Run.State.PUBLISHED, in_force=True, finished_at=at, counts=counts, stages=json.loads(json.dumps(stages)), stage=PUBLISH
    )
    if not published:
        raise Cancelled(run.pk)

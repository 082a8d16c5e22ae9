"""All numbers of a report, once: definitions and breakdowns counted over the relations. Numbers alone, no words, so they serve every language."""

import datetime as dt
import hashlib
import json
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.cache import cache as kept
from django.db import connection
from django.utils.translation import gettext as _

from crm.people.errors import Refused
from segmentation.engine.version import code_version
from segmentation.lake.session import lake, open_session
from segmentation.reports.figures import FIGURES
from segmentation.reports.figures.definition import WINDOWS
from segmentation.reports.relations import RELATIONS, prepare
from segmentation.reports.subject import Scope
from segmentation.runs.models import Run
from segmentation.runs.services.judging import scores_path

KEPT_SECONDS = 900


def run_of(*, as_of: dt.date | None = None, run: Run | None = None) -> Run:
    """The run a report rests on: the one named, else the one in force, or the last published as of a date. Raises `Refused`."""
    if run is None:
        found = Run.objects.published()
        run = found.filter(as_of__lte=as_of).order_by("-as_of", "-id").first() if as_of else Run.objects.in_force()
    if run is None and as_of:
        raise Refused(
            _("Nothing was judged as of %(day)s or earlier. Choose a later day, or recompute as of that one.") % {"day": as_of},
            code="no_run",
        )
    if run is None:
        raise Refused(_("Nothing has been judged yet. Recompute first; the report rests on a published run."), code="no_run")
    return run


def numbers(*, scope: Scope, run: Run, breakdowns, extra=(), against: Run | None = None, listen=lambda done, of: None) -> dict:
    """`{"values": {figure: [now, before]}, "rows": {breakdown: [[key, value...]]}, "has": {...}}`, kept for a while under what they depend on.

    `extra`: functions `(session, scores) -> dict` whose answers are added. `against`: the run that moves are counted from.
    `listen(done, of)` hears of each step of the counting. Raises `Refused` when the run's files are gone.
    """
    names = ",".join(sorted(each.name for each in breakdowns))
    key = (
        "report:"
        + hashlib.sha256(json.dumps([run.pk, against and against.pk, code(), names, _print_of(scope)], default=str).encode()).hexdigest()
    )
    if (found := kept.get(key)) is None:
        found = _count(scope, run, breakdowns, extra, against, listen)
        kept.set(key, found, KEPT_SECONDS)
    return found


def scores_stand(run: Run) -> bool:
    """Whether a run's scores are still kept."""
    where = lake()
    with open_session(of=where) as session:
        return where.has(session, scores_path(lake=where, run=run))


@cache
def code() -> str:
    """A fingerprint of what counts the figures."""
    digest = hashlib.sha256(code_version().encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _print_of(scope):
    """What the scope comes to for this reader now: which accounts, told by their number and a sum over their keys. No right that was taken
    away lives on in what is kept."""
    sql, parameters = (
        scope.standings().order_by().values_list("account_id", "account__unit_id", "account__category").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*), sum(hashtextextended(account::text || unit::text || category, account)) from ({sql}) found(account, unit, category)",
            parameters,
        )
        count, total = cursor.fetchone()
    reader = scope.reader
    return [
        count,
        total,
        scope.as_query(),
        reader.has_perm("crm.view_billing"),
        reader.has_perm("crm.view_ticket"),
        reader.pk if reader.bound_to_unit else 0,
    ]


def _count(scope, run, breakdowns, extra, against, listen) -> dict:
    step = _Steps(listen, of=RELATIONS + 1 + len(breakdowns) + len(extra))
    where = lake()
    features, scores = where.of_run("features", run.restores_id or run.pk), scores_path(lake=where, run=run)
    folder = Path(settings.VAR_DIR) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (
        TemporaryDirectory(dir=folder) as spill,
        open_session(of=where, spill_to=Path(spill)) as session,
    ):  # two readers never spill into one place
        session.execute("set memory_limit = '900MB'")
        if not (where.has(session, features) and where.has(session, scores)):
            raise Refused(
                _("The figures of run %(run)s are no longer kept. Choose a later day, or recompute as of %(day)s.")
                % {"run": run.pk, "day": run.as_of},
                code="run_gone",
            )
        earlier = scores_path(lake=where, run=against) if against else ""
        if earlier and not where.has(session, earlier):
            raise Refused(
                _("The figures of run %(run)s are no longer kept. Compare with a later one.") % {"run": against.pk}, code="run_gone"
            )
        has = prepare(
            session=session, lake=where, scope=scope, as_of=run.as_of, features=features, scores=scores, earlier=earlier, step=step
        )
        found = {"has": has, "values": step(_values(session)), "rows": {each.name: step(_rows(session, each)) for each in breakdowns}}
        for ask in extra:
            found |= step(ask(session, scores))
    return found | {"seconds": round(time.monotonic() - began, 3)}


class _Steps:
    """Says after each step how many are done; gives back what the step gave."""

    def __init__(self, listen, of):
        self.listen, self.done, self.of = listen, 0, of

    def __call__(self, answer=None):
        self.done += 1
        self.listen(self.done, self.of)
        return answer


def _values(session) -> dict:
    values = {}
    for relation in {figure.of for figure in FIGURES.values()}:
        figures = [figure for figure in FIGURES.values() if figure.of == relation]
        now = _one(session, relation, {figure.name: figure.query for figure in figures}, WINDOWS.get(relation, ("true",))[0])
        if relation in WINDOWS:
            before = _one(session, relation, {figure.name: figure.query for figure in figures}, WINDOWS[relation][1])
        else:
            before = _one(session, relation, {figure.name: figure.before for figure in figures if figure.before}, "true")
        values |= {name: [value, before.get(name)] for name, value in now.items()}
    return values


def _one(session, relation, queries, where):
    if not queries:
        return {}
    row = session.execute(
        f"select {', '.join(f'({query}) as {name}' for name, query in queries.items())} from {relation} where {where}"
    ).fetchone()
    return {name: _plain(value) for name, value in zip(queries, row, strict=True)}


def _rows(session, breakdown) -> list[list]:
    figures = [FIGURES[name] for name in breakdown.figures]
    relation = figures[0].of
    window = WINDOWS[relation][0] if breakdown.windowed and relation in WINDOWS else "true"
    order = f"2 desc nulls last, 1 limit {breakdown.most}" if breakdown.most else "1"
    rows = session.execute(
        f"""select {breakdown.by} as key, {", ".join(figure.query for figure in figures)} from {relation}
        where {window} and {breakdown.where} and ({breakdown.by}) is not null group by 1 order by {order}"""
    ).fetchall()
    return [[_plain(value) for value in row] for row in rows]


def _plain(value):
    """As JSON keeps it; a float that is no number is not known."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, (int, str)):
        return value
    value = float(f"{float(value):.10g}")  # a sum over threads differs in its last bits from time to time
    return None if value != value else int(value) if value.is_integer() and abs(value) < 2**53 else value

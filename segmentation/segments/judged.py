"""The accounts as the run in force judged them, asked by DuckDB: features and scores of the run, facts of the account from the lake.

One session a process stays open, so that a count while a person builds a rule costs the query alone; files are read column by column and
only those the rule asks about are joined.
"""

import os
import re
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from crm.accounts.models import Account, few_within_reach
from crm.people.errors import Refused
from segmentation.engine.features import FEATURES
from segmentation.groups.models import Grouping, Kind
from segmentation.lake.session import lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.models import Run
from segmentation.segments.rules import fields_of, sql_of

FEATURE_NAMES = {feature.name for feature in FEATURES}
_held: dict = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Counted:
    """How many accounts a rule finds among those a person sees, of how many, and what they were billed in 12 months."""

    accounts: int
    of: int
    revenue_fen: int

    @property
    def revenue_yuan(self):
        return self.revenue_fen / 100


@contextmanager
def _session():
    """A cursor of the process's own session; a fork opens its own."""
    where = lake()
    key = (os.getpid(), where.root)
    with _lock:
        if key not in _held:
            _held.clear()
            stays_open = ExitStack()
            session = stays_open.enter_context(open_session(of=where))
            session.execute("set parquet_metadata_cache = true")
            _held[key] = (session, stays_open)
        cursor = _held[key][0].cursor()
    try:
        yield cursor, where
    finally:
        cursor.close()


def run_in_force() -> Run:
    """The run whose judgement is shown. Raises `Refused` when nothing was judged yet."""
    run = Run.objects.in_force()
    if run is None:
        raise Refused(_("Nothing has been judged yet: a segment can be counted after the first recompute."), code="not_judged")
    return run


def _tables(cursor, where, run):
    number = run.restores_id or run.pk
    paths = {"s": where.of_run("scores", number), "f": where.of_run("features", number), "a": where.whole("accounts")}
    for path in paths.values():
        if not where.has(cursor, path):
            raise Refused(
                _("The judged figures of run %(run)s are not in the lake any more: recompute, then count again.") % {"run": run.pk},
                code="no_figures",
            )
    paths |= _group_files()
    return {name: f"read_parquet({quoted(path)}, hive_partitioning = false) {name}" for name, path in paths.items()}


def _group_files():
    """Where each grouping in force wrote who is in which group."""
    return {f"g_{kind}": lake().of_run("groups", run) for kind, run in Grouping.objects.filter(in_force=True).values_list("kind", "run_id")}


def _from(tables, condition):
    """The scores of every judged account, joined with what the condition asks about."""
    joined = "".join(
        f" left join {tables[name]} using (account_id)" for name in tables if name != "s" and re.search(rf"\b{name}\.", condition)
    )
    return f"from {tables['s']}{joined}"


def _compiled(cursor, where, run, rule):
    tables = _tables(cursor, where, run)
    known = {row[0] for row in cursor.execute(f"describe select * from {tables['f']}").fetchall()}
    if missing := sorted(fields_of(rule) & FEATURE_NAMES - known):
        raise Refused(
            _("“%(name)s” was not measured yet in run %(run)s: recompute, then use it.") % {"name": missing[0], "run": run.pk},
            code="no_figures",
        )
    if any(f"g_{kind}" not in tables and f"group_{kind}" in fields_of(rule) for kind in Kind.values):
        raise Refused(_("The accounts are not grouped that way yet: group them first, or take the condition out."), code="no_groups")
    condition, parameters = sql_of(rule)
    return _from(tables, condition), condition, parameters


def count(*, rule, user, run: Run) -> Counted:
    """How many of the accounts the person sees meet the rule."""
    with _session() as (cursor, where):
        source, condition, parameters = _compiled(cursor, where, run, rule)
        reach = _reach(cursor, user)
        found, total, fen = cursor.execute(
            f"""select count(*) filter (where met), count(*), coalesce(sum(fen) filter (where met), 0)
            from (select {condition} as met, s.revenue_12m_fen as fen {source} {reach})""",
            parameters,
        ).fetchone()
    return Counted(found, total, int(fen))


def _reach(cursor, user) -> str:
    """A semi-join with the accounts the person sees, read from PostgreSQL at this moment; nothing where that is all."""
    if not user.has_perm("segmentation.view_standing") or not user.has_perm("crm.view_account"):
        return "where false"
    if not user.bound_to_unit:
        return ""
    few = few_within_reach(user)
    keys = few.as_list() if few is not None else Account.objects.visible_to(user).order_by().values_list("pk", flat=True)
    cursor.register("within_reach", pa.table({"account_id": np.fromiter(keys, dtype=np.int64)}))
    return "where s.account_id in (select account_id from within_reach)"


def keys(*, rule, run: Run) -> list[int]:
    """Every account that meets the rule, whoever sees it, in order."""
    with _session() as (cursor, where):
        source, condition, parameters = _compiled(cursor, where, run, rule)
        found = cursor.execute(f"select s.account_id {source} where {condition} order by 1", parameters).fetchnumpy()
    return found["account_id"].tolist()

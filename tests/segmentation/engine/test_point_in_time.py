"""Later facts never change what was known on an earlier date: over all features at once, on a utility with every gap a real one has."""

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segmentation.engine.features import FEATURES, compute
from tests.segmentation.engine.facts import AS_OF, on_duckdb
from tests.segmentation.engine.made_utility import made

# (the column by which a row becomes known, columns of it that are known only from their own moment on)
KNOWN_FROM = {
    "accounts": ("opened_on", ()),
    "bills": ("issued_on", ()),
    "payments": ("paid_on", ()),
    "tickets": ("opened_at", ("answered_at", "closed_at")),
    "engagement": ("happened_on", ()),
    "entitlements": ("starts_on", ()),
}
DATES = [dt.date(2026, 2, 28), dt.date(2026, 7, 9), dt.date(2026, 10, 3)]


@pytest.fixture(scope="module")
def given():
    """How often a ticket was reopened, and how it was rated, are told without when (`docs/engine.md`): they are taken as they stand."""
    return made(accounts=60, seed=5)


def as_known(tables, day):
    """What a person could have read at the end of the day: rows of later days are not there, later moments of a row are empty."""
    tonight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return {name: _cut(table, *KNOWN_FROM[name], day, tonight) for name, table in tables.items()}


def _cut(table, since, moments, day, tonight):
    limit = pa.scalar(tonight, table.schema.field(since).type) if pa.types.is_timestamp(table.schema.field(since).type) else None
    there = pc.less(table[since], limit) if limit is not None else pc.less_equal(table[since], pa.scalar(day))
    table = table.filter(pc.fill_null(there, True))
    for name in moments:
        kept = pc.if_else(pc.less(table[name], pa.scalar(tonight, table.schema.field(name).type)), table[name], None)
        table = table.set_column(table.schema.get_field_index(name), name, kept)
    return table


def measured(tables, day):
    frame = compute(on_duckdb(tables), day).collect("pyarrow").to_native().sort_by("account_id")
    return {row.pop("account_id"): row for row in frame.to_pylist()}


@pytest.mark.parametrize("day", DATES, ids=str)
def test_what_comes_later_changes_no_feature_of_an_earlier_date(given, day):
    then, now = measured(as_known(given, day), day), measured(given, day)
    assert then.keys() == now.keys() and len(then) > 40
    moved = {
        (account, name) for account in then for name in (it.name for it in FEATURES) if not _same(then[account][name], now[account][name])
    }
    assert moved == set()


@pytest.mark.parametrize("table", ["bills", "payments", "tickets", "engagement", "entitlements"])
def test_every_table_does_change_the_features_of_its_own_date(given, table):
    """So that the test above is no test of a constant: the rows that were cut off matter on the day they are known."""
    cut = given | {table: as_known(given, DATES[0])[table]}
    assert measured(cut, AS_OF) != measured(given, AS_OF)


def _same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-12)
    return one == other

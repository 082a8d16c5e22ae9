"""The dirty-month ledger."""

import datetime as dt

from crm.changes.models import DirtyMonth
from crm.changes.services import touch


def test_a_moment_counts_in_the_month_of_the_local_calendar_as_the_lake_files_it(db):
    """2026-10-31 20:00 UTC is the first of November in Shanghai."""
    touch(table="tickets", periods=[dt.datetime(2026, 10, 31, 20, tzinfo=dt.UTC)])
    assert list(DirtyMonth.objects.values_list("table", "period")) == [("tickets", dt.date(2026, 11, 1))]


def test_a_month_touched_twice_in_one_call_is_noted_once(db):
    touch(table="bills", periods=[dt.date(2026, 10, 1), dt.date(2026, 10, 30), dt.date(2026, 9, 1)])
    assert DirtyMonth.objects.count() == 2

"""Clocks: examples from the trade, then laws that hold for every calendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calendar import clock
from crm.calendar.clock import CalendarNotLoaded, WorkingCalendar
from crm.calendar.seeds import WINDOWS, published_days

SHANGHAI = ZoneInfo("Asia/Shanghai")


def loaded(*years):
    worked = frozenset(day for year in years for day, works, _ in published_days(year) if works)
    return WorkingCalendar(working_days=worked, years=frozenset(years), windows=tuple(WINDOWS), zone=SHANGHAI)


CALENDAR = loaded(2025, 2026)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        ("2026-11-20 10:40", 1, "Mon 23 Nov 18:00"),
        ("2026-11-20 23:59", 1, "Mon 23 Nov 18:00"),
        ("2026-11-21 12:00", 1, "Mon 23 Nov 18:00"),
        ("2026-11-23 09:00", 5, "Mon 30 Nov 18:00"),
        ("2026-09-30 09:00", 1, "Thu 08 Oct 18:00"),
        ("2026-10-08 09:00", 2, "Sat 10 Oct 18:00"),
        ("2026-11-23 09:00", 0, "Mon 23 Nov 18:00"),
        ("2026-11-23 18:30", 0, "Tue 24 Nov 18:00"),
    ],
)
def test_an_answer_is_due_at_the_close_of_the_last_working_day(opened, days, due):
    assert local(clock.working_days_after(CALENDAR, at(opened), days)) == due


def test_a_pause_gives_back_exactly_the_working_time_it_took():
    due = at("2026-11-23 18:00")
    over_lunch = clock.due_after_pause(CALENDAR, due, at("2026-11-23 11:30"), at("2026-11-23 13:30"))
    over_the_weekend = clock.due_after_pause(CALENDAR, due, at("2026-11-20 17:00"), at("2026-11-23 10:00"))
    assert (local(over_lunch), local(over_the_weekend)) == ("Tue 24 Nov 10:00", "Tue 24 Nov 11:00")


def test_a_pause_after_the_due_time_does_not_make_up_for_the_delay():
    due = at("2026-11-23 18:00")
    assert clock.due_after_pause(CALENDAR, due, at("2026-11-24 09:00"), at("2026-11-26 18:00")) == due


def test_a_clock_that_runs_out_of_the_loaded_years_says_which_year_is_missing():
    with pytest.raises(CalendarNotLoaded) as caught:
        clock.working_days_after(CALENDAR, at("2026-12-30 09:00"), 5)
    assert caught.value.year == 2027
    with pytest.raises(CalendarNotLoaded):
        clock.working_time_between(CALENDAR, at("2026-12-31 17:00"), at("2027-01-04 09:00"))


def test_hours_out_of_order_are_not_a_calendar():
    with pytest.raises(ValueError, match="working hours"):
        WorkingCalendar(frozenset(), frozenset(), ((dt.time(13), dt.time(18)), (dt.time(9), dt.time(12))), SHANGHAI)


moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 10, 1)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
days = st.integers(0, 15)
pauses = st.timedeltas(dt.timedelta(), dt.timedelta(days=20))


@given(moments, moments, days)
def test_who_comes_later_is_never_due_earlier(one, other, count):
    first, second = sorted([one, other])
    assert clock.working_days_after(CALENDAR, first, count) <= clock.working_days_after(CALENDAR, second, count)


@given(moments, days, days)
def test_more_days_are_never_due_earlier(start, fewer, more):
    fewer, more = sorted([fewer, more])
    assert clock.working_days_after(CALENDAR, start, fewer) <= clock.working_days_after(CALENDAR, start, more)


@given(moments, days)
def test_a_due_time_is_later_than_the_opening_and_at_a_close_of_business(start, count):
    due = clock.working_days_after(CALENDAR, start, count)
    assert due > start
    assert due == CALENDAR.close_of(CALENDAR.local_day(due))


@given(moments, days, pauses, pauses)
def test_pausing_never_shortens_and_keeps_what_was_left(start, count, before, length):
    due = clock.working_days_after(CALENDAR, start, count)
    paused, resumed = start + before, start + before + length
    shifted = clock.due_after_pause(CALENDAR, due, paused, resumed)
    assert shifted >= due
    if paused < due:
        left = clock.working_time_between(CALENDAR, paused, due)
        assert clock.working_time_between(CALENDAR, resumed, shifted) == left


@given(moments, days, pauses, pauses, pauses)
def test_a_longer_pause_is_never_due_earlier(start, count, before, one, other):
    due, paused = clock.working_days_after(CALENDAR, start, count), start + before
    shorter, longer = sorted([one, other])
    assert clock.due_after_pause(CALENDAR, due, paused, paused + shorter) <= clock.due_after_pause(CALENDAR, due, paused, paused + longer)


@given(moments, pauses, pauses)
def test_working_time_adds_up(start, one, other):
    middle, end = start + one, start + one + other
    parts = clock.working_time_between(CALENDAR, start, middle) + clock.working_time_between(CALENDAR, middle, end)
    assert parts == clock.working_time_between(CALENDAR, start, end)


@settings(max_examples=60)
@given(moments, st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(hours=60)))
def test_time_added_is_the_time_that_then_lies_between(start, amount):
    assert clock.working_time_between(CALENDAR, start, clock.after_working_time(CALENDAR, start, amount)) == amount

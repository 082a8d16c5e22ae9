"""Clocks: examples from the trade. The laws that hold for every calendar stand in `test_laws.py`."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crm.calendar import clock
from crm.calendar.clock import CalendarNotLoaded, Measure, Target, WorkingCalendar
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


@pytest.mark.parametrize(
    ("amount", "measure", "due"),
    [
        (45, Measure.MINUTES, "Fri 20 Nov 17:45"),
        (24 * 60, Measure.MINUTES, "Sat 21 Nov 17:00"),
        (2 * 60, Measure.WORKING_MINUTES, "Mon 23 Nov 10:00"),
        (5, Measure.WORKING_DAYS, "Fri 27 Nov 18:00"),
    ],
)
def test_one_policy_may_count_calendar_time_working_time_and_working_days(amount, measure, due):
    assert local(clock.due_at(CALENDAR, at("2026-11-20 17:00"), Target(amount, measure))) == due


@pytest.mark.parametrize(
    ("measure", "amount", "due"),
    [
        (Measure.MINUTES, 60, "Fri 20 Nov 19:30"),
        (Measure.WORKING_MINUTES, 60, "Mon 23 Nov 09:30"),
        (Measure.WORKING_DAYS, 1, "Tue 24 Nov 09:30"),
    ],
)
def test_a_pause_gives_back_time_of_the_targets_own_measure(measure, amount, due):
    pause = (at("2026-11-20 17:30"), at("2026-11-20 19:00"))
    assert local(clock.due_at(CALENDAR, at("2026-11-20 17:00"), Target(amount, measure), [pause])) == due


def test_a_day_that_is_an_hour_longer_or_shorter_does_not_change_a_promise_in_hours():
    berlin = ZoneInfo("Europe/Berlin")
    calendar = WorkingCalendar(CALENDAR.working_days, CALENDAR.years, ((dt.time(1), dt.time(4)),), berlin)
    spring, autumn = (dt.datetime(2026, month, day, 20, tzinfo=berlin) for month, day in ((3, 28), (10, 24)))
    found = [clock.due_at(calendar, start, Target(24 * 60, Measure.MINUTES)).astimezone(berlin).hour for start in (spring, autumn)]
    assert found == [21, 19]
    worked = WorkingCalendar(frozenset({dt.date(2026, 3, 29)}), CALENDAR.years, ((dt.time(1), dt.time(4)),), berlin)
    hours = [end - start for start, end in worked.hours_on(dt.date(2026, 3, 29))]
    assert hours == [dt.timedelta(hours=2)]
    gone = WorkingCalendar(worked.working_days, CALENDAR.years, ((dt.time(2, 30), dt.time(3)),), berlin)
    assert gone.hours_on(dt.date(2026, 3, 29)) == []

"""Laws that hold for every calendar, whatever is promised and however often the clock stands still: 10,000 cases in all.

Three calendars: office hours in Shanghai; Berlin and New York, whose clocks jump twice a year, with shifts that lie across the jump.
"""

import datetime as dt
import random
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from crm.calendar import clock
from crm.calendar.clock import Measure, Target, WorkingCalendar
from crm.calendar.seeds import WINDOWS, published_days

YEARS = frozenset({2025, 2026})
WORKED = frozenset(day for year in YEARS for day, works, _ in published_days(year) if works)
NIGHT = ((dt.time(0, 30), dt.time(2, 15)), (dt.time(2, 45), dt.time(3, 30)), (dt.time(21), dt.time(23, 59)))
CALENDARS = [
    WorkingCalendar(WORKED, YEARS, tuple(WINDOWS), ZoneInfo("Asia/Shanghai")),
    WorkingCalendar(WORKED, YEARS, NIGHT, ZoneInfo("Europe/Berlin")),
    WorkingCalendar(WORKED | {dt.date(2026, 3, 8), dt.date(2026, 11, 1)}, YEARS, NIGHT, ZoneInfo("America/New_York")),
]
FIRST = dt.datetime(2025, 1, 2, tzinfo=dt.UTC)
JUMPS = [
    dt.datetime(*day, 1, tzinfo=dt.UTC)
    for day in ((2025, 3, 30), (2025, 10, 26), (2026, 3, 8), (2026, 3, 29), (2026, 10, 25), (2026, 11, 1))
]

MEASURES = [(Measure.MINUTES, 4 * 24 * 60), (Measure.WORKING_MINUTES, 30 * 60), (Measure.WORKING_DAYS, 8)]


class Case(random.Random):
    """What one number draws: a calendar, a promise, moments and pauses. (Drawn one by one they would cost more than the clock's own work.)"""

    def __init__(self, number):
        super().__init__(number)
        self.number = number
        self.calendar = self.choice(CALENDARS)
        measure, longest = self.choice(MEASURES)
        self.target = Target(self.randint(0, longest), measure)
        self.start = self.moment()

    def __repr__(self):
        return f"Case({self.number})"

    def moment(self):
        """Jumps of the clocks lie inside (spring 2025 to autumn 2026); one in four is near one of them."""
        if self.random() < 0.25:
            return self.choice(JUMPS) + dt.timedelta(minutes=self.randint(-2000, 2000))
        return FIRST + dt.timedelta(minutes=self.randint(0, 640 * 24 * 60))

    def length(self, most=6 * 24 * 60):
        return dt.timedelta(minutes=self.randint(0, most))

    def pauses_after(self, moment, *, at_least=0):
        """Up to five, one after another."""
        found = []
        for _ in range(self.randint(at_least, 5)):
            found.append((moment + self.length(), moment := moment + 2 * self.length()))
        return [(min(pause), max(pause)) for pause in found]

    def due(self, pauses=(), *, start=None, target=None):
        return clock.due_at(self.calendar, start or self.start, target or self.target, pauses)


def law(count):
    """Holds in `count` cases, ten for each number drawn; the one that fails is named."""
    quiet = settings(
        max_examples=count // 10, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )

    def of(test):
        def holds(number):
            for case in map(Case, range(10 * number, 10 * number + 10)):
                note(repr(case))
                test(case)

        holds.__name__ = holds.__qualname__ = test.__name__
        return quiet(given(st.integers(0, 2**60))(holds))

    return of


def passed(calendar, measure, start, end):
    """Time of a measure between two moments, none when the end is not later."""
    if measure == Measure.MINUTES:
        return max(end - start, dt.timedelta())
    return clock.working_time_between(calendar, start, end)


@law(1200)
def test_who_comes_later_is_never_due_earlier(case):
    first, second = sorted([case.start, case.moment() if case.random() < 0.5 else case.start + case.length()])
    pauses = case.pauses_after(second)
    assert case.due(pauses, start=first) <= case.due(pauses, start=second)


@law(800)
def test_more_time_is_never_due_earlier(case):
    more = case.randint(0, 5 if case.target.measure == Measure.WORKING_DAYS else 600)
    pauses = case.pauses_after(case.start)
    assert case.due(pauses) <= case.due(pauses, target=case.target._replace(amount=case.target.amount + more))


@law(1500)
def test_pausing_never_shortens(case):
    pauses = case.pauses_after(case.start)
    begins = case.start + case.length()
    assert case.due([*pauses, (begins, begins + case.length())]) >= case.due(pauses)


@law(1500)
def test_the_order_of_events_does_not_matter(case):
    pauses = case.pauses_after(case.start) + case.pauses_after(case.start)
    assert case.due(pauses) == case.due(case.sample(pauses, len(pauses)))


@law(1500)
def test_after_any_number_of_pauses_what_was_left_is_left(case):
    pauses = clock.settled(case.pauses_after(case.start, at_least=1))
    for count, (paused_at, resumed_at) in enumerate(pauses):
        before, after = case.due(pauses[:count]), case.due(pauses[: count + 1])
        if paused_at < before:
            left = passed(case.calendar, case.target.measure, paused_at, before)
            assert passed(case.calendar, case.target.measure, resumed_at, after) == left
        else:
            assert after == before


@law(800)
def test_a_longer_pause_is_never_due_earlier(case):
    paused = case.start + case.length()
    shorter, longer = sorted([case.length(), case.length()])
    assert case.due([(paused, paused + shorter)]) <= case.due([(paused, paused + longer)])


@law(700)
def test_stopping_again_what_stands_still_changes_nothing(case):
    paused = case.start + case.length()
    middle = paused + case.length()
    whole = (paused, middle + case.length())
    assert case.due([whole]) == case.due([(paused, middle), (middle, whole[1]), (paused, paused), whole])


@law(700)
def test_calendar_minutes_pass_whatever_the_clocks_on_the_wall_show(case):
    local, amount = case.start.astimezone(case.calendar.zone), case.randint(0, 6000)
    assert case.due(start=local, target=Target(amount, Measure.MINUTES)) - case.start == dt.timedelta(minutes=amount)


@law(600)
def test_working_time_adds_up(case):
    middle = case.start + case.length()
    end = middle + case.length()
    parts = passed(case.calendar, Measure.WORKING_MINUTES, case.start, middle) + passed(case.calendar, Measure.WORKING_MINUTES, middle, end)
    assert parts == passed(case.calendar, Measure.WORKING_MINUTES, case.start, end)


@law(400)
def test_time_added_is_the_time_that_then_lies_between(case):
    amount = dt.timedelta(minutes=case.randint(1, 3600))
    assert clock.working_time_between(case.calendar, case.start, clock.after_working_time(case.calendar, case.start, amount)) == amount


@law(300)
def test_working_days_end_at_a_close_of_business_later_than_the_opening(case):
    due = clock.working_days_after(case.calendar, case.start, case.randint(0, 15))
    assert due > case.start
    assert due == case.calendar.close_of(case.calendar.local_day(due))

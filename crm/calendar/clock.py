"""Service clocks: working days, working hours, and pauses while the next step is the customer's. Pure: no Django, no clock of its own.

Rules. Each target of a promise has its own measure (`Measure`), so that one policy may mix them. Calendar minutes pass by day and night, to
the second, whatever a daylight-saving change does to the clocks on the wall. Working minutes pass only in working hours. Of working days the
day a case is opened is not counted, and the target is due at the close of the last one (opened Friday 10:40, one working day: Monday 18:00).
A pause moves a due time by the time of its measure that the pause took, so that what was left when the clock stopped is left when it runs
again. Outside the loaded years nothing is guessed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

ONE_DAY = dt.timedelta(days=1)


class Measure(StrEnum):
    """What a target is counted in."""

    MINUTES = "minutes"
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"


class Target(NamedTuple):
    """`amount` of `measure`: 24 h are 1,440 `MINUTES`; the answer in 5 working days is 5 `WORKING_DAYS`."""

    amount: int
    measure: Measure


class Pause(NamedTuple):
    """The clock stood still from one moment to the other, both aware."""

    paused_at: dt.datetime
    resumed_at: dt.datetime


class CalendarNotLoaded(LookupError):
    """The working days of `year` are not known: load them before any clock can run through it."""

    def __init__(self, year: int):
        super().__init__(f"calendar not loaded for {year}")
        self.year = year


@dataclass(frozen=True)
class WorkingCalendar:
    """`working_days`: the days worked in the loaded `years`. `windows`: hours of each, local to `zone`, in order, not overlapping."""

    working_days: frozenset[dt.date]
    years: frozenset[int]
    windows: tuple[tuple[dt.time, dt.time], ...]
    zone: dt.tzinfo
    _hours: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self):
        edges = [edge for window in self.windows for edge in window]
        if not edges or edges != sorted(edges) or any(start == end for start, end in self.windows):
            raise ValueError("working hours must be given, in order and without overlap")

    def is_working(self, day: dt.date) -> bool:
        """Raises `CalendarNotLoaded` for a day of a year that is not loaded."""
        if day.year not in self.years:
            raise CalendarNotLoaded(day.year)
        return day in self.working_days

    def hours_on(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The windows worked on a day, in UTC, in order; empty on a day off. Raises `CalendarNotLoaded`.

        Where the clocks on the wall jump, a window inside the jump is worked as far as it exists: none is negative, no two overlap.
        """
        if not self.is_working(day):
            return []
        if (known := self._hours.get(day)) is not None:
            return known
        hours, closed = [], None
        for start, end in self.windows:
            opens, closes = self._at(day, start), self._at(day, end)
            opens = max(opens, closed) if closed else opens
            if opens < closes:
                hours.append((opens, closes))
                closed = closes
        self._hours[day] = hours
        return hours

    def close_of(self, day: dt.date) -> dt.datetime:
        return self._at(day, self.windows[-1][1])

    def local_day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def _at(self, day, time):
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)


def days_from(day: dt.date) -> Iterator[dt.date]:
    while True:
        yield day
        day += ONE_DAY


def working_days_after(calendar: WorkingCalendar, start: dt.datetime, days: int) -> dt.datetime:
    """Close of the `days`-th working day after the day of `start`; 0: the close of that day, or of the next when it is over.

    `start` is aware; the result is in UTC. Raises `CalendarNotLoaded` when the count runs out of the loaded years.
    """
    if days < 0:
        raise ValueError("a clock does not run backwards")
    first = calendar.local_day(start)
    if days == 0:
        return next(calendar.close_of(day) for day in days_from(first) if calendar.is_working(day) and calendar.close_of(day) > start)
    left = days
    for day in days_from(first + ONE_DAY):
        left -= calendar.is_working(day)
        if not left:
            return calendar.close_of(day)
    raise AssertionError("unreachable: days do not end")


def working_time_between(calendar: WorkingCalendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Working time from `start` to `end` (none when `end` is not later). Raises `CalendarNotLoaded`."""
    total = dt.timedelta()
    day, last = calendar.local_day(start), calendar.local_day(end)
    while day <= last:
        for opens, closes in calendar.hours_on(day):
            total += max(min(closes, end) - max(opens, start), dt.timedelta())
        day += ONE_DAY
    return total


def after_working_time(calendar: WorkingCalendar, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
    """The moment at which `amount` of working time has passed since `start`; `start` itself for none. UTC. Raises `CalendarNotLoaded`."""
    if amount <= dt.timedelta():
        return start
    for day in days_from(calendar.local_day(start)):
        for opens, closes in calendar.hours_on(day):
            begins = max(opens, start)
            if closes <= begins:
                continue
            if closes - begins >= amount:
                return begins + amount
            amount -= closes - begins
    raise AssertionError("unreachable: days do not end")


def due_after_pause(
    calendar: WorkingCalendar, due: dt.datetime, paused_at: dt.datetime, resumed_at: dt.datetime, measure: Measure = Measure.WORKING_DAYS
) -> dt.datetime:
    """A target's due time once a pause is over; one begun after the due time makes up for nothing. Raises `CalendarNotLoaded`."""
    if paused_at >= due or resumed_at <= paused_at:
        return due
    if measure == Measure.MINUTES:
        return due + (resumed_at - paused_at)
    return after_working_time(calendar, due, working_time_between(calendar, paused_at, resumed_at))


def settled(pauses: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[Pause]:
    """The pauses in order, those that touch or overlap made one, empty ones left out: a clock that stands still cannot be stopped again."""
    found: list[Pause] = []
    for paused_at, resumed_at in sorted(pause for pause in pauses if pause[0] < pause[1]):
        if found and paused_at <= found[-1].resumed_at:
            found[-1] = Pause(found[-1].paused_at, max(found[-1].resumed_at, resumed_at))
        else:
            found.append(Pause(paused_at, resumed_at))
    return found


def due_at(
    calendar: WorkingCalendar, start: dt.datetime, target: Target, pauses: Iterable[tuple[dt.datetime, dt.datetime]] = ()
) -> dt.datetime:
    """When a target is due, from its start and every pause so far, in any order; what lies before the start does not count. UTC.

    Raises `CalendarNotLoaded` when the count runs out of the loaded years; calendar minutes never do.
    """
    due = _unpaused(calendar, start, target)
    for paused_at, resumed_at in settled((max(paused, start), resumed) for paused, resumed in pauses):
        due = due_after_pause(calendar, due, paused_at, resumed_at, target.measure)
    return due


def _unpaused(calendar, start, target):
    if target.amount < 0:
        raise ValueError("a clock does not run backwards")
    if target.measure == Measure.WORKING_DAYS:
        return working_days_after(calendar, start, target.amount)
    amount = dt.timedelta(minutes=target.amount)
    moment = start.astimezone(dt.UTC)
    return moment + amount if target.measure == Measure.MINUTES else after_working_time(calendar, moment, amount)


def answer_due(calendar: WorkingCalendar, start: dt.datetime, days: int, pauses=()) -> dt.datetime:
    """When an answer in `days` working days is due (see `due_at`)."""
    return due_at(calendar, start, Target(days, Measure.WORKING_DAYS), pauses)

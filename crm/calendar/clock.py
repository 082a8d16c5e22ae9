"""Service clocks: working days, working hours, and pauses while the next step is the customer's. Pure: no Django, no clock of its own.

Rules. A first contact is promised in calendar minutes. An answer is promised in working days: the day a case is opened is not counted,
and the answer is due at the close of the last one (opened Friday 10:40, one working day: Monday 18:00). A pause moves an answer's due time
by the working time it took, so that what was left when the clock stopped is left when it runs again. Outside the loaded years nothing is
guessed.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


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
        """The windows worked on a day, in UTC; empty on a day off. Raises `CalendarNotLoaded`."""
        if not self.is_working(day):
            return []
        return [(self._at(day, start), self._at(day, end)) for start, end in self.windows]

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


def due_after_pause(calendar: WorkingCalendar, due: dt.datetime, paused_at: dt.datetime, resumed_at: dt.datetime) -> dt.datetime:
    """An answer's due time once a pause is over; one begun after the due time makes up for nothing. Raises `CalendarNotLoaded`."""
    if paused_at >= due:
        return due
    return after_working_time(calendar, due, working_time_between(calendar, paused_at, resumed_at))


def answer_due(calendar: WorkingCalendar, start: dt.datetime, days: int, pauses=()) -> dt.datetime:
    """When an answer is due, from the opening and every pause `(paused_at, resumed_at)` so far, in order. Raises `CalendarNotLoaded`."""
    due = working_days_after(calendar, start, days)
    for paused_at, resumed_at in pauses:
        due = due_after_pause(calendar, due, paused_at, resumed_at)
    return due

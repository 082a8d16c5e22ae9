"""What is done to the working calendar."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.calendar.models import CalendarDay, CalendarYear, WorkingWindow
from crm.people.errors import AlreadyDone, Refused

WEEKEND = (5, 6)


@transaction.atomic
def set_day(*, day: dt.date, is_working: bool, note: str, by) -> CalendarDay:
    """Say whether one day is worked. Clocks that already run keep their due times; those started later, and pauses that end, use it."""
    changed = CalendarDay.objects.filter(day=day).update(is_working=is_working, note=note.strip()[:80])
    if not changed:
        raise Refused(_("%(year)s is not loaded: load the year first.") % {"year": day.year}, code="calendar_not_loaded")
    row = CalendarDay.objects.get(day=day)
    record(by=by, did="changed day", on=row, working=is_working, note=row.note)
    return row


@transaction.atomic
def load_year(*, year: int, days_off, days_worked, source: str, by) -> CalendarYear:
    """Enter a year as announced: weekends are off and weekdays worked, save the listed exceptions. A person states it; nothing is guessed.

    `days_off` and `days_worked`: dates of that year. Refuses an empty source, a day outside the year or in both lists; `AlreadyDone` when
    loaded.
    """
    off, worked = set(days_off), set(days_worked)
    _check_year(year, off, worked, source)
    try:
        with transaction.atomic():
            row = CalendarYear.objects.create(year=year, source=source.strip()[:120])
    except IntegrityError as error:
        raise AlreadyDone(_("%(year)s is already loaded: change single days instead.") % {"year": year}) from error
    first = dt.date(year, 1, 1)
    every = [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, is_working=day in worked or (day.weekday() not in WEEKEND and day not in off)) for day in every]
    )
    record(by=by, did="loaded calendar", on=row, source=row.source, days_off=len(off), days_worked=len(worked))
    return row


def _check_year(year, off, worked, source):
    if not source.strip():
        raise Refused(_("Name the source of the calendar, such as the notice of the State Council."), code="source_required")
    if stray := sorted(day for day in off | worked if day.year != year):
        raise Refused(_("%(day)s is not a day of %(year)s.") % {"day": stray[0], "year": year}, code="invalid")
    if both := sorted(off & worked):
        raise Refused(_("%(day)s is listed both as a day off and as a working day.") % {"day": both[0]}, code="invalid")


@transaction.atomic
def set_hours(*, windows, by):
    """Replace the hours of every working day: `[(from, to), …]`. Refuses none, overlapping ones, and one that ends before it begins."""
    edges = [edge for window in windows for edge in window]
    if not edges or edges != sorted(edges) or any(start == end for start, end in windows):
        raise Refused(_("Give working hours in order, without overlap, each ending after it begins."), code="invalid")
    WorkingWindow.objects.all().delete()
    rows = WorkingWindow.objects.bulk_create([WorkingWindow(starts_at=start, ends_at=end) for start, end in windows])
    record(by=by, did="changed working hours", on=rows[0], windows=[str(row) for row in rows])
    return rows

"""Local wall-clock time in arrays: to UTC for the database, and the working-day clock of tickets for whole columns at once."""

import numpy as np
from django.utils import timezone

from crm.calendar.models import CalendarDay, WorkingWindow


def utc(local):
    """Naive local datetime64[s] to naive UTC; the offset is taken at noon of each day. COPY reads it so: Django's sessions are in UTC."""
    zone = timezone.get_default_timezone()
    days, back = np.unique(local.astype("datetime64[D]"), return_inverse=True)
    noon = [day and day.replace(hour=12) for day in days.astype("datetime64[s]").tolist()]
    offsets = [int(timezone.make_aware(moment, zone).utcoffset().total_seconds()) if moment else 0 for moment in noon]
    return local - np.array(offsets, "timedelta64[s]")[back]


def working_days():
    """The days worked, sorted, and the hour they close (local)."""
    days = np.array(list(CalendarDay.objects.filter(is_working=True).order_by("day").values_list("day", flat=True)), "datetime64[D]")
    closes = WorkingWindow.objects.order_by("-ends_at").values_list("ends_at", flat=True)[0]
    return days, np.timedelta64(closes.hour * 60 + closes.minute, "m")


def answer_due(opened, working_days_allowed, worked, closes):
    """Close of the n-th working day after the opening, as `crm.calendar.clock.working_days_after`; NaT past the loaded calendar."""
    at = np.searchsorted(worked, opened.astype("datetime64[D]"), side="right") + working_days_allowed - 1
    known = at < len(worked)
    due = worked[np.where(known, at, 0)] + closes
    return np.where(known, due.astype("datetime64[s]"), np.datetime64("NaT"))


def at_hours(random, days, *, night=False):
    """Moments on the given days: in office hours mostly, around the clock for faults."""
    minutes = random.integers(0, 24 * 60, len(days)) if night else (8 * 60 + random.beta(2, 2.4, len(days)) * 12 * 60).astype(np.int64)
    return days.astype("datetime64[s]") + minutes.astype("timedelta64[m]") + random.integers(0, 60, len(days)).astype("timedelta64[s]")

"""The schedule of beat, each wheel with what is known of it."""

import datetime as dt
from dataclasses import dataclass

from celery import current_app
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs import recording


@dataclass(frozen=True)
class Beat:
    """One wheel of the clockwork. `next_at` is None for one that should have turned already."""

    name: str
    task: str
    rhythm: str
    worked_at: dt.datetime | None
    took_seconds: float | None
    next_at: dt.datetime | None
    failure: object
    is_late: bool
    is_soon: bool


def beats(now) -> list[Beat]:
    """Two queries."""
    schedule = current_app.conf.beat_schedule
    past = recording.recalled({entry["task"] for entry in schedule.values()})
    return [_beat(name, entry, past[entry["task"]], now) for name, entry in sorted(schedule.items())]


def _beat(name, entry, past, now):
    mark, every = past["worked"], entry["schedule"]
    worked = mark and mark.worked_at
    period = period_of(every)
    is_late = bool(worked) and (now - worked).total_seconds() > (3 * period + 60 if period < 3600 else period + 3600)
    next_at = _next(every, worked, now)
    is_soon = next_at is not None and (next_at - now).total_seconds() < 60
    took = mark and mark.took_seconds
    return Beat(name, entry["task"], rhythm(every), worked, took, next_at, past["failed"], is_late, is_soon)


def period_of(every) -> float:
    """Seconds between two turns; of a wheel that turns at an hour of the day, a day."""
    if isinstance(every, int | float):
        return float(every)
    minute, hour = str(every._orig_minute), str(every._orig_hour)
    return int(minute[2:]) * 60.0 if minute.startswith("*/") and hour == "*" else 86_400.0


def _next(every, worked, now):
    if isinstance(every, int | float):
        due = worked and worked + dt.timedelta(seconds=every)
        return due if due and due > now else None
    due = now + every.remaining_estimate(now) + dt.timedelta(seconds=30)  # Celery reckons from its own now, a moment later than ours
    return due.replace(second=0, microsecond=0)


def rhythm(every) -> str:
    if isinstance(every, int | float):
        return ngettext("every second", "every %(count)s seconds", int(every)) % {"count": int(every)}
    minute, hour = str(every._orig_minute), str(every._orig_hour)
    if minute.startswith("*/") and hour == "*":
        count = int(minute[2:])
        return ngettext("every minute", "every %(count)s minutes", count) % {"count": count}
    if minute.isdigit() and hour.isdigit():
        return _("every day at %(time)s") % {"time": f"{int(hour):02d}:{int(minute):02d}"}
    return f"{minute} {hour}"

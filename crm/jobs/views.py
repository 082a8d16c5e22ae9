"""How the machinery is doing: queues, workers, the clockwork, work that waits."""

import datetime as dt
from dataclasses import dataclass

from celery import current_app
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from crm.display.parts import wants_part
from crm.jobs import queues, recording, registry

may_view = permission_required("crm.view_jobs", raise_exception=True)
STUCK_AFTER = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Beat:
    """One wheel of the clockwork."""

    name: str
    task: str
    rhythm: str
    worked_at: dt.datetime | None
    failed_at: dt.datetime | None
    error: str
    is_late: bool


@require_GET
@may_view
def job_list(request):
    now = timezone.now()
    stands = queues.queues()
    context = {
        "now": now, "broker_answers": stands is not None, "in_hand": stands[1] if stands else None,
        "queues": [(queue, _moment(queue.oldest_asked_at)) for queue in (stands[0] if stands else [])],
        "beats": _beats(now), "waiting": [(title, [_shown(row, request.user, now) for row in rows]) for title, rows in registry.waiting()],
    }  # fmt: skip
    part = "#state" if wants_part(request) else ""
    return render(request, f"crm/jobs/list.html{part}", context)


@require_GET
@may_view
def job_workers(request):
    """Asked apart, because workers take a moment to answer."""
    return render(request, "crm/jobs/workers.html", {"workers": queues.workers()})


def _shown(row, user, now):
    """(row, its address when the person may open it, is stuck)."""
    return row, row.url if user.has_perm(row.permission or "crm.view_jobs") else "", now - row.since > STUCK_AFTER


def _beats(now):
    schedule = current_app.conf.beat_schedule
    past = recording.recalled([entry["task"] for entry in schedule.values()])
    return [_beat(name, entry, past[entry["task"]], now) for name, entry in sorted(schedule.items())]


def _beat(name, entry, past, now):
    worked, failed = (_moment(past[how]["at"]) if past[how] else None for how in ("worked", "failed"))
    every = entry["schedule"]
    is_late = bool(worked) and isinstance(every, int | float) and (now - worked).total_seconds() > 3 * every + 60
    recent = failed if failed and (not worked or failed > worked) else None
    return Beat(name, entry["task"], _rhythm(every), worked, recent, past["failed"]["error"] if recent else "", is_late)


def _rhythm(every):
    if isinstance(every, int | float):
        return ngettext("every second", "every %(count)s seconds", int(every)) % {"count": int(every)}
    minute, hour = str(every._orig_minute), str(every._orig_hour)
    if minute.startswith("*/") and hour == "*":
        count = int(minute[2:])
        return ngettext("every minute", "every %(count)s minutes", count) % {"count": count}
    if minute.isdigit() and hour.isdigit():
        return _("every day at %(time)s") % {"time": f"{int(hour):02d}:{int(minute):02d}"}
    return f"{minute} {hour}"


def _moment(seconds):
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC) if seconds else None

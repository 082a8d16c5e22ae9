"""How the machinery is doing: queues, workers, the clockwork, work that waits, tasks that failed."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.display.parts import wants_part
from crm.jobs import clockwork, queues, registry, services, tasks
from crm.jobs.models import TaskFailure
from crm.lists.keyset import Sort, honest_count, keyset_page

may_view = permission_required("crm.view_jobs", raise_exception=True)
may_retry = permission_required("crm.retry_jobs", raise_exception=True)
STUCK_AFTER = dt.timedelta(minutes=5)
SHOWN_FAILURES = 10


@require_GET
@may_view
def job_list(request):
    now = timezone.now()
    stands = queues.queues()
    failed = TaskFailure.objects.visible_to(request.user).unresolved()
    context = {
        "now": now, "broker_answers": stands is not None, "in_hand": stands[1] if stands else None,
        "queues": [(queue, _moment(queue.oldest_asked_at)) for queue in (stands[0] if stands else [])],
        "beats": clockwork.beats(now),
        "waiting": [(title, [_shown(row, request.user, now) for row in rows]) for title, rows in registry.waiting()],
        "failures": failed.order_by("-at")[:SHOWN_FAILURES], "failed": failed.count(),
    }  # fmt: skip
    part = "#state" if wants_part(request) else ""
    return render(request, f"crm/jobs/list.html{part}", context)


@require_GET
@may_view
def job_workers(request):
    """Asked apart, because workers take a moment to answer."""
    return render(request, "crm/jobs/workers.html", {"workers": queues.workers()})


@require_GET
@may_view
def failure_list(request):
    """Every failure that was noted, settled ones too; newest first."""
    seen = TaskFailure.objects.visible_to(request.user).defer("traceback")
    chosen = seen.unresolved() if request.GET.get("open") else seen
    page = keyset_page(chosen, sort=Sort("at", descending=True), cursor=request.GET.get("cursor"))
    return render(request, "crm/jobs/failures.html", {"page": page, "count": honest_count(chosen), "now": timezone.now()})


@require_GET
@may_view
def failure_detail(request, pk):
    return render(request, "crm/jobs/failure.html", {"failure": _failure(request, pk), "now": timezone.now()})


@require_POST
@may_retry
def failure_retry(request, pk):
    """Another try: sent now if the broker takes it, else as soon as it does."""
    now = timezone.now()
    failure = services.retry(failure=_failure(request, pk), by=request.user, at=now)
    if tasks.send(failure.pk, failure.task, failure.arguments, at=now):
        messages.success(request, _("The task is sent again. It leaves this list when it has worked."))
    else:
        messages.warning(request, _("The broker does not answer. The task is sent again as soon as it does."))
    return redirect("crm:job-failure", pk)


@require_POST
@may_retry
def failure_put_away(request, pk):
    services.put_away(failure=_failure(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The failure is put away."))
    return redirect("crm:job-list")


def _failure(request, pk):
    return get_object_or_404(TaskFailure.objects.visible_to(request.user).select_related("retry_asked_by"), pk=pk)


def _shown(row, user, now):
    """(row, its address when the person may open it, is stuck)."""
    return row, row.url if user.has_perm(row.permission or "crm.view_jobs") else "", now - row.since > STUCK_AFTER


def _moment(seconds):
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC) if seconds else None

"""Reports of every month: list, plan, change, pause, end."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import Refused
from crm.people.permissions import may
from segmentation.reports import services
from segmentation.reports.behaviour_views import language_of_page
from segmentation.reports.kept_forms import ScheduleForm
from segmentation.reports.models import ReportSchedule

may_plan = may("segmentation.schedule_report")
FIELDS = ("name", "kind", "format", "language", "category", "tier", "segment", "day")


def _visible(request, pk):
    return get_object_or_404(ReportSchedule.objects.visible_to(request.user), pk=pk)


@require_GET
@may_plan
def schedule_list(request):
    found = ReportSchedule.objects.visible_to(request.user)
    rows = found.select_related("unit", "owner").prefetch_related("recipients")
    page = keyset_page(rows, sort=Sort("id", descending=True), cursor=request.GET.get("cursor"))
    return render(request, "segmentation/reports/schedules.html", {"page": page, "count": honest_count(found)})


@require_http_methods(["GET", "POST"])
@may_plan
def schedule_new(request):
    form = ScheduleForm(
        request.POST or None, planner=request.user, initial={"language": language_of_page(), "kind": "behaviour", "format": "pptx"}
    )
    return _edit(request, form, lambda **told: services.plan(by=request.user, at=timezone.now(), on=timezone.localdate(), **told))


@require_http_methods(["GET", "POST"])
@may_plan
def schedule_edit(request, pk):
    one = _visible(request, pk)
    initial = {name: getattr(one, name) for name in FIELDS} | {"unit": one.unit and one.unit.code, "recipients": one.recipients.all()}
    form = ScheduleForm(request.POST or None, planner=request.user, initial=initial)
    return _edit(request, form, lambda **told: services.revise(schedule=one, by=request.user, **told), one)


def _edit(request, form, save, one=None):
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            save(**form.cleaned_data)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("segmentation:report-schedule-list")
    status = 422 if form.is_bound else 200
    return render(request, "segmentation/reports/schedule.html", {"form": form, "schedule": one, "refusal": refusal}, status=status)


@require_POST
@may_plan
def schedule_act(request, pk, verb):
    """`pause`, `resume`, `end`."""
    one = _visible(request, pk)
    if verb == "end":
        services.end(schedule=one, by=request.user)
    elif verb in ("pause", "resume"):
        services.switch(schedule=one, by=request.user, on=verb == "resume")
    else:
        raise Http404(verb)
    return redirect("segmentation:report-schedule-list")

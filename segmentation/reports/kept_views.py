"""Reports as files: ask, watch, fetch, pass on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.audit.services import record
from crm.display.parts import wants_part
from crm.exports.downloads import attached
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import Refused
from crm.people.permissions import may
from segmentation.reports import services, tasks
from segmentation.reports.behaviour_views import language_of_page
from segmentation.reports.drawings import MIME_TYPES
from segmentation.reports.kept_forms import GenerateForm
from segmentation.reports.models import GeneratedReport
from segmentation.reports.words_of_failure import why_not

may_view = may("segmentation.view_report")


def _own(request, pk):
    return get_object_or_404(GeneratedReport.objects.visible_to(request.user).select_related("unit", "owner", "schedule", "run"), pk=pk)


@require_GET
@may_view
@vary_on_headers("HX-Request")
def report_list(request):
    form = GenerateForm(None, reader=request.user, initial={"language": language_of_page()})
    return _list(request, form)


def _list(request, form, refusal="", status=200):
    mine = GeneratedReport.objects.visible_to(request.user)
    page = keyset_page(mine.select_related("unit", "schedule"), sort=Sort("id", descending=True), cursor=request.GET.get("cursor"))
    for report in page:
        report.why_not = why_not(report)
    context = {
        "page": page, "count": honest_count(mine), "form": form, "refusal": refusal, "moving": any(report.is_moving for report in page),
        "may_schedule": request.user.has_perm("segmentation.schedule_report"),
    }  # fmt: skip
    template = "segmentation/reports/kept.html"
    return render(request, f"{template}#rows" if wants_part(request) else template, context, status=status)


@require_POST
@may_view
def report_generate(request):
    """Posted by the page of a report and by the list of files: `kind`, `format`, `language`, and the scope."""
    form = GenerateForm(request.POST, reader=request.user)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        report = services.ask(owner=request.user, at=timezone.now(), **form.asked())
    except Refused as refusal:
        return _list(request, form, refusal=str(refusal), status=422)
    tasks.generate.delay_on_commit(report.pk)
    return redirect("segmentation:report-detail", report.pk)


@require_GET
@may_view
def report_detail(request, pk):
    return _detail(request, _own(request, pk))


def _detail(request, report, **more):
    links = report.links.good(timezone.now()).select_related("made_by") if report.is_ready else ()
    context = {"report": report, "why_not": why_not(report), "keep_days": services.KEEP_FOR.days, "links": links} | more
    return render(request, "segmentation/reports/kept_one.html", context)


@require_GET
@may_view
def report_progress(request, pk):
    report = _own(request, pk)
    return render(request, "segmentation/reports/kept_one.html#progress", {"report": report, "why_not": why_not(report)})


@require_GET
@may_view
def report_download(request, pk):
    return file_of(_own(request, pk), request.user)


def file_of(report, user):
    """The file as an attachment; 404 while there is none."""
    file = attached(report.is_ready and report.file, name=report.file_name, content_type=MIME_TYPES[report.format])
    record(by=user, did="downloaded a report", on=report, sha256=report.sha256)
    return file


@require_POST
@may_view
def report_cancel(request, pk):
    services.cancel(report=_own(request, pk), by=request.user, at=timezone.now())
    return redirect("segmentation:report-detail", pk)


@require_POST
@may_view
def report_again(request, pk):
    report = services.again(report=_own(request, pk), at=timezone.now())
    tasks.generate.delay_on_commit(report.pk)
    return redirect("segmentation:report-detail", report.pk)


@require_POST
@may_view
def report_remove(request, pk):
    services.remove(report=_own(request, pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("segmentation:report-list")


@require_POST
@may_view
@never_cache
def report_share(request, pk):
    report = _own(request, pk)
    link = services.share(report=report, by=request.user, at=timezone.now())
    return _detail(request, report, link=request.build_absolute_uri(services.path_of(link)), link_ends=link.ends_at)


@require_POST
@may_view
def report_revoke(request, pk, link):
    report = _own(request, pk)
    services.revoke(link=get_object_or_404(report.links, pk=link), by=request.user, at=timezone.now())
    messages.success(request, _("The link leads nowhere any more."))
    return redirect("segmentation:report-detail", pk)


@require_GET
@never_cache
def report_shared(request, token):
    """What a link leads to: the file, for who is signed in and may see as much as it holds."""
    if not request.user.has_perm("segmentation.view_report"):
        raise PermissionDenied
    report = services.read_link(token=token, reader=request.user, at=timezone.now())
    if report is None:
        raise Http404("no such report")
    return file_of(report, request.user)

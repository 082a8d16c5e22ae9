"""Reports on screen: scope, chapters with an index beside them, a table behind every chart."""

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crm.people.errors import Refused
from crm.people.permissions import may
from segmentation.reports.building import build
from segmentation.reports.forms import ScopeForm
from segmentation.reports.shown import chapters_of


@require_GET
@may("segmentation.view_report")
def behaviour(request):
    return _page(request, "behaviour")


@require_GET
@may("segmentation.view_report")
def tiers(request):
    return _page(request, "tiers")


def _page(request, kind):
    form = ScopeForm(request.GET, reader=request.user, kind=kind)
    asked = {name: value for name in form.fields if (value := request.GET.get(name))}  # what a file is asked for is what the page was
    context = {"form": form, "asked": asked, "kind": kind}
    status = 200
    if not form.is_valid():
        status = 422
    else:
        try:
            report = build(
                kind=kind, reader=request.user, language=language_of_page(), **form.asked(), **form.segment_asked(reader=request.user)
            )
            context |= {"report": report, "chapters": chapters_of(report)}
        except Refused as refusal:
            context["refusal"] = str(refusal)
    return render(request, "segmentation/reports/report.html", context, status=status)


def language_of_page() -> str:
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"

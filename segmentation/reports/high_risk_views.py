"""The page of the group at high risk."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from segmentation.churn.models import RiskModel
from segmentation.churn.words import run_source
from segmentation.reports import high_risk
from segmentation.runs.models import Run, Standing

CHARTS = ("category", "area", "tariff", "payment")


def _traits(request):
    return high_risk.traits(Standing.objects.visible_to(request.user), timezone.now() - dt.timedelta(days=90))


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def high_risk_group(request):
    standings, run = Standing.objects.visible_to(request.user), Run.objects.in_force()
    found = _traits(request)
    context = {
        "traits": found, "typical": high_risk.in_words(found), "influences": high_risk.influences(standings, get_language()), "run": run,
        "source": run_source(run.counts.get("risk")) if run else "", "training": RiskModel.objects.unfinished().first(), "charts": CHARTS,
        "high": sum(line.high for line in found[0]["lines"]), "judged": sum(line.high + line.others for line in found[0]["lines"]),
    }  # fmt: skip
    return render(request, "segmentation/reports/high_risk.html", context)


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def high_risk_chart(request, trait):
    if trait not in CHARTS:
        raise Http404
    return JsonResponse(high_risk.chart(_traits(request), trait))

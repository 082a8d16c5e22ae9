"""Pages of features, and the panel of an account's own."""

from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from crm.accounts.models import Account
from crm.people.permissions import may
from segmentation.runs.models import Run
from segmentation.studio.features import reading, shown
from segmentation.studio.features.drift import CHANGED, SHIFTED


def scope_of(user) -> str:
    """A supervisor sees the spread of their own subtree."""
    return user.unit.code if user.bound_to_unit else ""


def _run(request):
    return Run.objects.visible_to(request.user).in_force()


def _feature(name):
    found = next((it for it in shown.describe(shown.language()) if it["name"] == name), None)
    if found is None:
        raise Http404(name)
    return found


@require_GET
@may("segmentation.view_run")
def feature_list(request):
    run = _run(request)
    before = reading.earlier_than(run) if run else None
    rows = shown.listed(run, before, scope_of(request.user))
    context = {"features": rows, "run": run, "before": before, "drifts": shown.drift_words(), "shifted": SHIFTED, "changed": CHANGED}
    return render(request, "segmentation/features/list.html", context)


@require_GET
@may("segmentation.view_run")
def feature_detail(request, name):
    feature, run, scope = _feature(name), _run(request), scope_of(request.user)
    before = reading.earlier_than(run) if run else None
    told = next(row for row in shown.listed(run, before, scope) if row["name"] == name)
    context = {
        "feature": feature | told,
        "run": run,
        "before": before,
        "drifts": shown.drift_words(),
        "unit": request.user.unit if scope else None,
        "sources": shown.sources_of(feature["needs"]),
    }
    try:
        context["rows"] = shown.spread_rows(run, name, feature["unit"], scope) if run else []
    except reading.FilesGone:
        context["gone"] = True
    return render(request, "segmentation/features/detail.html", context)


@require_GET
@may("segmentation.view_run")
def feature_chart(request, name):
    feature, run = _feature(name), _run(request)
    try:
        return JsonResponse(shown.chart(run, feature, scope_of(request.user)) if run else {"kind": "line", "series": []})
    except reading.FilesGone:
        return JsonResponse({"kind": "line", "title": feature["meaning"], "unit": "ratio", "x": {"label": "", "values": []}, "series": []})


@require_GET
@may("segmentation.view_standing")
def account_features(request, pk):
    """A panel of the account's page: every feature with its place among its peers."""
    account, run = get_object_or_404(Account.objects.visible_to(request.user), pk=pk), Run.objects.in_force()
    rows, compared = shown.of_account(account.pk, run)
    context = {
        "account": account, "run": run, "features": rows, "compared": compared, "may_open": request.user.has_perm("segmentation.view_run"),
    }  # fmt: skip
    return render(request, "segmentation/features/panel.html", context)

"""The supervisor's tiers: where the revenue stands, what moved, who may leave."""

from django.contrib.auth.decorators import permission_required
from django.db.models import F
from django.http import FileResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from crm.audit.services import record
from crm.people.masking import reader_of
from crm.people.models import Unit
from segmentation.reports import charts, kept, tiers, workbook
from segmentation.reports.subject import scope_of_page
from segmentation.runs.models import Run


def _figures(request):
    scope, run = scope_of_page(request), Run.objects.in_force()
    standings = scope.standings()
    return kept.figures(scope=scope, standings=standings, run=run, at=timezone.localtime()), standings, run, scope.unit


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def tier_report(request):
    figures, _, run, scope = _figures(request)
    context = {
        "run": run, "scope": scope, "figures": figures, "tiers": figures.tiers, "units": figures.units, "categories": figures.categories,
        "kpis": _kpis(figures), "query": request.GET.urlencode(), "above": _above(request, scope), "high_voltage": request.GET.get("voltage") == "high",
    }  # fmt: skip
    return render(request, "segmentation/reports/tiers.html", context)


def _kpis(figures):
    revenue = sum(row.revenue_fen for row in figures.tiers)
    key = [row for row in figures.tiers if row.key in tiers.KEY_TIERS]
    return {
        "key_accounts": sum(row.accounts for row in key),
        "key_share": sum(row.revenue_fen for row in key) / revenue if revenue else None,
        "risk_yuan": sum(row.risk_revenue_fen for row in figures.tiers) / 100,
        "revenue_yuan": revenue / 100,
        "green_coverage": figures.green_coverage,
        "promise_kept": figures.promise_kept,
    }


def _above(request, scope):
    """Units from the top of what the reader sees down to the scope, for the breadcrumb."""
    if scope is None:
        return []
    codes = [scope.code[:length] for length in (5, 7, 9, 11) if length <= len(scope.code)]
    return Unit.objects.within_reach_of(request.user).filter(code__in=codes).order_by("code")


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def moves_chart(request):
    figures, *_ = _figures(request)
    return JsonResponse(charts.moves(tiers.flows(figures.tiers, figures.moves)))


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def quadrant_chart(request):
    return JsonResponse(charts.quadrants(tiers.bubbles(scope_of_page(request).standings()), reader_of(request)))


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def tier_workbook(request):
    """The same figures as XLSX, written at once: its size is that of the tree, not of the accounts."""
    figures, standings, run, scope = _figures(request)
    moves = tiers.moves_of(standings, run).values_list("tier_from", "tier_to", "account__number").order_by(F("account_id"))[:20_000]
    title = str(scope or gettext("All units"))
    file = workbook.write(title=title, run=run, tiers=figures.tiers, units=figures.units, categories=figures.categories, moves=moves)
    if run:
        record(by=request.user, did="exported tier report", on=run, scope=scope.code if scope else "")
    return FileResponse(file, as_attachment=True, filename=f"tiers-{run.as_of if run else 'none'}.xlsx")

"""The supervisor's tiers: where the revenue stands, what moved, who may leave."""

from django.contrib.auth.decorators import permission_required
from django.db.models import F
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from crm.audit.services import record
from crm.people.masking import reader_of
from crm.people.models import Unit
from segmentation.portfolio.filters import StandingFilter
from segmentation.reports import charts, tiers, workbook
from segmentation.runs.models import Run, Standing


def _scope(request):
    """The unit the report is about: the one asked for if in reach, else the reader's own; None is the whole utility."""
    code = request.GET.get("unit_code", "")
    if code:
        return get_object_or_404(Unit.objects.within_reach_of(request.user), code=code)
    return request.user.unit if request.user.bound_to_unit else None


def _standings(request):
    scope = _scope(request)
    found = StandingFilter(request.GET, Standing.objects.visible_to(request.user), request=request).qs
    return (found.filter(account__unit__in=Unit.objects.under(scope)) if scope else found), scope


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def tier_report(request):
    standings, scope = _standings(request)
    run, now = Run.objects.in_force(), timezone.localtime()
    moves = tiers.moves_of(standings, run)
    rows = tiers.by_tier(standings)
    context = {
        "run": run, "scope": scope, "tiers": rows, "units": tiers.by_unit(standings, moves, scope), "categories": tiers.by_category(standings, moves),
        "kpis": _kpis(request, standings, rows, now), "query": request.GET.urlencode(), "above": _above(request, scope),
        "high_voltage": request.GET.get("voltage") == "high",
    }  # fmt: skip
    return render(request, "segmentation/reports/tiers.html", context)


def _kpis(request, standings, rows, now):
    revenue = sum(row.revenue_fen for row in rows)
    key = [row for row in rows if row.key in tiers.KEY_TIERS]
    return {
        "key_accounts": sum(row.accounts for row in key),
        "key_share": sum(row.revenue_fen for row in key) / revenue if revenue else None,
        "risk_yuan": sum(row.risk_revenue_fen for row in rows) / 100,
        "revenue_yuan": revenue / 100,
        "green_coverage": tiers.green_coverage(standings, now.date()),
        "promise_kept": tiers.promise_kept(request.user, standings, now),
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
    standings, _ = _standings(request)
    return JsonResponse(charts.moves(tiers.flows(tiers.by_tier(standings), tiers.moves_of(standings, Run.objects.in_force()))))


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def quadrant_chart(request):
    standings, _ = _standings(request)
    return JsonResponse(charts.quadrants(tiers.bubbles(standings), reader_of(request)))


@require_GET
@permission_required("segmentation.view_report", raise_exception=True)
def tier_workbook(request):
    """The same figures as XLSX, written at once: its size is that of the tree, not of the accounts."""
    standings, scope = _standings(request)
    run = Run.objects.in_force()
    moves = tiers.moves_of(standings, run)
    file = workbook.write(
        title=str(scope or gettext("All units")), run=run, tiers=tiers.by_tier(standings), units=tiers.by_unit(standings, moves, scope),
        categories=tiers.by_category(standings, moves), moves=moves.values_list("tier_from", "tier_to", "account__number").order_by(F("account_id"))[:20_000],
    )  # fmt: skip
    if run:
        record(by=request.user, did="exported tier report", on=run, scope=scope.code if scope else "")
    return FileResponse(file, as_attachment=True, filename=f"tiers-{run.as_of if run else 'none'}.xlsx")

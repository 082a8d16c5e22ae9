"""What the account page shows of the judgement, as fragments it loads by URL."""

from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crm.accounts.models import Account
from segmentation.engine.explain import words
from segmentation.runs import history
from segmentation.runs.models import Run, Standing
from segmentation.runs.why import why
from segmentation.runs.words import why_unscored


def _standing(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return account, Standing.objects.visible_to(request.user).filter(account=account).first()


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_panel(request, pk):
    """Tier, early warning, credit, each with why."""
    account, standing = _standing(request, pk)
    context = {"account": account, "standing": standing, "run": Run.objects.in_force()}
    context["why"] = words(standing.reasons, get_language()) if standing and standing.reasons else {}
    context["unscored"] = why_unscored(standing) if standing else ""
    return render(request, "segmentation/standing/panel.html", context)


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_badge(request, pk):
    """Tier and early warning in one line, for places that have no room for why."""
    return render(request, "segmentation/standing/badge.html", {"standing": _standing(request, pk)[1]})


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_judgement(request, pk):
    """The tab: scores over time, moves; groups and features are panels of their own."""
    account, standing = _standing(request, pk)
    run = Run.objects.in_force()
    context = {
        "account": account, "standing": standing, "run": run, "moves": history.moves_of(account),
    }  # fmt: skip
    return render(request, "segmentation/standing/judgement.html", context)


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_why(request, pk):
    """Every indicator's part, and the nearest change of tier, quadrant and grade."""
    account, standing = _standing(request, pk)
    run = Run.objects.select_related("restores", "value_policy", "credit_policy").filter(in_force=True).first()
    found = why(account_id=account.pk, run=run, language=get_language()) if run and standing else None
    context = {"account": account, "standing": standing, "run": run, "why": found}
    context["said"] = words(standing.reasons, get_language()) if standing and standing.reasons else {}
    context["unscored"] = why_unscored(standing) if standing else ""
    return render(request, "segmentation/standing/why.html", context)


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_scores_chart(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return JsonResponse(history.chart(history.scores_over_time(account.pk)))

"""The page of who answers for the plans of a unit."""

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.people.masking import reader_of
from crm.people.permissions import may
from marketing.retention import overview
from marketing.retention.models import Plan, Trial

SHOWN = 10


@require_GET
@may("marketing.view_retention")
def retention_overview(request):
    plans, today = Plan.objects.visible_to(request.user), timezone.localdate()
    late = plans.overdue(today).select_related("account__customer", "account__unit", "account__manager", "playbook")
    context = {
        "totals": overview.totals(plans, today=today), "late": late.order_by("-revenue_12m_fen", "pk")[:SHOWN], "reader": reader_of(request),
        "trial": Trial.objects.to_read(request.user),
    }  # fmt: skip
    return render(request, "marketing/retention/overview.html", context)


@require_GET
@may("marketing.view_retention")
def retention_chart(request, which):
    if which not in overview.CHARTS:
        raise Http404(which)
    return JsonResponse(overview.CHARTS[which](Plan.objects.visible_to(request.user), today=timezone.localdate()))

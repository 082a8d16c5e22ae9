"""The load of an account, as a panel of its page."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from crm.accounts.models import Account
from segmentation.readings import services

may_read = permission_required("crm.view_billing", raise_exception=True)


def _load(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return account, services.load_of(account_id=account.pk, show=request.GET.get("show", "day"), day=_day(request))


def _day(request) -> dt.date | None:
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


@require_GET
@may_read
def account_load(request, pk):
    """Curve, load factor, peak and night load."""
    account, load = _load(request, pk)
    context = {"account": account, "load": load, "shows": services.SHOWS.items()}
    if load.has_readings:
        facts = load.facts()
        asked = {"show": load.show} | ({"day": load.day.isoformat()} if load.day and load.show == "day" else {})
        context |= {
            "facts": facts, "peak_clock": services.peak_clock(facts), "before": load.beside(-1), "after": load.beside(1),
            "chart_url": f"{reverse('segmentation:account-load-chart', args=[account.pk])}?{urlencode(asked)}",
            "mean_of": services.said_of_mean(load) if load.show != "day" else "",
        }  # fmt: skip
    return render(request, "segmentation/readings/panel.html", context)


@require_GET
@may_read
def account_load_chart(request, pk):
    _account, load = _load(request, pk)
    return JsonResponse(services.chart(load))

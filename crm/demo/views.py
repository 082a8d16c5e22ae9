"""About the data: what is made up, from what, and how real data is told apart."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.demo import sources
from crm.lists.keyset import honest_count
from crm.tariffs.models import TariffPlan


@require_GET
@permission_required("crm.view_data_sources", raise_exception=True)
def data_sources(request):
    accounts = Account.objects.visible_to(request.user)
    context = {
        "synthetic": honest_count(accounts.filter(is_synthetic=True)),
        "real": honest_count(accounts.filter(is_synthetic=False)),
        "made": AuditEntry.objects.filter(did=sources.MADE).order_by("-id").first(),
        "parts": sources.PARTS,
        "sources": sources.SOURCES,
        "marks": TariffPlan.Mark.choices,
        "plans": TariffPlan.objects.all(),
    }
    return render(request, "crm/demo/data_sources.html", context)

"""The tabs of the account page. Each has an address of its own, which answers the whole page, or its panel alone to an HTMX request."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.account_page.slots import JUDGEMENT_TAB, LOAD, address
from crm.accounts.timeline import SOURCES, timeline
from crm.billing.models import Bill, Payment
from crm.billing.statement import statement_of
from crm.billing.year import month_back, year_of
from crm.engagement.forms import FinishForm, LogForm, PlanForm
from crm.engagement.models import Engagement
from crm.lists.keyset import Sort, keyset_page
from crm.service_levels.models import Entitlement
from crm.tickets.models import Ticket

ROWS = 24


@dataclass(frozen=True)
class Tab:
    """`permission`: who may open it; `context(page)` reads what its template shows. `page` is `views.Page`."""

    key: str
    label: object
    permission: str
    context: Callable

    @property
    def template(self):
        return f"crm/accounts/_{self.key}.html"


def overview(page):
    may_read = page.user.has_perm("crm.view_billing")
    bills = list(Bill.objects.of(page.account)[:24]) if may_read else []
    return {"year": year_of(bills, contract_kva=page.account.contract_kva), "bills": bills}


def usage(page):
    rows = _bills(page)
    year_ago = dict(
        Bill.objects.filter(account=page.account, period__in=[month_back(bill.period, 12) for bill in rows]).values_list("period", "kwh")
    )
    for bill in rows:
        before = year_ago.get(month_back(bill.period, 12))
        bill.change = bill.kwh / before - 1 if before else None
    return {"rows": rows, "load_slot": address(LOAD, page.user, page.account.pk)}


def bills(page):
    rows, statement = _bills(page), statement_of(page.account, on=page.today)
    for bill in rows:
        bill.debt = statement.debt_of(bill.period)
        bill.days_late = bill.debt.days_late(page.today) if bill.debt else 0
    payments = Payment.objects.visible_to(page.user).filter(account=page.account).order_by("-paid_on", "-pk")[:12]
    return {"rows": rows, "statement": statement, "payments": payments}


def _bills(page):
    of_account = Bill.objects.visible_to(page.user).filter(account=page.account)
    return keyset_page(of_account, sort=Sort("period", True, "account_id"), cursor=page.cursor, size=ROWS)


def complaints(page):
    tickets = Ticket.objects.visible_to(page.user).filter(account=page.account).select_related("assignee")
    rows = keyset_page(tickets, sort=Sort("opened_at", True), cursor=page.cursor, size=ROWS)
    return {"rows": rows}


def service(page):
    of_account = Engagement.objects.visible_to(page.user).filter(account=page.account).select_related("by")
    done = keyset_page(of_account.filter(happened_on__isnull=False), sort=Sort("happened_on", True), cursor=page.cursor, size=ROWS)
    return {
        "planned": [
            (row, FinishForm(initial={"happened_on": page.today, "notes": row.notes}, auto_id=f"finish-{row.pk}-%s"))
            for row in of_account.planned().order_by("planned_on", "pk")[:20]
        ],
        "rows": done,
        "entitlements": Entitlement.objects.visible_to(page.user).filter(account=page.account).select_related("level", "granted_by")[:20],
        "may_log": page.may_act and page.user.has_perm("crm.log_visit"),
        "log_form": LogForm(initial={"happened_on": page.today}, auto_id="log-%s"),
        "plan_form": PlanForm(auto_id="plan-%s"),
    }


def judgement(page):
    return {"slot": address(JUDGEMENT_TAB, page.user, page.account.pk)}


def history(page):
    kinds = [kind for kind in page.request.GET.getlist("kind") if kind in SOURCES]
    events, following = timeline(page.account, reader=page.reader, cursor=page.cursor or "", kinds=kinds)
    return {"events": events, "following": following, "kinds": kinds, "sources": SOURCES.items()}


TABS = {
    tab.key: tab
    for tab in (
        Tab("overview", _("Overview"), "crm.view_account", overview),
        Tab("usage", _("Usage"), "crm.view_billing", usage),
        Tab("bills", pgettext_lazy("tab", "Bills"), "crm.view_billing", bills),
        Tab("complaints", pgettext_lazy("tab", "Complaints"), "crm.view_ticket", complaints),
        Tab("service", _("Service and visits"), "crm.view_account", service),
        Tab("judgement", pgettext_lazy("tab", "Judgement"), "segmentation.view_standing", judgement),
        Tab("timeline", _("Timeline"), "crm.view_account", history),
    )
}


def tabs_for(user, account):
    """The tabs this person may open; Judgement only once the wing above answers it."""
    return [
        tab
        for tab in TABS.values()
        if user.has_perm(tab.permission) and (tab.key != "judgement" or address(JUDGEMENT_TAB, user, account.pk))
    ]

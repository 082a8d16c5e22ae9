"""The account page: identity on the left, tabs on the right. The first paint costs a handful of queries; slots load by URL."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from crm.account_page import slots
from crm.account_page.alerts import alerts_of
from crm.account_page.identity import customer_facts, facts_of
from crm.account_page.tabs import TABS, tabs_for
from crm.accounts.models import Account
from crm.accounts.timeline import timeline
from crm.billing import charts
from crm.billing.models import Bill
from crm.people.masking import Reader, reader_of
from crm.tickets.models import Ticket

CHARTS = {
    "usage": lambda bills, account: charts.usage_chart(bills),
    "bills": lambda bills, account: charts.bill_chart(bills),
    "composition": lambda bills, account: charts.composition_chart(bills),
    "demand": lambda bills, account: charts.demand_chart(bills, contract_kva=account.contract_kva),
}
CHART_MONTHS = 36
RECENT = 8


@dataclass
class Page:
    """One request for one account."""

    request: HttpRequest
    account: Account
    at: dt.datetime

    @property
    def user(self):
        return self.request.user

    @cached_property
    def reader(self) -> Reader:
        return reader_of(self.request)

    @property
    def today(self) -> dt.date:
        return timezone.localtime(self.at).date()

    @property
    def cursor(self):
        return self.request.GET.get("cursor") or None

    @cached_property
    def may_act(self) -> bool:
        """Whether the account is theirs to look after (not only to read)."""
        return Account.objects.looked_after_by(self.user).filter(pk=self.account.pk).exists()

    @property
    def list_query(self) -> str:
        """The filter of the list the reader came from, handed along so that previous and next stay inside it."""
        return self.request.GET.get("from", "")


def page_of(request, pk) -> Page:
    """404 unless the account is visible to the reader."""
    accounts = Account.objects.visible_to(request.user).select_related(
        "customer__parent", "unit", "manager", "representative", "tariff_plan"
    )
    return Page(request, get_object_or_404(accounts, pk=pk), timezone.now())


def account_detail(request, pk, tab="overview"):
    page = page_of(request, pk)
    chosen = TABS.get(tab)
    if chosen is None:
        raise Http404(tab)
    if not page.user.has_perm(chosen.permission):
        raise PermissionDenied
    context = {"page": page, "account": page.account, "tab": chosen, **chosen.context(page)}
    part = {"panel": chosen.template, "timeline-more": "crm/accounts/_events.html"}.get(request.htmx.target) if request.htmx else None
    response = render(request, part or "crm/accounts/detail.html", context if part else context | _frame(page, chosen))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _frame(page, chosen):
    account, user, reader = page.account, page.user, page.reader
    open_count = Ticket.objects.visible_to(user).filter(account=account).open().count()
    return {
        "name": reader.name(account.customer),
        "facts": facts_of(account, reader),
        "tabs": [_tab(page, tab, chosen, {"complaints": open_count}.get(tab.key)) for tab in tabs_for(user, account)],
        "judgement_slot": slots.address(slots.JUDGEMENT, user, account.pk),
        "green_channel_slot": slots.address(slots.GREEN_CHANNEL, user, account.pk),
        "retention_slot": slots.address(slots.RETENTION, user, account.pk),
        "development_slot": slots.address(slots.DEVELOPMENT, user, account.pk),
        "neighbours_slot": _with_list(page, slots.address(slots.NEIGHBOURS, user, account.pk)) if "from" in page.request.GET else "",
        "portfolio_url": slots.address(slots.PORTFOLIO, user),
        "ticket_new_url": slots.address(slots.TICKET_NEW, user),
        "may_reveal": reader.may_reveal(account.customer),
        "may_edit": page.may_act or user.has_perm("crm.assign_manager"),
    }


def _tab(page, tab, chosen, count):
    name = "crm:account-detail" if tab.key == "overview" else "crm:account-tab"
    url = _with_list(page, reverse(name, args=[page.account.pk, *([] if tab.key == "overview" else [tab.key])]))
    return {"key": tab.key, "label": tab.label, "url": url, "href": url, "count": count, "active": tab is chosen}


def _with_list(page, url):
    return f"{url}?{urlencode({'from': page.list_query})}" if url and "from" in page.request.GET else url


def account_alerts(request, pk):
    page = page_of(request, pk)
    alerts = alerts_of(page.account, user=page.user, at=page.at, today=page.today)
    return render(request, "crm/accounts/_alerts.html", {"alerts": alerts})


def account_recent(request, pk):
    """The newest lines of the timeline: ten sources are asked, so the overview does not wait for them."""
    page = page_of(request, pk)
    recent, _more = timeline(page.account, reader=page.reader, limit=RECENT)
    return render(request, "crm/accounts/_recent.html", {"account": page.account, "recent": recent})


def account_contacts(request, pk):
    page = page_of(request, pk)
    return render(request, "crm/accounts/_contacts.html", contacts_context(page))


def contacts_context(page):
    customer, reader = page.account.customer, page.reader
    contacts = [
        {
            "contact": contact,
            "name": reader.contact_name(contact),
            "phone": reader.phone(customer, contact.phone),
            "email": reader.email(customer, contact.email),
        }
        for contact in customer.contacts.all()
    ]
    return {
        "page": page,
        "account": page.account,
        "contacts": contacts,
        "facts": customer_facts(customer, reader),
        "may_reveal": reader.may_reveal(customer),
        "may_edit": page.may_act,
    }


def account_chart(request, pk, which):
    page = page_of(request, pk)
    if which not in CHARTS:
        raise Http404(which)
    if not page.user.has_perm("crm.view_billing"):
        raise PermissionDenied
    return JsonResponse(chart_of(page.account, page.user, which))


def chart_of(account, user, which):
    """The JSON of one chart of `CHARTS`, from the last 36 bills and those of the year before. One query."""
    bills = list(Bill.objects.visible_to(user).filter(account=account).order_by("-period")[:CHART_MONTHS])
    return CHARTS[which](bills, account)

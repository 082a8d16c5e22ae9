"""The palette behind `/` and Ctrl-K (pages of the rail are found there by the browser itself), and the same as a page without scripts."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.people.masking import reader_of
from crm.search.services import find


@permission_required("crm.view_account", raise_exception=True)
def search(request):
    text, reader = request.GET.get("q", "").strip(), reader_of(request)
    found = find(text=text, reader=reader)
    groups = [
        {"title": _("Accounts"), "items": [account_item(account, reader) for account in found.accounts]},
        {"title": _("Tickets"), "items": [ticket_item(ticket) for ticket in found.tickets]},
    ]
    context = {"groups": [group for group in groups if group["items"]], "query": text}
    return render(request, "_components/palette_results.html" if request.htmx else "crm/search/results.html", context)


def account_item(account, reader):
    where = f"{account.number} · {account.unit}"
    return {
        "url": reverse("crm:account-detail", args=[account.pk]),
        "label": reader.name(account.customer),
        "meta": where,
        "icon": "building-factory",
    }


def ticket_item(ticket):
    try:
        url = reverse("crm:ticket-detail", args=[ticket.pk])
    except NoReverseMatch:
        url = reverse("crm:account-tab", args=[ticket.account_id, "complaints"]) if ticket.account_id else ""
    label = _("%(kind)s #%(number)s: %(title)s") % {"kind": ticket.get_kind_display(), "number": ticket.pk, "title": ticket.title}
    return {"url": url, "label": label, "meta": ticket.get_state_display(), "icon": "message-report"}

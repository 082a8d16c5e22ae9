"""What the palette offers for what is typed: places of the product, and things the reader may see."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import Account
from crm.palette.registry import ACTIONS, PAGES, keys_of
from crm.search.services import find
from crm.search.views import account_item, ticket_item
from crm.tickets.models import Ticket

PLACES_SHOWN = 6
MOST_RECENT = 8
PORTFOLIO = "segmentation:portfolio"


@dataclass(frozen=True)
class Group:
    """`kind`: recent, page, action, account, customer or ticket; `items` as `_components/palette_results.html` draws them."""

    kind: str
    title: str
    items: list = field(default_factory=list)


def offer(*, text, reader, recent=()) -> list[Group]:
    """Groups that have something, best first. Nothing typed: what was open lately (`[("account", 12), …]`), what can be done, where one can go."""
    text = " ".join(text.replace("\0", " ").split())[:100]  # PostgreSQL has no word with a NUL in it
    user = reader.user
    if not text:
        groups = [Group("recent", _("Recent"), _recent(recent, reader)), Group("action", _("Actions"), _fitting(ACTIONS, "", user))]
        return [group for group in [*groups, Group("page", _("Pages"), _fitting(PAGES, "", user))] if group.items]
    found = find(text=text, reader=reader)
    things = [
        Group(
            "account", _("Accounts"), [account_item(account, reader) | {"recent": f"account:{account.pk}"} for account in found.accounts]
        ),
        Group("customer", _("Customers"), _customers(found.accounts, reader)),
        Group("ticket", _("Tickets"), [ticket_item(ticket) | {"recent": f"ticket:{ticket.pk}"} for ticket in found.tickets]),
    ]
    places = [Group("page", _("Pages"), _fitting(PAGES, text, user)), Group("action", _("Actions"), _fitting(ACTIONS, text, user))]
    groups = [*places, *things] if _means_a_place(text, user) else [*things, *places]
    return [group for group in groups if group.items]


def _allowed(places, user):
    return [place for place in places.values() if not place.permission or user.has_perm(place.permission)]


def _means_a_place(text, user):
    """Whether a word of a place begins with it: then the place is meant before any customer."""
    typed = text.lower()
    return len(typed) > 1 and any(
        key.startswith(typed) for place in [*_allowed(PAGES, user), *_allowed(ACTIONS, user)] for key in keys_of(place)
    )


def _fitting(places, text, user):
    words = text.lower().split()
    ranked = []
    for place in _allowed(places, user):
        keys = keys_of(place)
        if all(any(word in key for key in keys) for word in words):
            ranked.append((not any(key.startswith(text.lower()) for key in keys), len(ranked), place))
    chosen = [place for *_rank, place in sorted(ranked)] if text else [place for *_rank, place in ranked]
    items = [_place_item(place) for place in (chosen[:PLACES_SHOWN] if text else chosen)]
    return [item for item in items if item]


def _place_item(place):
    if place.press:
        return {"label": place.label, "icon": place.icon, "press": place.press, "url": "#"}
    try:
        url = reverse(place.url_name)
    except NoReverseMatch:
        return None
    return {"label": place.label, "icon": place.icon, "url": f"{url}?{place.query}" if place.query else url}


def _customers(accounts, reader):
    """The customers of found accounts that have several the reader may see. One query."""
    customers = {account.customer_id: account.customer for account in accounts}
    of_each = (
        Account.objects.visible_to(reader.user).filter(customer__in=customers).order_by().values_list("customer").annotate(n=Count("pk"))
    )
    counted = {pk: number for pk, number in of_each if number > 1} if customers else {}
    try:
        portfolio = reverse(PORTFOLIO)
    except NoReverseMatch:
        return []
    return [
        {
            "label": reader.name(customers[pk]), "icon": "users", "url": f"{portfolio}?customer={pk}",
            "meta": ngettext("%(count)s account", "%(count)s accounts", number) % {"count": number},
        }
        for pk, number in counted.items()
    ]  # fmt: skip


def _recent(recent, reader):
    """What was open lately, as far as the reader may (still) see it. Two queries at most."""
    wanted = {kind: [pk for name, pk in recent if name == kind] for kind in ("account", "ticket")}
    accounts = (
        Account.objects.visible_to(reader.user).filter(pk__in=wanted["account"]).select_related("customer", "unit")
        if wanted["account"]
        else ()
    )
    tickets = (
        Ticket.objects.visible_to(reader.user).filter(pk__in=wanted["ticket"]).select_related("account__customer")
        if wanted["ticket"]
        else ()
    )
    items = {("account", account.pk): account_item(account, reader) for account in accounts}
    items |= {("ticket", ticket.pk): ticket_item(ticket) for ticket in tickets}
    return [items[key] | {"recent": f"{key[0]}:{key[1]}"} for key in recent if key in items]


def recent_of(*, text: str) -> list[tuple[str, int]]:
    """`account:12,ticket:5` as a browser remembers it → `[("account", 12), ("ticket", 5)]`; anything else in it is left out."""
    found = []
    for part in text.split(",")[: MOST_RECENT * 2]:
        kind, _colon, number = part.partition(":")
        if (
            kind in ("account", "ticket")
            and number.isascii()
            and number.isdigit()
            and len(number) < 16
            and (kind, int(number)) not in found
        ):
            found.append((kind, int(number)))
    return found[:MOST_RECENT]

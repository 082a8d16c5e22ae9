"""What stands on the screen of whoever has somebody on the line."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from crm.account_page.slots import JUDGEMENT_BADGE, address
from crm.accounts.models import Account
from crm.service_levels.models import Entitlement
from crm.tickets.models import OPEN_STATES, Ticket


@dataclass(frozen=True)
class Match:
    """An account the caller may speak about, with what should be known before the first word."""

    account: Account
    open_tickets: int
    entitlement: Entitlement | None
    badge_url: str


def matches_of(call, user, at) -> list[Match]:
    """The accounts of a call that the person may see, likeliest first. Three queries."""
    wanted = [call.account_id] if call.account_id else call.matches
    if not wanted:
        return []
    accounts = Account.objects.visible_to(user).filter(pk__in=wanted).select_related("customer", "unit", "manager").in_bulk()
    open_of = dict(
        Ticket.objects.visible_to(user).filter(account__in=accounts).values_list("account")
        .annotate(n=Count("pk", filter=Q(state__in=OPEN_STATES))).order_by()
    )  # fmt: skip
    in_force = Entitlement.objects.filter(account__in=accounts).in_force(timezone.localdate(at)).select_related("level", "representative")
    green = {entitlement.account_id: entitlement for entitlement in in_force}
    return [Match(accounts[pk], open_of.get(pk, 0), green.get(pk), address(JUDGEMENT_BADGE, user, pk)) for pk in wanted if pk in accounts]


def opens(call, user) -> str:
    """The address a call opens: its account, a choice among several, or a new ticket for an unknown caller."""
    if call.account_id and Account.objects.visible_to(user).filter(pk=call.account_id).exists():
        return reverse("crm:account-detail", args=[call.account_id])
    if len(call.matches) > 1 and not call.account_id:
        return reverse("crm:call", args=[call.pk])
    return reverse("crm:call-ticket", args=[call.pk]) if user.has_perm("crm.log_ticket") else reverse("crm:call", args=[call.pk])


def ticket_of(call, user):
    """The ticket logged with the form that the call opened, if there is one the person may see."""
    return Ticket.objects.visible_to(user).filter(idempotency_key=call.ticket_key).first()

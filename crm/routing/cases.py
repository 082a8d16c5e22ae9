"""Tickets as routing sees them, many at a time."""

from django.utils import timezone

from crm.routing.rules import Case
from crm.service_levels import tiers
from crm.service_levels.models import Entitlement

READ = ("account__unit",)


def cases_of(tickets, *, rules, on) -> list[Case]:
    """One per ticket, in their order; the tickets come with `account__unit`. One query, and one per account where a rule asks for the tier."""
    accounts = {ticket.account_id for ticket in tickets if ticket.account_id}
    green = dict(Entitlement.objects.filter(account__in=accounts).in_force(on).values_list("account_id", "representative_id"))
    by_tier = any(rule.tiers for rule in rules)
    known = {ticket.account_id: tiers.tier_of(ticket.account) for ticket in tickets if by_tier and ticket.account_id}
    return [_case(ticket, green, known) for ticket in tickets]


def _case(ticket, green, tier_of):
    account = ticket.account
    return Case(
        kind=ticket.kind, category=ticket.category, severity=ticket.severity, hour=timezone.localtime(ticket.opened_at).hour,
        text=f"{ticket.title}\n{ticket.text}".lower(), unit_code=account.unit.code if account else "",
        unit_kind=account.unit.kind if account else "", tier=tier_of.get(ticket.account_id, ""), green=ticket.account_id in green,
        manager=account.manager_id if account else None, representative=green.get(ticket.account_id),
    )  # fmt: skip

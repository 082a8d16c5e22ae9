"""What a green channel does to the clocks of its account: the promise with it and without, kind by kind."""

from dataclasses import replace

from django.utils import timezone

from crm.service_levels import services
from crm.service_levels.models import Service
from crm.service_levels.rules import Case, choose_policy
from crm.service_levels.tiers import tier_of
from crm.service_levels.words import ticket_choices


def clocks_of(entitlement, at) -> list[tuple[str, str, object, object]]:
    """`[(kind, severity, policy with, policy without)]`, in words, where the two differ; empty without the service of shorter clocks.

    A severity stands there only where its promises are others than those of the kind in general.
    """
    if Service.SHORT_CLOCK not in entitlement.services:
        return []
    every, account = services.policies(), entitlement.account
    known = {"unit_kind": account.unit.kind, "tier": tier_of(account), "level_id": entitlement.level_id, "on": timezone.localdate(at)}
    found = []
    for kind, label in ticket_choices("kind"):
        in_general = None
        for severity, severity_label in ticket_choices("severity"):
            case = Case(kind=kind, category="", severity=severity, **known)
            pair = choose_policy(every, case)[0], choose_policy(every, replace(case, level_id=None))[0]
            if pair[0] != pair[1] and pair != in_general:
                found.append((label, severity_label if in_general else "", *pair))
            in_general = in_general or pair
    return found

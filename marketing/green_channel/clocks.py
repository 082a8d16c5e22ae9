"""What a green channel does to the clocks of its account: the promise with it and without, kind by kind."""

from dataclasses import replace

from django.utils import timezone

from crm.service_levels import services
from crm.service_levels.rules import Case, choose_policy
from crm.service_levels.tiers import tier_of
from crm.service_levels.words import ticket_choices


def clocks_of(entitlement, at) -> list[tuple[str, str, object, object]]:
    """`[(kind, severity label or "", policy with, policy without)]` where the two differ; empty without the service of shorter clocks."""
    if "short_clock" not in entitlement.services:
        return []
    every, account = services.policies(), entitlement.account
    known = {"unit_kind": account.unit.kind, "tier": tier_of(account), "level_id": entitlement.level_id, "on": timezone.localdate(at)}
    found = []
    for kind, label in ticket_choices("kind"):
        for severity, severity_label in ticket_choices("severity"):
            case = Case(kind=kind, category="", severity=severity, **known)
            green, plain = choose_policy(every, case)[0], choose_policy(every, replace(case, level_id=None))[0]
            usual = severity == "normal" or (green, plain) != found[-1][2:] if found else True
            if green != plain and usual:
                found.append((label, "" if severity == "normal" else severity_label, green, plain))
    return found

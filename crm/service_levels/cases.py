"""A case that need not exist, tried against the clock policies: for the page and the API."""

import datetime as dt

from django.utils import timezone

from crm.service_levels import services
from crm.service_levels.rules import Case


def tried(given, now) -> dict:
    """`{promise, at, candidates}` of a case: `[(policy, dues, sooner)]`, the winner first; `sooner`: its answer would come before the winner's."""
    account, at = given["number"], given.get("at") or now
    if account is not None:
        found = services.promise(account=account, kind=given["ticket_kind"], category=given["category"], severity=given["severity"], at=at)
    else:
        level, on = given.get("level"), timezone.localdate(at)
        known = {
            "severity": given["severity"],
            "unit_kind": given["unit_kind"],
            "tier": given["tier"],
            "level_id": level and level.pk,
            "on": on,
        }
        found = services.promise_for(case=Case(kind=given["ticket_kind"], category=given["category"], **known), at=at)
    return {"promise": found, "at": at, "candidates": [_candidate(policy, found, at) for policy in (found.policy, *found.others) if policy]}


def _candidate(policy, found, at: dt.datetime):
    dues, _missing = services.dues_of(policy=policy, start=at)
    sooner = bool(dues["answer"] and found.answer_due_at and dues["answer"] < found.answer_due_at)
    return policy, dues, sooner

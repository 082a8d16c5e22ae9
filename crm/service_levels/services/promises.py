"""Which clock a ticket gets, and how its due times move. Policies and calendar are kept by the process and read again when they changed."""

import datetime as dt
from dataclasses import replace

from django.utils import timezone

from crm.calendar.clock import CalendarNotLoaded, Measure, Target, due_after_pause, due_at
from crm.calendar.kept import kept
from crm.calendar.models import CalendarDay, ClockVersion
from crm.service_levels import tiers
from crm.service_levels.models import TARGETS, ClockPolicy, Entitlement, EntitlementQuota, Service
from crm.service_levels.rules import Case, Promise, conditions_of, matching


def shorter_clock_of(*, account, on: dt.date):
    """The account's green channel that shortens clocks on a day, or None (one without the service of shorter clocks does not count)."""
    if account is None:
        return None
    in_force = Entitlement.objects.filter(account=account, services__contains=[Service.SHORT_CLOCK]).in_force(on).order_by()
    # Most accounts have none: the question is small, and asked with every ticket.
    found = in_force.values_list("pk", flat=True)[:1]
    return next((Entitlement.objects.select_related("level", "representative").get(pk=key) for key in found), None)


def policies(*, tokens=None) -> list[ClockPolicy]:
    """Every clock policy, past and to come, with its level; read once a version. One query, none when given `tokens`."""
    token = (ClockVersion.objects.tokens() if tokens is None else tokens).get("policies")
    return kept("policies", token, lambda: list(ClockPolicy.objects.select_related("level").order_by("pk")))


def promise(*, account, kind, category, severity, at, lock=False) -> Promise:
    """The clock a ticket logged at `at` would get. It does not fail for a missing calendar, but says the year.

    Two queries; one more each where the account has a green channel, where a policy asks for the tier, and for the account's unit when it was
    not fetched with it. `lock`: hold the quota of shorter clocks until the end of the transaction, so that `use_for_ticket` may count it.
    """
    tokens, today = ClockVersion.objects.tokens(), timezone.localdate(at)
    entitlement = shorter_clock_of(account=account, on=today)
    quota = _quota(entitlement, lock) if entitlement else None
    used_up = quota is not None and quota.left <= 0
    if used_up:
        entitlement = None
    every = policies(tokens=tokens)
    case = Case(
        kind=kind, category=category, severity=severity, level_id=entitlement and entitlement.level_id, on=today,
        unit_kind=account.unit.kind if account else "", tier=tiers.tier_of(account) if any(policy.tier for policy in every) else "",
    )  # fmt: skip
    found = promise_for(case=case, at=at, tokens=tokens)
    if entitlement and found.policy and found.policy.level_id:
        return replace(found, entitlement=entitlement, quota=quota)
    return replace(found, entitlement=None, used_up=used_up)


def _quota(entitlement, lock):
    quotas = EntitlementQuota.objects.filter(entitlement=entitlement, service=Service.SHORT_CLOCK)
    return (quotas.select_for_update() if lock else quotas).first()


def promise_for(*, case: Case, at, tokens=None) -> Promise:
    """The clock of a case that need not exist: the policy that wins, those it outweighs, and when each target would be due."""
    tokens = ClockVersion.objects.tokens() if tokens is None else tokens
    every = policies(tokens=tokens)
    found = matching(every, case)
    if not found:
        return Promise(case=case)
    policy, calendar = found[0], CalendarDay.objects.clock(tokens)
    dues, missing_year = dues_of(policy=policy, start=at, calendar=calendar)
    plain = matching(found, replace(case, level_id=None))
    return Promise(
        policy=policy, why=conditions_of(policy), others=tuple(found[1:]), plain_policy=plain[0] if plain else None, case=case,
        pass_on_due_at=_due(calendar, at, policy.pass_on_target, ())[0], missing_year=missing_year,
        **{f"{name}_due_at": due for name, due in dues.items()},
    )  # fmt: skip


def dues_of(*, policy, start, pauses=(), calendar=None):
    """`({"contact": moment or None, "answer": …, "resolve": …}, missing year or None)` of a policy from its start and the pauses since."""
    calendar = calendar or CalendarDay.objects.clock()
    found = {name: _due(calendar, start, policy.target(name), pauses) for name in TARGETS}
    return {name: due for name, (due, _) in found.items()}, next((year for _, year in found.values() if year), None)


def _due(calendar, start, target, pauses):
    if target is None:
        return None, None
    try:
        return due_at(calendar, start, target, pauses), None
    except CalendarNotLoaded as missing:
        return None, missing.year


def put_off(*, policy, dues, paused_at, resumed_at) -> dict:
    """Due times after a pause, `{"answer": moment or None, …}` as given: each later by what the pause took of its measure.

    `policy` None: counted in working time. None where the calendar is not loaded that far.
    """
    calendar = CalendarDay.objects.clock()
    return {name: _put_off(calendar, due, policy and policy.target(name), paused_at, resumed_at) for name, due in dues.items()}


def _put_off(calendar, due, target, paused_at, resumed_at):
    if due is None:
        return None
    try:
        return due_after_pause(calendar, due, paused_at, resumed_at, (target or Target(0, Measure.WORKING_DAYS)).measure)
    except CalendarNotLoaded:
        return None

"""What is done to green channels: granted, taken back, noted as run out. The decision to grant is marketing's."""

import datetime as dt
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.calendar.clock import CalendarNotLoaded, working_days_after
from crm.calendar.models import CalendarDay
from crm.changes.services import touch
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.models import ClockPolicy, Entitlement, Service
from crm.service_levels.rules import Case, Period, Promise, choose_policy
from crm.webhooks import events


@transaction.atomic
def grant(*, account, level, services=None, starts_on, ends_on, representative=None, by, at) -> Entitlement:
    """Give an account a green channel for a period (both days included); `services` default to the level's.

    Refuses a period overlapping another of the account (naming the one that stands), a closed account, a period that ends before it begins.
    """
    period = Period(starts_on, ends_on)
    _check(account, period)
    entitlement = Entitlement(
        account=account, level=level, services=list(level.services if services is None else services), starts_on=period.starts_on,
        ends_on=period.ends_on, representative=representative, granted_by=by, granted_at=at,
    )  # fmt: skip
    try:
        entitlement.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
    _save(entitlement, period)
    record(by=by, did="granted", on=entitlement, level=level.code, services=entitlement.services, **_days(entitlement))
    events.publish(kind="entitlement.granted", subject=entitlement, payload=_told(entitlement), at=at)
    touch(table="entitlements", periods=[entitlement.starts_on])
    return entitlement


def _check(account, period):
    if account.status == Account.Status.CLOSED:
        told = _("Account %(number)s is closed: a green channel cannot be given to it.") % {"number": account.number}
        raise Refused(told, code="account_closed")
    if period.ends_on < period.starts_on:
        raise Refused(_("The green channel would end before it begins: choose a later end."), code="invalid")


def _save(entitlement, period):
    """The database decides who was first (`one_entitlement_at_a_time`); the loser is told what stands."""
    try:
        with transaction.atomic():
            entitlement.save(force_insert=True)
    except IntegrityError as error:
        if "one_entitlement_at_a_time" not in str(error):
            raise
        raise Refused(_standing_in_the_way(entitlement, period), code="overlaps") from error


def _standing_in_the_way(entitlement, period):
    standing = Entitlement.objects.filter(account=entitlement.account).overlapping(period).select_related("level").first()
    if standing is None:
        return _("Account %(number)s was just given a green channel by somebody else: look again.") % {"number": entitlement.account.number}
    told = _("Account %(number)s already has “%(level)s” from %(start)s to %(end)s: revoke it first, or choose days outside that period.")
    return told % {
        "number": entitlement.account.number, "level": standing.level,
        "start": date_format(standing.starts_on, "Y-m-d"), "end": date_format(standing.ends_on, "Y-m-d"),
    }  # fmt: skip


@transaction.atomic
def revoke(*, entitlement, reason, by, at) -> Entitlement:
    """Take a green channel back from `at` on; tickets already logged keep their clock. One already revoked or ended is `AlreadyDone`."""
    if not reason.strip():
        raise Refused(_("Say why the green channel is taken back."), code="reason_required")
    today = timezone.localdate(at)
    done = Entitlement.objects.standing().filter(pk=entitlement.pk, ends_on__gte=today)
    if not done.update(revoked_at=at, revoked_by=by, revoke_reason=reason.strip()[:300]):
        entitlement.refresh_from_db()
        raise AlreadyDone(_already_over(entitlement))
    entitlement.refresh_from_db()
    record(by=by, did="revoked", on=entitlement, reason=entitlement.revoke_reason, **_days(entitlement))
    events.publish(kind="entitlement.revoked", subject=entitlement, payload=_told(entitlement), at=at)
    touch(table="entitlements", periods=[entitlement.starts_on])
    return entitlement


def _already_over(entitlement):
    if entitlement.revoked_at:
        return _("This green channel was already revoked by %(who)s on %(day)s.") % {
            "who": entitlement.revoked_by, "day": date_format(timezone.localdate(entitlement.revoked_at), "Y-m-d"),
        }  # fmt: skip
    return _("This green channel already ended on %(day)s.") % {"day": date_format(entitlement.ends_on, "Y-m-d")}


@transaction.atomic
def expire(*, at, limit=1000) -> int:
    """Note in the audit trail those that have run out. Their dates already ended them, so a late or doubled sweep changes nothing."""
    today = timezone.localdate(at)
    ended = list(Entitlement.objects.ended(today).select_for_update(skip_locked=True, of=("self",)).select_related("account")[:limit])
    for entitlement in ended:
        Entitlement.objects.filter(pk=entitlement.pk).update(expiry_noted_at=at)
        record(by=None, did="expired", on=entitlement, **_days(entitlement))
        events.publish(kind="entitlement.expired", subject=entitlement, payload=_told(entitlement), at=at)
    touch(table="entitlements", periods=[entitlement.starts_on for entitlement in ended])
    return len(ended)


def _told(entitlement):
    return {"account_number": entitlement.account.number, "services": entitlement.services} | _days(entitlement)


def _days(entitlement):
    return {"starts_on": entitlement.starts_on.isoformat(), "ends_on": entitlement.ends_on.isoformat()}


def shorter_clock_of(*, account, on: dt.date):
    """The account's green channel that shortens clocks on a day, or None (one without the service of shorter clocks does not count)."""
    if account is None:
        return None
    in_force = Entitlement.objects.filter(account=account).in_force(on).select_related("level", "representative")
    return in_force.filter(services__contains=[Service.SHORT_CLOCK]).first()


def promise(*, account, kind, category, severity, at) -> Promise:
    """The clock a ticket logged at `at` would get. Five queries; it does not fail for a missing calendar, but says the year."""
    today = timezone.localdate(at)
    entitlement = shorter_clock_of(account=account, on=today)
    case = Case(kind=kind, category=category, severity=severity, level_id=entitlement and entitlement.level_id, on=today)
    policies = list(ClockPolicy.objects.in_force(today).select_related("level"))
    policy, why = choose_policy(policies, case)
    if policy is None:
        return Promise(entitlement=entitlement)
    due, missing_year = None, None
    try:
        due = working_days_after(CalendarDay.objects.clock(at), at, policy.answer_within_working_days)
    except CalendarNotLoaded as missing:
        missing_year = missing.year
    return Promise(
        policy=policy, why=why, entitlement=entitlement if policy.level_id else None,
        plain_policy=choose_policy(policies, replace(case, level_id=None))[0],
        pass_on_due_at=_minutes_after(at, policy.pass_on_within_minutes), contact_due_at=_minutes_after(at, policy.contact_within_minutes),
        answer_due_at=due, missing_year=missing_year,
    )  # fmt: skip


def _minutes_after(at, minutes):
    return None if minutes is None else at + dt.timedelta(minutes=minutes)


@transaction.atomic
def revise_policy(*, policy, valid_from: dt.date, source, mark, by, **terms) -> ClockPolicy:
    """Change a clock policy from a day on: the one that stands ends the day before, a new row with the same conditions follows it.

    `terms`: `pass_on_within_minutes`, `contact_within_minutes`, `answer_within_working_days`. Tickets already logged keep their clock.
    """
    if valid_from <= policy.valid_from:
        raise Refused(_("Choose a day after %(day)s, when the policy came into force.") % {"day": policy.valid_from}, code="invalid")
    ended = ClockPolicy.objects.filter(pk=policy.pk, valid_to=None).update(valid_to=valid_from - dt.timedelta(days=1))
    if not ended:
        raise AlreadyDone(_("This policy was already revised: look at the list again."))
    kept = {name: getattr(policy, name) for name in ("name", "name_en", "ticket_kind", "category", "severity", "level")}
    follower = ClockPolicy.objects.create(**kept, **terms, valid_from=valid_from, source=source, mark=mark)
    record(by=by, did="revised", on=follower, name=follower.name, valid_from=valid_from.isoformat(), **terms)
    return follower

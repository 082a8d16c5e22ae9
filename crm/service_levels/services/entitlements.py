"""What is done to green channels: granted, used, taken back, noted as run out. The decision to grant is marketing's."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.changes.services import touch
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.models import COUNTED, Entitlement, EntitlementQuota, EntitlementUse, Service
from crm.service_levels.rules import Period
from crm.webhooks import events


@transaction.atomic
def grant(
    *, account, level, services=None, starts_on, ends_on, representative=None, quotas=None, dedicated_line=None, by, at
) -> Entitlement:  # fmt: skip
    """Give an account a green channel for a period (both days included); `services` and the dedicated line default to the level's.

    `quotas`: `{service: times in the period}` for counted services; one that is not named is without limit.
    Refuses a period overlapping another of the account (naming the one that stands), a closed account, a period that ends before it begins,
    a quota of a service that is not granted or not counted.
    """
    period = Period(starts_on, ends_on)
    _check(account, period)
    granted = list(level.services if services is None else services)
    check_quotas(quotas=quotas or {}, services=granted)
    entitlement = Entitlement(
        account=account, level=level, services=granted, starts_on=period.starts_on, ends_on=period.ends_on, representative=representative,
        dedicated_line=level.dedicated_line if dedicated_line is None else dedicated_line, granted_by=by, granted_at=at,
    )  # fmt: skip
    try:
        entitlement.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
    _save(entitlement, period)
    EntitlementQuota.objects.bulk_create(
        [EntitlementQuota(entitlement=entitlement, service=service, allowed=times) for service, times in sorted((quotas or {}).items())]
    )
    told = {"level": level.code, "services": entitlement.services} | ({"quotas": quotas} if quotas else {})
    record(by=by, did="granted", on=entitlement, **told, **_days(entitlement))
    events.publish(kind="entitlement.granted", subject=entitlement, payload=_told(entitlement), at=at)
    touch(table="entitlements", periods=[entitlement.starts_on])
    return entitlement


def check_quotas(*, quotas, services):
    """Refuses a quota of a service that is not granted, not counted one by one, or that allows none at all."""
    for service, times in quotas.items():
        told = {"service": Service(service).label}
        if service not in services:
            raise Refused(
                _("“%(service)s” has a quota but is not among the services: tick it, or leave the quota empty.") % told, code="invalid"
            )
        if service not in COUNTED:
            raise Refused(
                _("“%(service)s” stands for the whole period and cannot be counted: leave its quota empty.") % told, code="invalid"
            )
        if not 1 <= times <= 1000:
            raise Refused(_("The quota of “%(service)s” must be between 1 and 1,000; leave it empty for no limit.") % told, code="invalid")


@transaction.atomic
def use(*, entitlement, service, by, at, note="", ticket=None) -> EntitlementUse:
    """Count one use of a service. Refuses a service that is not granted, a day outside the period, and a quota that is used up.

    The last one of a quota goes to one person only: `used` is raised by one conditional update.
    """
    told: dict[str, object] = {"service": Service(service).label}
    if service not in entitlement.services or service not in COUNTED:
        raise Refused(_("“%(service)s” is not a counted service of this green channel.") % told, code="not_granted")
    if not Entitlement.objects.in_force(timezone.localdate(at)).filter(pk=entitlement.pk).exists():
        raise Refused(_("This green channel is not in force on that day: nothing can be used."), code="not_in_force")
    quota = EntitlementQuota.objects.filter(entitlement=entitlement, service=service)
    if not quota.filter(used__lt=F("allowed")).update(used=F("used") + 1) and (row := quota.first()):
        told |= {"allowed": row.allowed}
        raise Refused(
            _("The quota of “%(service)s” is used up: %(allowed)s of %(allowed)s. Grant a new green channel, or serve without it.") % told,
            code="used_up",
        )
    return _used(entitlement, service, by=by, at=at, note=note, ticket=ticket)


@transaction.atomic
def use_for_ticket(*, promise, ticket, by, at):
    """Count the shorter clock a ticket got. `promise` must have been made with `lock=True` in the same transaction. None where nothing counts."""
    if promise.entitlement is None or promise.quota is None:
        return None
    EntitlementQuota.objects.filter(pk=promise.quota.pk, used__lt=F("allowed")).update(used=F("used") + 1)
    return _used(promise.entitlement, Service.SHORT_CLOCK, by=by, at=at, ticket=ticket)


def _used(entitlement, service, *, by, at, note="", ticket=None):
    row = EntitlementUse.objects.create(entitlement=entitlement, service=service, by=by, at=at, note=note.strip()[:300], ticket=ticket)
    record(by=by, did="used", on=entitlement, service=service, note=row.note, ticket=ticket and ticket.pk)
    return row


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

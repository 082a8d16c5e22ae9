"""What administrators do to clock policies. A row that was in force is never changed: it ends, and another follows it."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.models import CONDITION_FIELDS, TARGETS, ClockPolicy

ONE_DAY = dt.timedelta(days=1)
TERMS = ("pass_on_within_minutes", *(f"{name}_{part}" for name in TARGETS for part in ("within", "measure")))


@transaction.atomic
def add_policy(*, name, name_en="", conditions, valid_from: dt.date, source, mark, on: dt.date, by, **terms) -> ClockPolicy:
    """A clock policy for cases that had none of their own, from a day on (today, `on`, at the earliest).

    `conditions`: some of `CONDITION_FIELDS`; what is not named matches anything. `terms`: `pass_on_within_minutes` and, for each of contact,
    answer and resolve, `…_within` and `…_measure`. Refuses the same conditions as a policy that holds on any of those days: of two policies
    equally specific neither could win.
    """
    _not_in_the_past(valid_from, on)
    policy = ClockPolicy(name=name, name_en=name_en, **conditions, **terms, valid_from=valid_from, source=source, mark=mark)
    _save(policy)
    record(by=by, did="added", on=policy, name=policy.name, **_terms(policy))
    return policy


@transaction.atomic
def revise_policy(*, policy, valid_from: dt.date, source, mark, on: dt.date, by, **terms) -> ClockPolicy:
    """Change a clock policy from a day on: the one that stands ends the day before, a new row with the same conditions follows it.

    `terms` as of `add_policy`. Tickets already logged keep their clock.
    """
    _not_in_the_past(valid_from, on)
    _after_its_beginning(policy, valid_from)
    if not ClockPolicy.objects.filter(pk=policy.pk, valid_to=None).update(valid_to=valid_from - ONE_DAY):
        raise AlreadyDone(_("This policy was already revised or ended: look at the list again."))
    kept = {name: getattr(policy, name) for name in ("name", "name_en", *CONDITION_FIELDS)}
    follower = ClockPolicy(**kept, **terms, valid_from=valid_from, source=source, mark=mark)
    _save(follower)
    record(by=by, did="revised", on=follower, name=follower.name, **_terms(follower))
    return follower


@transaction.atomic
def end_policy(*, policy, last_day: dt.date, on: dt.date, by) -> ClockPolicy:
    """A clock policy holds to a day, this one included (yesterday at the earliest); afterwards a less specific one takes over.

    Refuses the end of the policy for every ticket: without it a ticket could be logged with no clock at all.
    """
    if all(getattr(policy, name) in ("", None) for name in CONDITION_FIELDS):
        raise Refused(
            _("The policy for every ticket is what holds when no other does: revise it instead of ending it."), code="last_resort"
        )
    _not_in_the_past(last_day + ONE_DAY, on)
    _after_its_beginning(policy, last_day + ONE_DAY)
    if not ClockPolicy.objects.filter(pk=policy.pk, valid_to=None).update(valid_to=last_day):
        raise AlreadyDone(_("This policy was already revised or ended: look at the list again."))
    policy.refresh_from_db()
    record(by=by, did="ended", on=policy, name=policy.name, last_day=last_day.isoformat())
    return policy


def _not_in_the_past(day, on):
    if day < on:
        told = _("Choose today or a later day: tickets logged before keep what they were promised.")
        raise Refused(told, code="in_the_past")


def _after_its_beginning(policy, day):
    if day <= policy.valid_from:
        told = _("Choose a day after %(day)s, when the policy came into force.")
        raise Refused(told % {"day": date_format(policy.valid_from, "Y-m-d")}, code="invalid")


def _save(policy):
    """The database keeps policies with the same conditions apart in time; the refusal names the one in the way."""
    try:
        with transaction.atomic():
            policy.save(force_insert=True)
    except IntegrityError as error:
        if "one_clock_policy_for_the_same_conditions" not in str(error):
            raise
        raise Refused(_in_the_way(policy), code="conflict") from error


def _in_the_way(policy):
    other = ClockPolicy.objects.same_conditions(policy).overlapping(policy.valid_from, policy.valid_to).first()
    told = {"name": other or policy, "day": date_format(other.valid_from if other else policy.valid_from, "Y-m-d")}
    return _(
        "“%(name)s”, in force from %(day)s, holds for exactly the same cases: of two equally specific policies neither could win. "
        "Revise that one, or add a condition that tells the cases apart."
    ) % told  # fmt: skip


def _terms(policy):
    return {"valid_from": policy.valid_from.isoformat()} | {name: getattr(policy, name) for name in TERMS}

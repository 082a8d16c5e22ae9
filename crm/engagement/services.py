"""What is done with visits, calls and tasks. Every verb writes its audit row and marks the month for the lake."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.changes.services import touch
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused


@transaction.atomic
def plan(*, account, by, kind, subject, planned_on, notes="", asked_by=None) -> Engagement:
    """A visit, call or task to come. `by` is whose desk it stands on, `asked_by` who put it there, if somebody else."""
    engagement = Engagement.objects.create(account=account, kind=kind, subject=subject, planned_on=planned_on, by=by, notes=notes)
    record(by=asked_by or by, did="planned", on=engagement, subject=subject, planned_on=planned_on.isoformat())
    return engagement


@transaction.atomic
def log(*, account, by, today, kind, subject, happened_on, notes="", next_action="", next_action_on=None, satisfaction=None) -> Engagement:
    """A visit or call that took place. A next action with a day becomes a planned task of its own.

    Raises `Refused` for a day still to come.
    """
    _refuse_future(happened_on, today)
    engagement = Engagement.objects.create(
        account=account,
        kind=kind,
        subject=subject,
        happened_on=happened_on,
        by=by,
        notes=notes,
        next_action=next_action,
        next_action_on=next_action_on,
        satisfaction=satisfaction,
    )
    record(by=by, did="logged", on=engagement, subject=subject, happened_on=happened_on.isoformat())
    touch(table="engagement", periods=[happened_on])
    _plan_next(engagement, by)
    return engagement


@transaction.atomic
def finish(*, engagement, by, today, happened_on, notes="", next_action="", next_action_on=None, satisfaction=None) -> Engagement:
    """A planned one took place. Raises `AlreadyDone` when somebody finished or cancelled it first."""
    _refuse_future(happened_on, today)
    changed = (
        Engagement.objects.filter(pk=engagement.pk)
        .planned()
        .update(
            happened_on=happened_on,
            notes=notes or engagement.notes,
            next_action=next_action,
            next_action_on=next_action_on,
            satisfaction=satisfaction,
        )
    )
    _claimed(changed, engagement)
    engagement.refresh_from_db()
    record(by=by, did="finished", on=engagement, subject=engagement.subject, happened_on=happened_on.isoformat())
    touch(table="engagement", periods=[happened_on])
    _plan_next(engagement, by)
    return engagement


@transaction.atomic
def cancel(*, engagement, by, at) -> Engagement:
    """A planned one will not take place. Raises `AlreadyDone` when it is done or cancelled."""
    _claimed(Engagement.objects.filter(pk=engagement.pk).planned().update(cancelled_at=at), engagement)
    engagement.refresh_from_db()
    record(by=by, did="cancelled", on=engagement, subject=engagement.subject)
    return engagement


def _plan_next(engagement, by):
    if engagement.next_action and engagement.next_action_on:
        plan(
            account=engagement.account,
            by=by,
            kind=Engagement.Kind.TASK,
            subject=engagement.next_action,
            planned_on=engagement.next_action_on,
        )


def _claimed(changed, engagement):
    if not changed:
        raise AlreadyDone(_("“%(subject)s” is already finished or cancelled. Reload the page to see it.") % {"subject": engagement.subject})


def _refuse_future(happened_on, today):
    if happened_on > today:
        raise Refused(
            _("%(day)s is still to come. Plan it instead, and finish it when it has taken place.") % {"day": happened_on.isoformat()}
        )

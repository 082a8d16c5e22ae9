"""Logging a ticket."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import Refused
from crm.service_levels.services import promise
from crm.tickets.models import Kind, Severity, Ticket, TicketNote
from crm.tickets.outbox import tell
from crm.tickets.rules import title_of
from crm.tickets.services.story import write


@dataclass(frozen=True)
class Caller:
    """Who spoke to us, when it is not plain from the account."""

    name: str = ""
    phone: str = ""


@transaction.atomic
def log(
    *, account=None, kind=Kind.COMPLAINT, category, topic="", severity=Severity.NORMAL, text="", title="", channel="phone", caller=Caller(),
    by, at, idempotency_key=None,
) -> Ticket:  # fmt: skip
    """Log a ticket and start its clock by the policy of the moment; it goes to the account's manager, else to the unassigned queue.

    The same `idempotency_key` (UUID) from the same person gives the ticket logged the first time, whatever happened to the answer then.
    Where the calendar is not loaded the ticket is logged all the same, without a due time for the answer.
    """
    if idempotency_key and (logged := logged_before(idempotency_key=idempotency_key, by=by)):
        return logged
    title = title.strip() or title_of(text)
    if not title:
        raise Refused(_("Say what happened."), code="text_required")
    if account is None and not (caller.name.strip() or caller.phone.strip()):
        raise Refused(_("Give the caller's name or phone when the account is not known."), code="caller_required")
    clock = promise(account=account, kind=kind, category=category, severity=severity, at=at)
    assignee = account.manager if account and account.manager and account.manager.is_active else None
    ticket = Ticket(
        account=account, kind=kind, category=category, topic=topic, severity=severity, title=title[:160], text=text.strip(),
        channel=channel, caller_name=caller.name.strip()[:80], caller_phone=caller.phone.strip()[:30], logged_by=by, opened_at=at,
        idempotency_key=idempotency_key, assignee=assignee, passed_on_at=at if assignee else None, clock_policy=clock.policy,
        entitlement=clock.entitlement,
        pass_on_due_at=clock.pass_on_due_at, contact_due_at=clock.contact_due_at, answer_due_at=clock.answer_due_at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
    except IntegrityError:
        if logged := idempotency_key and logged_before(idempotency_key=idempotency_key, by=by):
            return logged
        raise
    write(ticket=ticket, by=by, at=at, what=TicketNote.What.LOGGED)
    record(by=by, did="logged", on=ticket, kind=kind, category=category, severity=severity)
    tell(ticket, "ticket.created", at=at)
    return ticket


def logged_before(*, idempotency_key, by) -> Ticket | None:
    """The ticket this key already logged. Somebody else's key is refused: keys are made by the client and must not open doors."""
    ticket = Ticket.objects.filter(idempotency_key=idempotency_key).select_related("account__customer").first()
    if ticket and ticket.logged_by_id != by.pk:
        raise Refused(_("This idempotency key was already used by somebody else: send a fresh one."), code="key_taken")
    return ticket

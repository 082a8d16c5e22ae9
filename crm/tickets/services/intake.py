"""Logging a ticket."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import entry
from crm.changes.services import marks
from crm.changes.together import insert_together, reserve_id
from crm.people.errors import Refused
from crm.service_levels.services import promise, use_for_ticket
from crm.tickets.models import Kind, Severity, Ticket, TicketNote
from crm.tickets.outbox import facts_of
from crm.tickets.rules import title_of
from crm.tickets.services.families import check_parent
from crm.triage.suggestions import suggestions
from crm.webhooks import events


@dataclass(frozen=True)
class Caller:
    """Who spoke to us, when it is not plain from the account."""

    name: str = ""
    phone: str = ""


def log(**told) -> Ticket:
    """`log_once`, for who need not know whether the ticket is new."""
    return log_once(**told)[0]


@transaction.atomic
def log_once(
    *, account=None, kind=Kind.COMPLAINT, category, topic="", severity=Severity.NORMAL, text="", title="", channel="phone", caller=Caller(),
    parent=None, by, at, idempotency_key=None,
) -> tuple[Ticket, bool]:  # fmt: skip
    """Log a ticket and start its clock by the policy of the moment; it goes to the account's manager, else to the unassigned queue.

    Returns the ticket and whether it is new: the same `idempotency_key` (UUID) from the same person gives the ticket logged the first time,
    whatever happened to the answer then. Everything a ticket begins with is written in one statement.
    Where the calendar is not loaded the ticket is logged all the same, without a due time for the answer.
    """
    title = title.strip() or title_of(text)
    if not title:
        raise Refused(_("Say what happened."), code="text_required")
    if account is None and not (caller.name.strip() or caller.phone.strip()):
        raise Refused(_("Give the caller's name or phone when the account is not known."), code="caller_required")
    if parent is not None:
        check_parent(parent=parent)
    clock = promise(account=account, kind=kind, category=category, severity=severity, at=at, lock=True)
    assignee = account.manager if account and account.manager and account.manager.is_active else None
    ticket = Ticket(
        pk=reserve_id(Ticket),
        account=account, kind=kind, category=category, topic=topic, severity=severity, title=title[:160], text=text.strip(),
        channel=channel, caller_name=caller.name.strip()[:80], caller_phone=caller.phone.strip()[:30], logged_by=by, opened_at=at, route_at=at,
        idempotency_key=idempotency_key, assignee=assignee, passed_on_at=at if assignee else None, clock_policy=clock.policy,
        entitlement=clock.entitlement,
        pass_on_due_at=clock.pass_on_due_at, contact_due_at=clock.contact_due_at, answer_due_at=clock.answer_due_at,
        resolve_due_at=clock.resolve_due_at, clock_explained=clock.explained(), parent=parent, suggested=suggestions(text),
    )  # fmt: skip
    if not insert_together(ticket, _what_goes_with(ticket, by=by, at=at), unless_known="idempotency_key"):
        known = logged_before(idempotency_key=idempotency_key, by=by)
        assert known is not None, "the key that could not be written is there"
        return known, False
    ticket._state.adding = False
    if clock.quota:
        use_for_ticket(promise=clock, ticket=ticket, by=by, at=at)
    return ticket, True


def _what_goes_with(ticket, *, by, at):
    """Its first line of story, its audit row, the mark for the lake, the event for partners."""
    linked = [TicketNote(ticket=ticket, by=by, at=at, what=TicketNote.What.LINKED, text=str(ticket.parent))] if ticket.parent_id else []
    return [
        TicketNote(ticket=ticket, by=by, at=at, what=TicketNote.What.LOGGED),
        *linked,
        entry(by=by, did="logged", on=ticket, kind=ticket.kind, category=ticket.category, severity=ticket.severity),
        *marks(table="tickets", periods=[at]),
        events.draft(kind="ticket.created", subject=ticket, payload=facts_of(ticket), at=at),
    ]


def accounts_for(*, user):
    """Accounts a person may log tickets for, with the little that logging reads of them: this runs a hundred times a second."""
    names = ("customer__kind", "customer__name", "customer__name_en", "manager__is_active", "manager__username", "manager__full_name")
    of_unit = ("unit__code", "unit__kind", "unit__name", "unit__name_en")
    of_account = ("number", "status", "category", "important_grade")
    related = Account.objects.visible_to(user).select_related("customer", "manager", "unit")
    return related.only(*of_account, *names, "manager__full_name_en", *of_unit)


def logged_before(*, idempotency_key, by) -> Ticket | None:
    """The ticket this key already logged. Somebody else's key is refused: keys are made by the client and must not open doors."""
    ticket = Ticket.objects.filter(idempotency_key=idempotency_key).select_related("account__customer").first()
    if ticket and ticket.logged_by_id != by.pk:
        raise Refused(_("This idempotency key was already used by somebody else: send a fresh one."), code="key_taken")
    return ticket

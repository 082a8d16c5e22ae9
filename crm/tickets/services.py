"""What is done to a ticket. A verb is one transaction: the conditional update that decides who was first, a line of story, an audit row."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.calendar.clock import CalendarNotLoaded, due_after_pause, working_days_after
from crm.calendar.models import CalendarDay
from crm.changes.services import touch
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.services import promise
from crm.tickets.models import OPEN_STATES, Kind, Severity, State, Ticket, TicketNote
from crm.tickets.outbox import tell
from crm.tickets.rules import title_of

What = TicketNote.What


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
    _tell(ticket, by=by, at=at, what=What.LOGGED)
    record(by=by, did="logged", on=ticket, kind=kind, category=category, severity=severity)
    tell(ticket, "ticket.created", at=at)
    return ticket


def logged_before(*, idempotency_key, by) -> Ticket | None:
    """The ticket this key already logged. Somebody else's key is refused: keys are made by the client and must not open doors."""
    ticket = Ticket.objects.filter(idempotency_key=idempotency_key).select_related("account__customer").first()
    if ticket and ticket.logged_by_id != by.pk:
        raise Refused(_("This idempotency key was already used by somebody else: send a fresh one."), code="key_taken")
    return ticket


@transaction.atomic
def assign(*, ticket, to, by, at) -> Ticket:
    """Give an open ticket to a person. Refuses who may not work it or not see its account; `AlreadyDone` if it changed hands meanwhile."""
    _check_assignee(ticket, to)
    held = Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES, assignee=ticket.assignee_id).exclude(assignee=to)
    if not held.update(assignee=to):
        now = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
        if now.state not in OPEN_STATES:
            told = _("Ticket #%(id)s is “%(state)s”: reopen it first.") % {"id": now.pk, "state": now.get_state_display()}
            raise Refused(told, code="not_open")
        raise AlreadyDone(_("Ticket #%(id)s is already assigned to %(who)s.") % {"id": now.pk, "who": now.assignee or _("nobody")})
    Ticket.objects.filter(pk=ticket.pk, passed_on_at=None).update(passed_on_at=at)
    return _done(ticket, by=by, at=at, did="assigned", what=What.ASSIGNED, text=str(to), to=to.username)


def _check_assignee(ticket, to):
    if not to.is_active or not to.has_perm("crm.work_ticket"):
        raise Refused(_("%(who)s does not work tickets: choose a manager, an agent or a supervisor.") % {"who": to}, code="not_a_worker")
    if ticket.account_id and not Ticket.objects.visible_to(to).filter(pk=ticket.pk).exists():
        raise Refused(_("%(who)s cannot see this account: choose somebody of its unit.") % {"who": to}, code="out_of_reach")


@transaction.atomic
def contact(*, ticket, by, at, text="") -> Ticket:
    """Note the first contact with the customer; a new ticket is thereby in hand."""
    first = Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES, contacted_at=None)
    if not first.update(contacted_at=at):
        now = Ticket.objects.get(pk=ticket.pk)
        if now.contacted_at is None:
            raise Refused(_("Ticket #%(id)s is no longer open.") % {"id": now.pk}, code="not_open")
        raise AlreadyDone(_("The first contact of ticket #%(id)s is already noted.") % {"id": now.pk})
    _take_in_hand(ticket, by)
    return _done(ticket, by=by, at=at, did="contacted", what=What.CONTACTED, text=text)


@transaction.atomic
def start(*, ticket, by, at) -> Ticket:
    """Take a new ticket in hand; one that belongs to nobody becomes the person's own."""
    if not _take_in_hand(ticket, by):
        raise _moved_meanwhile(ticket, State.WORKING)
    Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=by, passed_on_at=at)
    return _done(ticket, by=by, at=at, did="started", what=What.MOVED, moved_to=State.WORKING)


def _take_in_hand(ticket, by):
    return Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.WORKING)


@transaction.atomic
def wait(*, ticket, text, by, at) -> Ticket:
    """The next step is the customer's: the clock stops. Asking the customer is a contact."""
    if not text.strip():
        raise Refused(_("Say what the customer has to do."), code="text_required")
    if not Ticket.objects.filter(pk=ticket.pk, state__in=[State.NEW, State.WORKING]).update(state=State.WAITING, paused_at=at):
        raise _moved_meanwhile(ticket, State.WAITING)
    Ticket.objects.filter(pk=ticket.pk, contacted_at=None).update(contacted_at=at)
    return _done(ticket, by=by, at=at, did="paused", what=What.MOVED, moved_to=State.WAITING, text=text)


@transaction.atomic
def resume(*, ticket, by, at, text="") -> Ticket:
    """The customer did their part: the clock runs on, later by the working time it stood still."""
    _leave(ticket, [State.WAITING], State.WORKING, at=at)
    return _done(ticket, by=by, at=at, did="resumed", what=What.MOVED, moved_to=State.WORKING, text=text)


@transaction.atomic
def answer(*, ticket, text, by, at) -> Ticket:
    """Answer the customer. Answering is also a first contact."""
    if not text.strip():
        raise Refused(_("Say what the customer was answered."), code="text_required")
    _leave(ticket, OPEN_STATES, State.ANSWERED, at=at, answered_at=at)
    Ticket.objects.filter(pk=ticket.pk, contacted_at=None).update(contacted_at=at)
    return _done(ticket, by=by, at=at, did="answered", what=What.MOVED, moved_to=State.ANSWERED, text=text)


@transaction.atomic
def close(*, ticket, by, at, text="", satisfaction=None) -> Ticket:
    """Close an answered ticket; `satisfaction` 1 to 5 as the customer said, or None."""
    if not Ticket.objects.filter(pk=ticket.pk, state=State.ANSWERED).update(state=State.CLOSED, closed_at=at, satisfaction=satisfaction):
        raise _moved_meanwhile(ticket, State.CLOSED)
    return _done(ticket, by=by, at=at, did="closed", what=What.MOVED, moved_to=State.CLOSED, text=text, satisfaction=satisfaction)


@transaction.atomic
def reopen(*, ticket, text, by, at) -> Ticket:
    """The answer did not settle it: back in hand, with a new clock for the answer by the ticket's own policy."""
    if not text.strip():
        raise Refused(_("Say why the ticket is opened again."), code="text_required")
    now = Ticket.objects.select_related("clock_policy").get(pk=ticket.pk)
    again = Ticket.objects.filter(pk=now.pk, state__in=[State.ANSWERED, State.CLOSED], reopened_count=now.reopened_count)
    if not again.update(
        state=State.WORKING, answered_at=None, closed_at=None, satisfaction=None, breach_noted_at=None,
        reopened_count=now.reopened_count + 1, answer_due_at=_fresh_due(now.clock_policy, at),
    ):  # fmt: skip
        raise _moved_meanwhile(ticket, State.WORKING)
    return _done(ticket, by=by, at=at, did="reopened", what=What.REOPENED, moved_to=State.WORKING, text=text)


@transaction.atomic
def note(*, ticket, text, by, at) -> TicketNote:
    """Write down something about a ticket, open or not."""
    if not text.strip():
        raise Refused(_("The note is empty."), code="text_required")
    line = _tell(ticket, by=by, at=at, what=What.NOTE, text=text)
    record(by=by, did="noted", on=ticket)
    return line


@transaction.atomic
def add_caller(*, ticket, caller, text, by, at) -> TicketNote:
    """A second caller about the same matter: told in the story of the ticket instead of a ticket of its own."""
    if ticket.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(id)s is no longer open: log a new one.") % {"id": ticket.pk}, code="not_open")
    who = " ".join(part for part in (caller.name.strip(), caller.phone.strip()) if part)
    line = _tell(ticket, by=by, at=at, what=What.CALLER, text="\n".join(part for part in (who, text.strip()) if part))
    record(by=by, did="added caller", on=ticket)
    return line


def _leave(ticket, sources, to, *, at, **values):
    """Move on from a state that may have stood still: the due time is put off by the pause. One conditional update."""
    now = Ticket.objects.get(pk=ticket.pk)
    if now.paused_at:
        values |= {"paused_at": None, "answer_due_at": _put_off(now, at)}
    unmoved = Ticket.objects.filter(pk=now.pk, state=now.state, paused_at=now.paused_at)
    if now.state not in sources or not unmoved.update(state=to, **values):
        raise _moved_meanwhile(ticket, to)


def _put_off(ticket, at):
    if ticket.answer_due_at is None:
        return None
    calendar = CalendarDay.objects.clock(ticket.paused_at, max(at, ticket.answer_due_at))
    try:
        return due_after_pause(calendar, ticket.answer_due_at, ticket.paused_at, at)
    except CalendarNotLoaded:
        return None  # shown as "calendar not loaded"; set as soon as the year is there (see sweeps.set_missing_dues)


def _fresh_due(policy, at):
    try:
        return working_days_after(CalendarDay.objects.clock(at), at, policy.answer_within_working_days) if policy else None
    except CalendarNotLoaded:
        return None


def _moved_meanwhile(ticket, to):
    """The refusal for a move that found the ticket elsewhere: done already, or not possible from where it is."""
    now = Ticket.objects.get(pk=ticket.pk)
    last = now.notes.exclude(moved_to="").select_related("by").last()
    who = last.by if last and last.by else _("somebody else")
    told = {"id": now.pk, "state": now.get_state_display(), "who": who, "to": State(to).label}
    if now.state == to:
        return AlreadyDone(_("Ticket #%(id)s is already “%(state)s”, by %(who)s.") % told)
    return Refused(_("Ticket #%(id)s is “%(state)s” and cannot become “%(to)s” from there.") % told, code="no_such_move")


def _done(ticket, *, by, at, did, what, moved_to="", text="", **details):
    _tell(ticket, by=by, at=at, what=what, moved_to=moved_to, text=text)
    record(by=by, did=did, on=ticket, **details)
    was = ticket.state
    ticket.refresh_from_db()
    if moved_to or ticket.state != was:
        tell(ticket, "ticket.state_changed", at=at)
    elif what == What.ASSIGNED:
        tell(ticket, "ticket.assigned", at=at)
    return ticket


def _tell(ticket, *, by, at, what, moved_to="", text=""):
    touch(table="tickets", periods=[timezone.localdate(ticket.opened_at)])
    return TicketNote.objects.create(ticket=ticket, by=by, at=at, what=what, moved_to=moved_to, text=text.strip())

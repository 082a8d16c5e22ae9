"""Moves: a verb is one transaction: the conditional update that decides who was first, a line of story, an audit row."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.services import dues_of, put_off
from crm.tickets.models import OPEN_STATES, State, Ticket, TicketNote
from crm.tickets.services.story import done, moved_meanwhile

What = TicketNote.What


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
    return done(ticket=ticket, by=by, at=at, did="assigned", what=What.ASSIGNED, text=str(to), to=to.username)


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
    return done(ticket=ticket, by=by, at=at, did="contacted", what=What.CONTACTED, text=text)


@transaction.atomic
def start(*, ticket, by, at) -> Ticket:
    """Take a new ticket in hand; one that belongs to nobody becomes the person's own."""
    if not _take_in_hand(ticket, by):
        raise moved_meanwhile(ticket=ticket, to=State.WORKING)
    Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=by, passed_on_at=at)
    return done(ticket=ticket, by=by, at=at, did="started", what=What.MOVED, moved_to=State.WORKING)


def _take_in_hand(ticket, by):
    return Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.WORKING)


@transaction.atomic
def wait(*, ticket, text, by, at) -> Ticket:
    """The next step is the customer's: the clock stops. Asking the customer is a contact."""
    if not text.strip():
        raise Refused(_("Say what the customer has to do."), code="text_required")
    if not Ticket.objects.filter(pk=ticket.pk, state__in=[State.NEW, State.WORKING]).update(state=State.WAITING, paused_at=at):
        raise moved_meanwhile(ticket=ticket, to=State.WAITING)
    Ticket.objects.filter(pk=ticket.pk, contacted_at=None).update(contacted_at=at)
    return done(ticket=ticket, by=by, at=at, did="paused", what=What.MOVED, moved_to=State.WAITING, text=text)


@transaction.atomic
def resume(*, ticket, by, at, text="") -> Ticket:
    """The customer did their part: the clock runs on, later by the working time it stood still."""
    _leave(ticket, [State.WAITING], State.WORKING, at=at)
    return done(ticket=ticket, by=by, at=at, did="resumed", what=What.MOVED, moved_to=State.WORKING, text=text)


@transaction.atomic
def answer(*, ticket, text, by, at) -> Ticket:
    """Answer the customer. Answering is also a first contact."""
    if not text.strip():
        raise Refused(_("Say what the customer was answered."), code="text_required")
    _leave(ticket, OPEN_STATES, State.ANSWERED, at=at, answered_at=at)
    Ticket.objects.filter(pk=ticket.pk, contacted_at=None).update(contacted_at=at)
    return done(ticket=ticket, by=by, at=at, did="answered", what=What.MOVED, moved_to=State.ANSWERED, text=text)


@transaction.atomic
def reopen(*, ticket, text, by, at) -> Ticket:
    """The answer did not settle it: back in hand, with a new clock for the answer by the ticket's own policy."""
    if not text.strip():
        raise Refused(_("Say why the ticket is opened again."), code="text_required")
    now = Ticket.objects.select_related("clock_policy").get(pk=ticket.pk)
    if now.duplicate_of_id:
        told = _("Ticket #%(id)s is merged into #%(of)s: undo the merge instead.") % {"id": now.pk, "of": now.duplicate_of_id}
        raise Refused(told, code="merged")
    again = Ticket.objects.filter(pk=now.pk, state__in=[State.ANSWERED, State.CLOSED], reopened_count=now.reopened_count)
    if not again.update(
        state=State.WORKING, answered_at=None, closed_at=None, satisfaction=None, breach_noted_at=None,
        reopened_count=now.reopened_count + 1, **_fresh_dues(now.clock_policy, at),
    ):  # fmt: skip
        raise moved_meanwhile(ticket=ticket, to=State.WORKING)
    return done(ticket=ticket, by=by, at=at, did="reopened", what=What.REOPENED, moved_to=State.WORKING, text=text)


def _leave(ticket, sources, to, *, at, **values):
    """Move on from a state that may have stood still: the due time is put off by the pause. One conditional update."""
    now = Ticket.objects.select_related("clock_policy").get(pk=ticket.pk)
    if now.paused_at:
        values |= {"paused_at": None} | _put_off(now, at)
    unmoved = Ticket.objects.filter(pk=now.pk, state=now.state, paused_at=now.paused_at)
    if now.state not in sources or not unmoved.update(state=to, **values):
        raise moved_meanwhile(ticket=ticket, to=to)


def _put_off(ticket, at):
    """One that leaves the loaded calendar is shown as such, and set as soon as the year is there (see `sweeps.set_missing_dues`)."""
    dues = {"answer": ticket.answer_due_at, "resolve": ticket.resolve_due_at}
    moved = put_off(policy=ticket.clock_policy, dues=dues, paused_at=ticket.paused_at, resumed_at=at)
    return {f"{name}_due_at": due for name, due in moved.items()}


def _fresh_dues(policy, at):
    if policy is None:
        return {"answer_due_at": None, "resolve_due_at": None}
    dues, _missing_year = dues_of(policy=policy, start=at)
    return {"answer_due_at": dues["answer"], "resolve_due_at": dues["resolve"]}

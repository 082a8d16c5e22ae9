"""The story of a ticket: what every verb leaves behind, and the lines people write themselves."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.changes.services import touch
from crm.people.errors import AlreadyDone, Refused
from crm.tickets.models import OPEN_STATES, State, Ticket, TicketNote
from crm.tickets.outbox import tell

What = TicketNote.What


@transaction.atomic
def note(*, ticket, text, by, at) -> TicketNote:
    """Write down something about a ticket, open or not."""
    if not text.strip():
        raise Refused(_("The note is empty."), code="text_required")
    line = write(ticket=ticket, by=by, at=at, what=What.NOTE, text=text)
    record(by=by, did="noted", on=ticket)
    return line


@transaction.atomic
def add_caller(*, ticket, caller, text, by, at) -> TicketNote:
    """A second caller about the same matter: told in the story of the ticket instead of a ticket of its own."""
    if ticket.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(id)s is no longer open: log a new one.") % {"id": ticket.pk}, code="not_open")
    who = " ".join(part for part in (caller.name.strip(), caller.phone.strip()) if part)
    line = write(ticket=ticket, by=by, at=at, what=What.CALLER, text="\n".join(part for part in (who, text.strip()) if part))
    record(by=by, did="added caller", on=ticket)
    return line


@transaction.atomic
def log_contact(*, ticket, channel, reached, text="", by, at) -> TicketNote:
    """Write down a talk with the customer, or that nobody answered. The first one that reached them is the first contact."""
    if ticket.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(id)s is no longer open: reopen it first.") % {"id": ticket.pk}, code="not_open")
    line = write(ticket=ticket, by=by, at=at, what=What.TALKED if reached else What.MISSED, channel=channel, text=text)
    if reached:
        Ticket.objects.filter(pk=ticket.pk, contacted_at=None).update(contacted_at=at)
        Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.WORKING)
    record(by=by, did="logged contact", on=ticket, channel=channel, reached=reached)
    return line


@transaction.atomic
def escalate(*, ticket, level, why, by, at, to=None) -> bool:
    """Raise an open ticket to `level` (1 and up), and give it to `to` where somebody is named. Safe to call twice: False, and nothing done,
    where it stands at that level or above. `by` None: the clock did it; `why` is told in the story as it is."""
    raised = Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES, escalation_level__lt=level)
    if not raised.update(escalation_level=level, **({"assignee": to} if to else {})):
        return False
    done(ticket=ticket, by=by, at=at, did="escalated", what=What.ESCALATED, text=why, level=level, to=to and to.username)
    return True


def moved_meanwhile(*, ticket, to):
    """The refusal for a move that found the ticket elsewhere: done already, or not possible from where it is."""
    now = Ticket.objects.get(pk=ticket.pk)
    last = now.notes.exclude(moved_to="").select_related("by").last()
    who = last.by if last and last.by else _("somebody else")
    told = {"id": now.pk, "state": now.get_state_display(), "who": who, "to": State(to).label}
    if now.state == to:
        return AlreadyDone(_("Ticket #%(id)s is already “%(state)s”, by %(who)s.") % told)
    return Refused(_("Ticket #%(id)s is “%(state)s” and cannot become “%(to)s” from there.") % told, code="no_such_move")


def done(*, ticket, by, at, did, what, moved_to="", text="", **details):
    """A move is made: its line of story, its audit row, what partners are told; the ticket as it stands now."""
    write(ticket=ticket, by=by, at=at, what=what, moved_to=moved_to, text=text)
    record(by=by, did=did, on=ticket, **details)
    was = ticket.state
    ticket.refresh_from_db()
    if moved_to or ticket.state != was:
        tell(ticket, "ticket.state_changed", at=at)
    elif what == What.ASSIGNED:
        tell(ticket, "ticket.assigned", at=at)
    return ticket


def write(*, ticket, by, at, what, moved_to="", channel="", text=""):
    """One line of story."""
    touch(table="tickets", periods=[timezone.localdate(ticket.opened_at)])
    return TicketNote.objects.create(ticket=ticket, by=by, at=at, what=what, moved_to=moved_to, channel=channel, text=text.strip())

"""One outage, many callers: tickets that are parts of one (what closing does to them: `closing`)."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.people.errors import AlreadyDone, Refused
from crm.tickets.models import OPEN_STATES, Ticket, TicketNote
from crm.tickets.services.story import done

What = TicketNote.What


@transaction.atomic
def make_part_of(*, ticket, parent, by, at) -> Ticket:
    """Make an open ticket part of another open one. One level: a part has no parts, and what has parts is none."""
    check_parent(parent=parent, child=ticket)
    if ticket.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(id)s is no longer open.") % {"id": ticket.pk}, code="not_open")
    if not Ticket.objects.filter(pk=ticket.pk, parent=None, state__in=OPEN_STATES).update(parent=parent):
        raise AlreadyDone(_("Ticket #%(id)s is already part of #%(parent)s.") % {"id": ticket.pk, "parent": ticket.parent_id or "…"})
    return done(ticket=ticket, by=by, at=at, did="linked", what=What.LINKED, text=f"#{parent.pk} {parent.title}", parent=parent.pk)


def check_parent(*, parent, child=None):
    """Refuses what cannot be a parent, saying which ticket to take instead."""
    told = {"id": parent.pk, "parent": parent.parent_id}
    if child is not None and parent.pk == child.pk:
        raise Refused(_("A ticket cannot be part of itself: choose another one."), code="same_ticket")
    if parent.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(id)s is no longer open: nothing can be made part of it.") % told, code="not_open")
    if parent.parent_id:
        raise Refused(_("Ticket #%(id)s is itself part of #%(parent)s: choose that one.") % told, code="nested")
    if child is not None and child.children.exists():
        raise Refused(_("Ticket #%(id)s has parts of its own: take them out first.") % {"id": child.pk}, code="nested")


@transaction.atomic
def take_out(*, ticket, by, at) -> Ticket:
    """A part becomes a ticket of its own again."""
    parent = ticket.parent_id
    if parent is None or not Ticket.objects.filter(pk=ticket.pk, parent=parent).update(parent=None):
        raise AlreadyDone(_("Ticket #%(id)s is not part of another one.") % {"id": ticket.pk})
    return done(ticket=ticket, by=by, at=at, did="unlinked", what=What.UNLINKED, text=f"#{parent}", parent=parent)

"""One matter logged twice becomes one, and can become two again: nothing is moved or thrown away, so undoing loses nothing."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.people.errors import AlreadyDone, Refused
from crm.tickets.models import OPEN_STATES, State, Ticket, TicketMerge, TicketNote
from crm.tickets.services.story import done, write

What = TicketNote.What
KEPT = ("state", "paused_at", "closed_at", "answered_at", "satisfaction")


@transaction.atomic
def merge(*, ticket, into, by, at) -> TicketMerge:
    """`ticket` is closed as a duplicate of `into`, which stays open and tells of it; its caller and story are read there.

    Refuses to merge into a closed ticket, into itself, into a duplicate, or a ticket that has parts.
    """
    _check(ticket, into)
    now = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    before = {name: value.isoformat() if isinstance(value := getattr(now, name), dt.datetime) else value for name in KEPT}
    try:
        with transaction.atomic():
            row = TicketMerge.objects.create(kept=into, merged=ticket, at=at, by=by, before=before)
    except IntegrityError as error:
        if "a_ticket_is_merged_into_one" not in str(error):
            raise
        raise AlreadyDone(_("Ticket #%(id)s was merged by somebody else just now.") % {"id": ticket.pk}) from error
    Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED, closed_at=at, paused_at=None, duplicate_of=into)
    done(
        ticket=ticket, by=by, at=at, did="merged", what=What.MERGED, moved_to=State.CLOSED, text=f"→ #{into.pk} {into.title}", into=into.pk
    )
    write(ticket=into, by=by, at=at, what=What.MERGED, text=f"← #{ticket.pk} {ticket.title}")
    return row


def _check(ticket, into):
    told = {"id": ticket.pk, "into": into.pk, "of": into.duplicate_of_id}
    if ticket.pk == into.pk:
        raise Refused(_("A ticket cannot be merged into itself: choose another one."), code="same_ticket")
    if ticket.duplicate_of_id:
        raise AlreadyDone(_("Ticket #%(id)s is already merged into #%(of)s.") % {"id": ticket.pk, "of": ticket.duplicate_of_id})
    if into.duplicate_of_id:
        raise Refused(_("Ticket #%(into)s is itself merged into #%(of)s: choose that one.") % told, code="nested")
    if into.state not in OPEN_STATES:
        raise Refused(_("Ticket #%(into)s is no longer open: reopen it first, or merge the other way round.") % told, code="not_open")
    if ticket.children.exists() or ticket.duplicates.exists():
        raise Refused(_("Other tickets hang on #%(id)s: merge into it instead.") % told, code="nested")


@transaction.atomic
def undo_merge(*, ticket, by, at) -> Ticket:
    """Give a merged ticket back the state, clock and story it had. `AlreadyDone` when nothing is merged or somebody was first."""
    row = TicketMerge.objects.select_for_update(of=("self",)).filter(merged=ticket.pk, undone_at=None).select_related("kept").first()
    if row is None:
        raise AlreadyDone(_("Ticket #%(id)s is not merged into another one.") % {"id": ticket.pk})
    TicketMerge.objects.filter(pk=row.pk).update(undone_at=at, undone_by=by)
    Ticket.objects.filter(pk=ticket.pk).update(duplicate_of=None, **row.before)
    write(ticket=row.kept, by=by, at=at, what=What.UNMERGED, text=f"← #{ticket.pk}")
    again = row.before["state"]
    return done(
        ticket=ticket, by=by, at=at, did="unmerged", what=What.UNMERGED, moved_to=again, text=f"→ #{row.kept_id}", out_of=row.kept_id
    )

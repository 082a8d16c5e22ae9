"""Closing a ticket, and with it what hangs on it."""

from django.db import transaction

from crm.audit.models import AuditEntry
from crm.audit.services import entry
from crm.changes.services import touch
from crm.tickets.models import OPEN_STATES, State, Ticket, TicketNote
from crm.tickets.outbox import facts_of
from crm.tickets.services.moves import answer
from crm.tickets.services.story import done, moved_meanwhile
from crm.webhooks import events

What = TicketNote.What


@transaction.atomic
def close(*, ticket, by, at, text="", satisfaction=None, root_cause="", responsible_unit=None) -> Ticket:
    """Close an answered ticket, and answer those that are parts of it.

    `satisfaction` 1 to 5 as the customer said, or None; `root_cause` a code of the taxonomy; `responsible_unit` whose work it was.
    """
    known = {name: value for name, value in (("root_cause", root_cause), ("responsible_unit", responsible_unit)) if value}
    answered = Ticket.objects.filter(pk=ticket.pk, state=State.ANSWERED)
    if not answered.update(state=State.CLOSED, closed_at=at, satisfaction=satisfaction, **known):
        raise moved_meanwhile(ticket=ticket, to=State.CLOSED)
    parts = _answer_parts(ticket, by=by, at=at)
    told = {
        "satisfaction": satisfaction,
        "root_cause": root_cause,
        "responsible_unit": responsible_unit and responsible_unit.code,
        "parts": parts,
    }
    return done(ticket=ticket, by=by, at=at, did="closed", what=What.MOVED, moved_to=State.CLOSED, text=text, **told)


def _answer_parts(parent, *, by, at):
    """Answer every open part as the parent was answered; how many. In few statements: an outage may have thousands of callers."""
    last = parent.notes.filter(moved_to=State.ANSWERED).last()
    text = last.text if last else ""
    parts = parent.children.filter(state__in=OPEN_STATES)
    for paused in parts.exclude(paused_at=None):  # each clock that stood still is put off on its own
        answer(ticket=paused, text=text, by=by, at=at)
    rows = list(parts.filter(paused_at=None).select_for_update(of=("self",)).select_related("account"))
    keys = [ticket.pk for ticket in rows]
    Ticket.objects.filter(pk__in=keys, contacted_at=None).update(contacted_at=at)
    Ticket.objects.filter(pk__in=keys).update(state=State.ANSWERED, answered_at=at)
    told = f"#{parent.pk}: {text}"
    TicketNote.objects.bulk_create(
        [TicketNote(ticket=ticket, by=by, at=at, what=What.MOVED, moved_to=State.ANSWERED, text=told) for ticket in rows], batch_size=1000
    )
    AuditEntry.objects.bulk_create([entry(by=by, did="answered", on=ticket, with_parent=parent.pk) for ticket in rows], batch_size=1000)
    for ticket in rows:
        ticket.state, ticket.answered_at = State.ANSWERED, at
    events.publish_all(kind="ticket.state_changed", subjects=[(ticket, facts_of(ticket)) for ticket in rows], at=at)
    touch(table="tickets", periods={ticket.opened_at for ticket in rows})
    return len(rows)

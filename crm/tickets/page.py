"""What the page of a ticket shows besides the ticket: what belongs to it, which promises were missed, what its words suggested."""

from crm.tickets.models import Ticket
from crm.tickets.promises import missed_promises, offers_for
from crm.tickets.suggesting import in_words

SHOWN_PARTS = 20


def around(ticket, *, user, at) -> dict:
    """`parts`, `part_count`, `duplicates` as far as the person sees them, `missed`, `offers`, `suggested`."""
    seen = Ticket.objects.visible_to(user).select_related("account__customer")
    parts = list(seen.filter(parent=ticket).order_by("pk")[: SHOWN_PARTS + 1])
    missed = missed_promises(ticket, at=at)
    return {
        "parts": parts[:SHOWN_PARTS],
        "part_count": len(parts) if len(parts) <= SHOWN_PARTS else seen.filter(parent=ticket).count(),
        "duplicates": list(seen.filter(duplicate_of=ticket).order_by("pk")[:SHOWN_PARTS]),
        "missed": missed,
        "offers": offers_for(ticket, missed=missed, user=user),
        "suggested": in_words(ticket.suggested),
    }

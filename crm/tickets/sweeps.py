"""What the clock does to tickets by itself. Each may run late, or twice at once, without a second effect."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.calendar.models import CalendarDay
from crm.changes.services import touch
from crm.service_levels.services import dues_of
from crm.tickets.models import Ticket, TicketNote
from crm.tickets.outbox import facts_of
from crm.tickets.rules import clock_history
from crm.webhooks import events


@transaction.atomic
def mark_breaches(*, at, limit=2000) -> int:
    """Note once, in story and audit trail, each open ticket whose answer is overdue; returns how many."""
    late = list(Ticket.objects.breach_to_note(at).select_for_update(skip_locked=True).order_by("answer_due_at")[:limit])
    prefetch_related_objects(late, "account")
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in late]).update(breach_noted_at=at)
    TicketNote.objects.bulk_create([TicketNote(ticket=ticket, at=at, what=TicketNote.What.BREACHED) for ticket in late])
    AuditEntry.objects.bulk_create([
        AuditEntry(
            by=None, did="breached", account_id=ticket.account_id, subject_kind=Ticket._meta.label_lower, subject_id=str(ticket.pk),
            details={"due": ticket.answer_due_at.isoformat()},
        )
        for ticket in late
    ])  # fmt: skip
    events.publish_all(kind="ticket.breached", subjects=[(ticket, facts_of(ticket)) for ticket in late], at=at)
    touch(table="tickets", periods=[timezone.localdate(ticket.opened_at) for ticket in late])
    return len(late)


@transaction.atomic
def set_missing_dues(*, at, limit=500) -> int:
    """Give open tickets the due time they lacked because the calendar ended, as soon as the year is loaded; returns how many."""
    waiting = Ticket.objects.without_due().filter(paused_at=None).exclude(clock_policy=None)
    tickets = list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("clock_policy").order_by("pk")[:limit])
    if not tickets:
        return 0
    calendar = CalendarDay.objects.clock()
    found = 0
    for ticket in tickets:
        began, pauses = clock_history(ticket.opened_at, ticket.notes.values_list("at", "what", "moved_to"))
        dues, _missing_year = dues_of(policy=ticket.clock_policy, start=began, pauses=pauses, calendar=calendar)
        if dues["answer"] is None:
            continue
        moved = Ticket.objects.filter(pk=ticket.pk, answer_due_at=None)
        found += moved.update(answer_due_at=dues["answer"], resolve_due_at=dues["resolve"])
        touch(table="tickets", periods=[timezone.localdate(ticket.opened_at)])
    return found

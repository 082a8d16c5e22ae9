"""What partners are told of tickets: identifiers, states and moments. Words and callers stay in the house."""

from crm.webhooks import events


def tell(ticket, kind, *, at) -> None:
    """One event about a ticket as it stands now; called inside the transaction of the change."""
    events.publish(kind=kind, subject=ticket, payload=facts_of(ticket), at=at)


def facts_of(ticket) -> dict:
    account = ticket.account
    return {
        "ticket": ticket.pk, "kind": ticket.kind, "class": ticket.category, "topic": ticket.topic, "severity": ticket.severity,
        "state": ticket.state, "account_number": account.number if account else None, "assigned": ticket.assignee_id is not None,
        "opened_at": ticket.opened_at.isoformat(),
        "answer_due_at": ticket.answer_due_at.isoformat() if ticket.answer_due_at else None,
        "green_channel": ticket.entitlement_id is not None,
    }  # fmt: skip

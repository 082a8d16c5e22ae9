"""The one function by which a service tells the world outside: `events.publish(...)`, beside the change and in its transaction.

The row is the promise: a sweep hands it to whoever subscribed. Nothing is sent here, so no change waits for a partner.
"""

from django.utils.translation import gettext_lazy as _

from crm.webhooks.models import Event

# Kind → what it means. A wing above adds its own when the app starts: `KINDS["proposal.decided"] = gettext_lazy("…")`.
KINDS = {
    "ticket.created": _("A ticket was logged"),
    "ticket.assigned": _("A ticket was given to a person"),
    "ticket.state_changed": _("A ticket moved to another state"),
    "ticket.breached": _("The answer to a ticket became overdue"),
    "entitlement.granted": _("A green channel was granted"),
    "entitlement.revoked": _("A green channel was taken back"),
    "entitlement.expired": _("A green channel ran out"),
    "webhook.test": _("A test, sent by an administrator"),
}
# Words by people and facts about private people stay in the house: who may read them asks the API, with rights of their own.
PERSONAL = {"name", "title", "text", "caller", "caller_name", "caller_phone", "phone", "address", "email", "notes", "reason"}


def publish(*, kind, subject, payload, at) -> Event:
    """Write down an event: `kind` from `KINDS`, the row it is about, a flat payload of identifiers, states and moments.

    Raises `ValueError` for an unknown kind or a payload with personal data (a mistake in our code, found by any test that walks over it).
    """
    event = draft(kind=kind, subject=subject, payload=payload, at=at)
    event.save(force_insert=True)
    return event


def draft(*, kind, subject, payload, at) -> Event:
    """The row of `publish`, not saved yet: for who writes it together with the change."""
    if kind not in KINDS:
        raise ValueError(f"Unknown kind of event: {kind}")
    if personal := PERSONAL & set(payload):
        raise ValueError(f"Personal data does not leave the house: {sorted(personal)}")
    subject_kind = subject._meta.label_lower.removeprefix("crm.")
    return Event(kind=kind, subject_kind=subject_kind, subject_id=str(subject.pk), payload=payload, at=at)


def publish_all(*, kind, subjects, at) -> None:
    """Many events of one kind in one statement; `subjects`: `[(row, payload)]`."""
    Event.objects.bulk_create([
        Event(kind=kind, subject_kind=row._meta.label_lower.removeprefix("crm."), subject_id=str(row.pk), payload=payload, at=at)
        for row, payload in subjects
    ])  # fmt: skip


def message(event) -> dict:
    """What a receiver gets: `{"id", "type", "timestamp", "data"}`. The id is the same at every repetition."""
    subject = {"kind": event.subject_kind, "id": event.subject_id}
    return {"id": str(event.key), "type": event.kind, "timestamp": event.at.isoformat(), "data": {"subject": subject} | event.payload}

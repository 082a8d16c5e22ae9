"""From event rows to receivers. Everything here may run twice at once and be killed anywhere: rows are claimed before they are worked on.

    event written  →  fan_out: a delivery for each subscription  →  claim: an attempt is written  →  post  →  the attempt is closed
A sender that dies after `claim` leaves an attempt without an end; when its claim runs out the delivery is tried again under the same
event id. So a receiver hears of every event at least once, and knows a repetition by its id.
"""

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F

from crm.webhooks import services, signing
from crm.webhooks.events import message
from crm.webhooks.models import Attempt, Delivery, Event, Subscription
from crm.webhooks.sending import Outcome, post

CLAIM_LASTS = dt.timedelta(seconds=60)
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 10, 3600
GIVE_UP_AFTER = 20
AT_ONCE, AT_ONCE_TO_ONE = 8, 4
KEEP_FOR = dt.timedelta(days=30)
LOCK = 0x77656268  # any number of our own
State = Delivery.State


def wait_after(attempts: int, salt: str = "") -> dt.timedelta:
    """10 s, 30 s, 90 s … at most an hour; a tenth more or less by `salt`, so that a thousand failures do not come back as one."""
    seconds = min(FIRST_WAIT_SECONDS * 3 ** (attempts - 1), LONGEST_WAIT_SECONDS)
    spread = int(hashlib.sha256(salt.encode()).hexdigest()[:4], 16) / 0xFFFF - 0.5 if salt else 0
    return dt.timedelta(seconds=seconds * (1 + spread / 5))


@transaction.atomic
def fan_out(*, at, limit=500) -> int:
    """Make the deliveries of events that have none yet; returns how many events were looked at."""
    events = list(Event.objects.filter(fanned_out_at=None).select_for_update(skip_locked=True).order_by("id")[:limit])
    if not events:
        return 0
    active = list(Subscription.objects.exclude(state=Subscription.State.PAUSED))
    Delivery.objects.bulk_create(
        [
            Delivery(event=event, subscription=one, due_at=at, attempts_left=services.ATTEMPTS)
            for event in events
            for one in active
            if event.kind in one.kinds and one.created_at <= event.at
        ],
        ignore_conflicts=True,
    )
    Event.objects.filter(pk__in=[event.pk for event in events]).update(fanned_out_at=at)
    return len(events)


@dataclass(frozen=True)
class Ready:
    """A claimed delivery as it will be sent."""

    delivery: Delivery
    attempt: Attempt
    body: bytes
    headers: dict


@transaction.atomic
def claim(*, at) -> list[Ready]:
    """Take what is due, a few of each receiver, so that a slow one does not hold up the others."""
    due = Delivery.objects.due(at).select_for_update(skip_locked=True, of=("self",)).select_related("event", "subscription")
    taken, of_each = [], {}
    for delivery in due.order_by("due_at", "pk")[: AT_ONCE * 20]:
        if of_each.get(delivery.subscription_id, 0) >= AT_ONCE_TO_ONE or len(taken) >= AT_ONCE:
            continue
        of_each[delivery.subscription_id] = of_each.get(delivery.subscription_id, 0) + 1
        taken.append(_take(delivery, at))
    return taken


def _take(delivery, at):
    if delivery.state == State.SENDING:
        delivery.attempts.filter(duration_ms=None, error="").update(error="lost")
    number = delivery.attempts_made + 1
    left = max(delivery.attempts_left - 1, 0)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SENDING, claimed_until=at + CLAIM_LASTS, attempts_made=number, attempts_left=left
    )
    delivery.attempts_made, delivery.attempts_left = number, left
    body = body_of(delivery.event)
    return Ready(delivery, Attempt.objects.create(delivery=delivery, number=number, at=at), body, headers_of(delivery, body, at))


def body_of(event) -> bytes:
    return json.dumps(message(event), ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery, body, at) -> dict:
    """As Standard Webhooks has them; signed with every secret that holds at the moment."""
    key, seconds = str(delivery.event.key), int(at.timestamp())
    seals = [signing.sign(secret, message_id=key, timestamp=seconds, body=body) for secret in delivery.subscription.secrets(at)]
    return {
        "Content-Type": "application/json", "User-Agent": "Greenlane", "webhook-id": key, "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(seals),
    }  # fmt: skip


def send(ready: Ready) -> Outcome:
    return post(ready.delivery.subscription.url, body=ready.body, headers=ready.headers)


@transaction.atomic
def close(ready: Ready, outcome: Outcome, *, at) -> None:
    """Write down what became of an attempt and what comes next. Another sender may have taken over meanwhile: then only the attempt is closed."""
    Attempt.objects.filter(pk=ready.attempt.pk).update(
        status=outcome.status, duration_ms=outcome.duration_ms, error=outcome.error[:300], answer=outcome.answer[:1000]
    )
    delivery = ready.delivery
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts_made=ready.attempt.number)
    if outcome.is_good:
        mine.update(state=State.DELIVERED, status=outcome.status, finished_at=at, claimed_until=None)
        Subscription.objects.filter(pk=delivery.subscription_id, failures_in_row__gt=0).update(failures_in_row=0)
        return
    last = delivery.attempts_left == 0
    mine.update(
        state=State.FAILED if last else State.WAITING, status=outcome.status, claimed_until=None, finished_at=at if last else None,
        due_at=at + wait_after(ready.attempt.number, salt=f"{delivery.pk}.{ready.attempt.number}"),
    )  # fmt: skip
    Subscription.objects.filter(pk=delivery.subscription_id).update(failures_in_row=F("failures_in_row") + 1)
    subscription = Subscription.objects.get(pk=delivery.subscription_id)
    if subscription.failures_in_row >= GIVE_UP_AFTER:
        services.give_up_on(subscription_id=subscription.pk, why=outcome.error, at=at)


def deliver_due(*, now, most=200) -> int:
    """Send what is due until nothing is, or `most` attempts are made; `now()` tells the time. Returns the attempts made.

    One sweep at a time: slow receivers must not take every worker away from the other work of the house.
    """
    if not _alone():
        return 0
    try:
        return _deliver(now, most)
    finally:
        _leave()


def _deliver(now, most):
    made = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as senders:  # only the waiting is parallel; the database stays here
        while made < most and (ready := claim(at=now())):
            for one, outcome in zip(ready, senders.map(send, ready), strict=True):
                close(one, outcome, at=now())
            made += len(ready)
    return made


def _alone():
    """A lock of the database session: it goes when the process does."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def _leave():
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def forget(*, at) -> int:
    """Events older than 30 days go, with their deliveries, unless an active subscription still waits for one."""
    awaited = Delivery.objects.unfinished().filter(subscription__state=Subscription.State.ACTIVE)
    old = Event.objects.filter(at__lt=at - KEEP_FOR).exclude(deliveries__in=awaited)
    return old.delete()[0]

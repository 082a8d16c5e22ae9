"""What is done to subscriptions: made, changed, stopped, started, given a new secret, tested."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.webhooks import events, signing
from crm.webhooks.models import Delivery, Subscription
from crm.webhooks.sending import NotAllowed, parts_of

State = Subscription.State
ATTEMPTS = 10


@transaction.atomic
def subscribe(*, name, url, kinds, by, at) -> Subscription:
    """A new subscription. Refuses an address that is none, and kinds that do not exist."""
    _check(url, kinds)
    made = Subscription.objects.create(name=name, url=url, kinds=sorted(set(kinds)), created_by=by, created_at=at)
    record(by=by, did="subscribed", on=made, name=made.name, url=made.url, kinds=made.kinds)
    return made


@transaction.atomic
def change(*, subscription, name, url, kinds, by) -> Subscription:
    _check(url, kinds)
    subscription.name, subscription.url, subscription.kinds = name, url, sorted(set(kinds))
    subscription.save(update_fields=["name", "url", "kinds"])
    record(by=by, did="changed webhook", on=subscription, name=name, url=url, kinds=subscription.kinds)
    return subscription


def _check(url, kinds):
    try:
        parts_of(url)
    except NotAllowed as refusal:
        raise Refused(str(refusal), code="bad_address") from refusal
    if unknown := sorted(set(kinds) - set(events.KINDS)):
        raise Refused(_("There is no event called %(kind)s.") % {"kind": ", ".join(unknown)}, code="unknown_kind")


@transaction.atomic
def renew_secret(*, subscription, by, at) -> str:
    """A new secret, told this once; the one before it signs beside it for a day. Returns the secret."""
    subscription.nonce_before, subscription.nonce, subscription.renewed_at = subscription.nonce, signing.new_nonce(), at
    subscription.save(update_fields=["nonce", "nonce_before", "renewed_at"])
    record(by=by, did="renewed secret", on=subscription, name=subscription.name)
    return subscription.secrets(at)[0]


@transaction.atomic
def pause(*, subscription, by) -> Subscription:
    """Nothing more is sent; what waits, waits."""
    if not Subscription.objects.filter(pk=subscription.pk, state=State.ACTIVE).update(state=State.PAUSED):
        raise AlreadyDone(_("“%(name)s” is not active.") % {"name": subscription.name})
    record(by=by, did="paused webhook", on=subscription, name=subscription.name)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def resume(*, subscription, by, at) -> Subscription:
    """Serve it again, beginning with what waits."""
    stopped = Subscription.objects.filter(pk=subscription.pk).exclude(state=State.ACTIVE)
    if not stopped.update(state=State.ACTIVE, failures_in_row=0, disabled_at=None, disabled_why=""):
        raise AlreadyDone(_("“%(name)s” is active already.") % {"name": subscription.name})
    Delivery.objects.filter(subscription=subscription, state=Delivery.State.WAITING).update(due_at=at, attempts_left=ATTEMPTS)
    record(by=by, did="resumed webhook", on=subscription, name=subscription.name)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def test(*, subscription, by, at) -> Delivery:
    """Send a test event to this subscription alone."""
    event = events.publish(kind="webhook.test", subject=subscription, payload={"asked_by": by.username}, at=at)
    type(event).objects.filter(pk=event.pk).update(fanned_out_at=at)
    record(by=by, did="tested webhook", on=subscription, name=subscription.name)
    return Delivery.objects.create(event=event, subscription=subscription, due_at=at, attempts_left=1)


@transaction.atomic
def replay(*, delivery, by, at) -> Delivery:
    """Send a finished delivery again, with the same event id, so that the receiver knows it. One that is on its way is `AlreadyDone`."""
    finished = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.DELIVERED, Delivery.State.FAILED])
    if not finished.update(state=Delivery.State.WAITING, due_at=at, attempts_left=ATTEMPTS, finished_at=None, status=None):
        raise AlreadyDone(_("This delivery is still on its way."))
    record(by=by, did="replayed", on=delivery, event=str(delivery.event.key), name=delivery.subscription.name)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def give_up_on(*, subscription_id, why, at) -> bool:
    """Stop serving an address that failed too often in a row; told in the audit trail, on the page and beside it in the rail."""
    stopped = Subscription.objects.filter(pk=subscription_id, state=State.ACTIVE)
    if not stopped.update(state=State.DISABLED, disabled_at=at, disabled_why=why[:300]):
        return False
    subscription = Subscription.objects.get(pk=subscription_id)
    record(by=None, did="gave up webhook", on=subscription, name=subscription.name, why=why[:300], on_day=str(timezone.localdate(at)))
    return True

"""What leaves the house: events written beside the change, who wants them, and every attempt to hand them over."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.webhooks.keys import Keyed


class Event(models.Model):
    """Something that happened, in the transaction in which it happened. `key` is the id by which receivers know a repetition."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("event"), max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"))
    fanned_out_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="events_to_fan_out", condition=Q(fanned_out_at=None)),
            models.Index(fields=["at"], name="events_by_time"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_kind} {self.subject_id}"


class SubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.edit_webhooks") else self.none()

    def active(self):
        return self.filter(state=Subscription.State.ACTIVE)

    def given_up(self):
        """Those we stopped serving because they failed too often."""
        return self.filter(state=Subscription.State.DISABLED)


class Subscription(Keyed):
    """An address that is told of some kinds of events."""

    purpose = "subscription"

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DISABLED = "disabled", _("Disabled after failures")

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("events"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    disabled_why = models.CharField(_("why"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made at"))

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.edit_webhooks") else self.none()

    def due(self, at):
        """Waiting ones of active subscriptions whose time has come, and those whose sender died on the way."""
        waiting, sending = Q(state=Delivery.State.WAITING, due_at__lte=at), Q(state=Delivery.State.SENDING, claimed_until__lte=at)
        return self.filter(waiting | sending, subscription__state=Subscription.State.ACTIVE)

    def unfinished(self):
        return self.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])


class Delivery(models.Model):
    """One event on its way to one subscription."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries", verbose_name=_("subscription"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField(null=True)
    attempts_left = models.PositiveSmallIntegerField(_("attempts left"))
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "subscription"], name="an_event_once_to_each_subscription")]
        indexes = [
            models.Index(fields=["due_at"], name="deliveries_unfinished", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["subscription", "-id"], name="deliveries_of_subscription"),
        ]

    def __str__(self):
        return f"{self.event_id} → {self.subscription_id}"


class Attempt(models.Model):
    """One request. Written before it leaves: without `duration_ms` nobody knows what became of it."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    duration_ms = models.PositiveIntegerField(_("duration, ms"), null=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempts_are_counted")]

    def __str__(self):
        return f"{self.delivery_id} #{self.number}"

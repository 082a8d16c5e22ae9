"""Calls that the telephone system tells us of, and whose telephone is whose."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.webhooks.keys import Keyed

# A call nobody ended (the telephone system forgot to say so) leaves the screen after so long.
ON_SCREEN_FOR = dt.timedelta(minutes=30)


class IntegrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.edit_telephony") else self.none()


class Integration(Keyed):
    """A telephone system that may tell us of calls; it names itself by `code` and signs with its secret."""

    purpose = "telephony"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("may tell of calls"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made at"))

    objects = IntegrationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name


class LineQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.edit_telephony") else self.filter(person=user)


class Line(models.Model):
    """Whose telephone rings: the extension or agent code the telephone system speaks of."""

    code = models.CharField(_("extension or agent code"), max_length=20, unique=True)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="line", verbose_name=_("person"))

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.person}"


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own calls, and those of accounts the person may see; of unknown callers to roles without a unit."""
        if not user.has_perm("crm.view_call"):
            return self.none()
        if not user.bound_to_unit:
            return self
        return self.filter(Q(agent=user) | Q(account__in=Account.objects.visible_to(user)))

    def on_screen_of(self, user, at):
        """The calls a person has on the line now, newest first."""
        return self.filter(agent=user, ended_at=None, put_away_at=None, rang_at__gte=at - ON_SCREEN_FOR).order_by("-rang_at", "-pk")


class Call(models.Model):
    class State(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        ANSWERED = "answered", _("Answered")
        ENDED = "ended", _("Ended")

    integration = models.ForeignKey(Integration, models.PROTECT, related_name="calls")
    call_id = models.CharField(_("number of the call"), max_length=80)
    phone = models.CharField(_("caller's phone"), max_length=30, blank=True)
    line = models.CharField(_("extension or agent code"), max_length=20, blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="calls", verbose_name=_("agent"))
    account = models.ForeignKey("crm.Account", models.SET_NULL, null=True, related_name="calls", verbose_name=_("account"), db_index=False)
    matches = ArrayField(models.BigIntegerField(), default=list, help_text="Accounts that this phone may belong to, likeliest first")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RINGING)
    rang_at = models.DateTimeField(_("rang at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    popped_at = models.DateTimeField(null=True)
    put_away_at = models.DateTimeField(null=True)
    # The form that the call opens carries this key, and so does the ticket logged with it.
    ticket_key = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["integration", "call_id"], name="a_call_is_told_once")]
        indexes = [
            models.Index(fields=["account", "-rang_at"], name="calls_of_account"),
            models.Index(fields=["agent", "-rang_at"], name="calls_on_screen", condition=Q(ended_at=None, put_away_at=None)),
        ]

    def __str__(self):
        return f"{self.integration_id} {self.call_id}"

    @property
    def talked_seconds(self):
        """None while it is not over or was never answered."""
        return int((self.ended_at - self.answered_at).total_seconds()) if self.ended_at and self.answered_at else None

"""Versioned policies: what the engine was told when it judged."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.service_levels.models import DateRange


class PolicyQuerySet(models.QuerySet):
    def open(self):
        """Versions still on their way: drafted, simulated or waiting for an approver."""
        return self.filter(state__in=OPEN)

    def decided(self):
        return self.filter(state__in=["published", "retired"])

    def in_force_on(self, day: dt.date):
        """The version of each kind, and kind of account, whose days `day` is among."""
        began, lasts = Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        return self.decided().filter(began, lasts)

    def last(self):
        """The version of each kind that holds from some day on and has no end yet."""
        return self.decided().filter(valid_until__isnull=True)


class Policy(models.Model):
    """One version of one kind of policy, for one kind of account or for all. Published versions never change (a trigger in the database
    holds that); a run names the versions it used. `valid_from` is the first as-of day it judges, `valid_until` the first it no longer does."""

    class Kind(models.TextChoices):
        VALUE = "value", _("Value")
        CREDIT = "credit", _("Credit")
        WARNING = "warning", _("Early warning")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIMULATED = "simulated", _("Simulated")
        SUBMITTED = "submitted", _("Submitted")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    account_kind = models.CharField(
        _("kind of account"), max_length=20, choices=Account.Category, blank=True, default="", help_text="Empty: every kind of account"
    )
    version = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("body"), help_text="What segmentation.engine's policy of this kind reads")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "account_kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_policy_per_version"),
            models.UniqueConstraint(
                fields=["kind", "account_kind"], condition=Q(state__in=["draft", "simulated", "submitted"]), name="one_open_policy_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="a_policy_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="one_policy_in_force_per_kind_and_day",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("account_kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["published", "retired"]),
            ),
        ]

    def __str__(self):
        scope = f" ({self.get_account_kind_display()})" if self.account_kind else ""
        return f"{self.get_kind_display()} {self.version}{scope}"

    @property
    def is_open(self):
        return self.state in OPEN


OPEN = [Policy.State.DRAFT, Policy.State.SIMULATED, Policy.State.SUBMITTED]
EDITABLE = [Policy.State.DRAFT, Policy.State.SIMULATED]

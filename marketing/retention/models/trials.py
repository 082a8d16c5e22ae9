"""Who is treated and who is held out, drawn by lot before anybody is called; the outcome of each once the horizon has passed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account, within_reach
from marketing.market.models import Outcome
from segmentation.segments.models import Segment


class Arm(models.TextChoices):
    TREATED = "treated", _("Treated")
    HOLDOUT = "holdout", _("Held out")


class TrialQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("marketing.view_retention") else self.none()

    def to_read(self, user):
        """The latest trial of which some lots are settled, else the latest: the one whose effect is asked for first."""
        seen = self.visible_to(user)
        settled = Assignment.objects.filter(trial=models.OuterRef("pk"), settled_on__isnull=False)
        return seen.filter(models.Exists(settled)).order_by("-pk").first() or seen.order_by("-pk").first()

    def running(self):
        return self.filter(closed_at=None).order_by("-pk").first()


class Trial(models.Model):
    """One comparison. Share, seed, bands, segment, horizon and weights are set when it opens and never change."""

    name = models.CharField(_("name"), max_length=80)
    share = models.DecimalField(_("share held out"), max_digits=4, decimal_places=3)
    bands = models.JSONField(_("risk bands"), default=list)
    horizon_days = models.PositiveSmallIntegerField(_("horizon, days"))
    seed = models.BigIntegerField(_("seed"))
    value_lost = models.JSONField(_("value lost by outcome"), default=dict, help_text="{outcome: share of a year's revenue, 0..1}")
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("segment"),
        help_text=_("Empty: everybody in the bands"),
    )
    ethics = models.CharField(_("why it is right to hold some out"), max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(closed_at=None), name="one_trial_at_a_time"),
            models.CheckConstraint(condition=Q(share__gte=0.02, share__lte=0.5), name="a_holdout_is_2_to_50_percent"),
            models.CheckConstraint(condition=Q(horizon_days__gte=7, horizon_days__lte=365), name="a_horizon_is_7_to_365_days"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_trial_keeps_its_terms", fields=["share", "bands", "horizon_days", "seed", "value_lost", "segment", "opened_at"]
            )
        ]

    def __str__(self):
        return self.name


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not (user.is_active and user.has_perm("marketing.view_retention") and user.has_perm("crm.view_account")):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self

    def holding(self):
        """Those held out of a running trial and not released."""
        return self.filter(arm=Arm.HOLDOUT, released_at=None, trial__closed_at=None)

    def unsettled(self):
        return self.filter(settled_on=None)


class Assignment(models.Model):
    """The lot of one account in one trial. Arm, stratum and the facts of that day cannot be changed, nor an outcome once it is settled."""

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="assignments", verbose_name=_("trial"), db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="assignments", verbose_name=_("account"))
    arm = models.CharField(_("arm"), max_length=8, choices=Arm)
    stratum = models.CharField(_("stratum"), max_length=60, help_text="band|tier|category")
    assigned_at = models.DateTimeField(_("assigned at"))
    due_on = models.DateField(_("horizon ends on"))
    before = models.JSONField(_("facts of that day"), default=dict, help_text="See rules.Facts")
    revenue_12m_fen = models.BigIntegerField(_("revenue, 12 months, fen"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, default="", help_text="Empty when settled: kept")
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    release_reason = models.CharField(_("reason of the release"), max_length=300, blank=True, default="")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "account"], name="one_lot_for_each_account"),
            models.CheckConstraint(condition=Q(released_at=None) | (Q(arm="holdout") & ~Q(release_reason="")), name="a_release_says_why"),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="lots_to_settle", condition=Q(settled_on=None))]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_lot_is_drawn_once",
                fields=["trial", "account", "arm", "stratum", "assigned_at", "due_on", "before", "revenue_12m_fen"],
            ),
            pgtrigger.Protect(
                name="an_outcome_is_settled_once", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__settled_on__isnull=False)
                & (pgtrigger.Q(old__outcome__df=pgtrigger.F("new__outcome")) | pgtrigger.Q(old__settled_on__df=pgtrigger.F("new__settled_on"))),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.trial_id} {self.account_id} {self.arm}"


class ExemptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not (user.is_active and user.has_perm("marketing.view_retention") and user.has_perm("crm.view_account")):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self

    def standing(self):
        return self.filter(ended_at=None)


class Exemption(models.Model):
    """An account that is never held out, by hand and with a reason. Important customers and green-channel holders need none."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="holdout_exemptions", verbose_name=_("account"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at=None), name="one_exemption_at_a_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_exemption_says_why"),
        ]

    def __str__(self):
        return f"{self.account_id}"

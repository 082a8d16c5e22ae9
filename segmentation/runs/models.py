"""A run, where every account stands after it, and what moved."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account, within_reach
from segmentation.policies.models import Policy


class RunQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("segmentation.view_standing") else self.none()

    def unfinished(self):
        return self.filter(state__in=["waiting", "running"])

    def published(self):
        """Runs that were in force once, newest first."""
        return self.filter(state="published").order_by("-id")

    def in_force(self):
        """The run whose judgement is being shown, or None."""
        return self.filter(in_force=True).first()


class Run(models.Model):
    """Immutable once finished: what was judged, as of when, by which versions, and what came out."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        PUBLISHED = "published", _("Published")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    as_of = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    in_force = models.BooleanField(_("in force"), default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    stage = models.CharField(_("stage"), max_length=20, blank=True)
    stages = models.JSONField(_("stages"), default=list, help_text="[{stage, rows, seconds, state}] in order")
    value_policy = models.ForeignKey("segmentation.Policy", models.PROTECT, null=True, related_name="+")
    credit_policy = models.ForeignKey("segmentation.Policy", models.PROTECT, null=True, related_name="+")
    warning_policy = models.ForeignKey("segmentation.Policy", models.PROTECT, null=True, related_name="+")
    restores = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("restores"),
        help_text="The older run whose scores this one puts back in force",
    )
    code_version = models.CharField(max_length=60, blank=True)
    counts = models.JSONField(_("counts"), default=dict, help_text="accounts, judged, unscored, changed, tiers {...}, bands {...}")
    error = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="one_run_in_force"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_run_at_a_time"),
        ]

    def __str__(self):
        return f"{self.pk}"

    def policies_used(self) -> list[Policy]:
        """The versions it judged by, those of one kind of account last."""
        general = [it for it in (self.value_policy, self.credit_policy, self.warning_policy) if it is not None]
        special = self.counts.get("special_policies")
        return [*general, *Policy.objects.filter(pk__in=special)] if special else general

    @property
    def took(self):
        """Seconds from its last start to its end, None while it is not done."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else None


class Tier(models.TextChoices):
    DIAMOND = "diamond", _("Diamond")
    PLATINUM = "platinum", _("Platinum")
    GOLD = "gold", _("Gold")
    SILVER = "silver", _("Silver")
    STANDARD = "standard", _("Standard")
    UNSCORED = "", _("Not scored")


class RiskBand(models.TextChoices):
    HIGH = "high", _("High")
    ELEVATED = "elevated", _("Elevated")
    WATCH = "watch", _("Watch")
    LOW = "low", _("Low")
    UNSCORED = "", _("Not scored")


class Quadrant(models.TextChoices):
    KEY = "key", _("Key")
    POTENTIAL_LARGE = "potential_large", _("Potential large")
    MAINTAIN = "maintain", _("Maintain")
    STANDARD = "standard", _("Standard")
    UNSCORED = "", _("Not scored")


class UsageState(models.TextChoices):
    ACTIVE = "active", _("In use")
    NEW = "new", pgettext_lazy("use", "New")
    FADING = "fading", _("Fading")
    COLLAPSED = "collapsed", _("Collapsed")
    STOPPED = "stopped", _("Stopped")
    RETURNED = "returned", _("Returned")
    DORMANT = "dormant", _("Dormant")
    CLOSED = "closed", pgettext_lazy("account", "Closed")
    UNKNOWN = "", _("Not known")


class StandingQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.has_perm("segmentation.view_standing"):
            return self.none()
        if not user.is_active or not user.has_perm("crm.view_account"):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self


class Standing(models.Model):
    """Where one account stands by the run in force. Unscored is its own answer, never the lowest tier. Rounded to what is shown."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="standing")
    run = models.ForeignKey(
        Run, models.PROTECT, null=True, related_name="+", db_index=False, help_text="The run that last changed this row"
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True, default="")
    tier_before = models.CharField(_("tier before"), max_length=10, choices=Tier, blank=True, default="")
    tier_pressure_runs = models.SmallIntegerField(
        default=0, help_text="Months in a row the score asked for another tier; sign is the direction"
    )
    value_score = models.DecimalField(_("value"), max_digits=4, decimal_places=1, null=True)
    value_delta = models.DecimalField(_("change since last month"), max_digits=4, decimal_places=1, null=True)
    current_score = models.DecimalField(_("current value"), max_digits=4, decimal_places=1, null=True)
    potential_score = models.DecimalField(_("potential value"), max_digits=4, decimal_places=1, null=True)
    quadrant = models.CharField(_("quadrant"), max_length=16, choices=Quadrant, blank=True, default="")
    credit_score = models.DecimalField(_("credit"), max_digits=4, decimal_places=1, null=True)
    credit_grade = models.CharField(_("credit grade"), max_length=1, blank=True, default="")
    risk_score = models.DecimalField(_("early warning"), max_digits=4, decimal_places=1, null=True)
    risk_band = models.CharField(_("risk band"), max_length=10, choices=RiskBand, blank=True, default="")
    risk_model = models.PositiveIntegerField(
        _("risk by model"), null=True, help_text="The model that scored it; null: the rules did, and the figure is no probability"
    )
    risk_outcome = models.CharField(_("likely outcome"), max_length=12, blank=True, default="")
    usage_state = models.CharField(_("use"), max_length=10, choices=UsageState, blank=True, default="")
    kwh_12m = models.FloatField(_("kWh, 12 months"), null=True)
    revenue_12m_fen = models.BigIntegerField(_("revenue, 12 months, fen"), null=True)
    growth = models.FloatField(_("growth"), null=True)
    arrears_fen = models.BigIntegerField(_("arrears, fen"), null=True)
    spark_kwh = ArrayField(models.FloatField(null=True), verbose_name=_("last 12 months, kWh"), default=list)
    # JSON as the engine wrote it: nothing is looked for inside, and PostgreSQL would take twice the room and four times the time to take it apart.
    headline = models.TextField(
        _("what to know"),
        blank=True,
        default="",
        help_text="The headline of `reasons` alone, empty when there is nothing; words by segmentation.engine.explain",
    )
    reasons = models.TextField(_("reasons"), blank=True, default="", help_text="JSON; see segmentation.engine.explain")
    digest = models.BigIntegerField(
        default=0, editable=False, help_text="Of all columns shown, so that a run sends only rows that differ; 0: blank"
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(models.F("value_score").desc(nulls_last=True), "account", name="standing_by_value"),
            models.Index(models.F("risk_score").desc(nulls_last=True), "account", name="standing_by_risk"),
            models.Index(models.F("revenue_12m_fen").desc(nulls_last=True), "account", name="standing_by_revenue"),
            models.Index(models.F("growth").desc(nulls_last=True), "account", name="standing_by_growth"),
            models.Index(models.F("arrears_fen").desc(nulls_last=True), "account", name="standing_by_arrears"),
            models.Index(models.F("kwh_12m").desc(nulls_last=True), "account", name="standing_by_kwh"),
            models.Index("tier", models.F("revenue_12m_fen").desc(nulls_last=True), "account", name="standing_by_tier"),
            models.Index("usage_state", "quadrant", name="standing_by_use"),
            models.Index("risk_band", models.F("revenue_12m_fen").desc(nulls_last=True), "account", name="standing_by_band"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.tier} {self.value_score}"

    @property
    def revenue_12m_yuan(self):
        return None if self.revenue_12m_fen is None else Decimal(self.revenue_12m_fen) / 100


class Change(models.Model):
    """What moved for an account in a run: tier, band, grade or state of use. Unmoved accounts have no row."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    account = models.ForeignKey(Account, models.CASCADE, related_name="standing_changes", db_index=False)
    tier_from = models.CharField(max_length=10, choices=Tier, blank=True)
    tier_to = models.CharField(max_length=10, choices=Tier, blank=True)
    band_from = models.CharField(max_length=10, choices=RiskBand, blank=True)
    band_to = models.CharField(max_length=10, choices=RiskBand, blank=True)
    grade_from = models.CharField(max_length=1, blank=True, default="")
    grade_to = models.CharField(max_length=1, blank=True, default="")
    usage_from = models.CharField(max_length=10, choices=UsageState, blank=True, default="")
    usage_to = models.CharField(max_length=10, choices=UsageState, blank=True, default="")
    value_from = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    value_to = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    risk_from = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    risk_to = models.DecimalField(max_digits=4, decimal_places=1, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_change_per_run_and_account")]
        indexes = [models.Index(fields=["account", "-run"], name="changes_of_account")]

    def __str__(self):
        return f"{self.account_id} {self.tier_from} → {self.tier_to}"

"""What is asked of a model, the models themselves, and what each did in a run."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OUTCOMES = ("switched", "closed", "reduced", "self_supply", "declined")
VALUE_LOST = {"switched": 0.15, "closed": 1.0, "reduced": 0.4, "self_supply": 0.5, "declined": 0.5}
FROM = {"high": 0.30, "elevated": 0.15, "watch": 0.05}


class Outcome(models.TextChoices):
    SWITCHED = "switched", _("Changed supplier")
    CLOSED = "closed", pgettext_lazy("outcome", "Closed")
    REDUCED = "reduced", _("Reduced capacity")
    SELF_SUPPLY = "self_supply", _("Own supply")
    DECLINED = "declined", _("Declined")


class ChurnTermsQuerySet(models.QuerySet):
    def in_force(self):
        """The newest terms, or the product's own where nobody wrote any."""
        return self.order_by("-id").first() or ChurnTerms()


def value_lost():
    return dict(VALUE_LOST)


def band_from():
    return dict(FROM)


class ChurnTerms(models.Model):
    """What counts as leaving and what is done about it: a new row each time somebody edits, the newest in force."""

    class How(models.TextChoices):
        PROBABILITY = "probability", _("By probability")
        CAPACITY = "capacity", _("By what a team can call")

    horizon_days = models.PositiveSmallIntegerField(_("horizon, days"), default=90)
    value_lost = models.JSONField(_("value lost"), default=value_lost, help_text="{outcome: share of the margin lost}")
    min_leavers = models.PositiveSmallIntegerField(_("fewest leavers to learn from"), default=30)
    months = models.PositiveSmallIntegerField(_("months of snapshots"), default=12)
    explained = models.PositiveIntegerField(_("accounts with exact reasons"), default=2000)
    bands = models.CharField(_("bands"), max_length=12, choices=How, default=How.PROBABILITY)
    band_from = models.JSONField(_("bands from"), default=band_from, help_text="{band: least probability}")
    calls_a_week = models.PositiveIntegerField(_("calls a week and team"), default=200)
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ChurnTermsQuerySet.as_manager()

    def __str__(self):
        return f"{self.horizon_days} d"


class RiskModelQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("segmentation.view_risk_model") else self.none()

    def unfinished(self):
        return self.filter(state__in=["waiting", "running"])

    def in_force(self):
        return self.filter(state="in_force").first()

    def without_cards(self):
        return self.defer("card")


class RiskModel(models.Model):
    """One training and what came of it. Immutable once trained but for its state; the text lies in `ModelText`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", pgettext_lazy("training", "Running")
        FAILED = "failed", _("Failed")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        TRAINED = "trained", _("Trained")
        PROPOSED = "proposed", _("Waiting for approval")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    shadow = models.BooleanField(_("scored in shadow"), default=False, help_text="Scores in each run beside the one in force, unseen")
    parameters = models.JSONField(default=dict, help_text="{outcomes, horizon_days, months, candidates, seed, min_leavers, until}")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveSmallIntegerField(default=0, help_text="Percent")
    error = models.TextField(blank=True, help_text="First line a code the page explains, then what the machine said")
    code_version = models.CharField(max_length=60, blank=True)
    card = models.JSONField(default=dict, help_text="segmentation.engine.churn.training: measures, curves, columns, refusals; survival")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    in_force_since = models.DateTimeField(_("in force since"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = RiskModelQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="in_force"), name="one_risk_model_in_force"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_training_at_a_time"),
        ]

    def __str__(self):
        return f"{self.pk}"

    @property
    def is_learned(self):
        return self.state in ("trained", "proposed", "in_force", "retired")

    @property
    def took(self):
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else None


class ModelText(models.Model):
    """A model as text and numbers, no pickle."""

    model = models.OneToOneField(RiskModel, models.CASCADE, primary_key=True, related_name="text")
    body = models.JSONField()

    def __str__(self):
        return f"{self.model_id}"


class ModelUse(models.Model):
    """What a model said in a run: bands with the leavers expected in each, drift; and how many each band held once the horizon was over."""

    class Role(models.TextChoices):
        CHAMPION = "champion", _("In force")
        SHADOW = "shadow", _("In shadow")

    model = models.ForeignKey(RiskModel, models.CASCADE, related_name="uses")
    run_number = models.PositiveIntegerField(_("run"), help_text="Runs stand above this topic; kept by number")
    role = models.CharField(max_length=8, choices=Role)
    as_of = models.DateField(_("as of"))
    accounts = models.PositiveIntegerField(default=0)
    expected = models.JSONField(default=dict, help_text="{band: {accounts, expected}}")
    held = models.JSONField(default=dict, help_text="{band: true leavers}, {} until the horizon is over")
    drift = models.JSONField(default=list, help_text="[{column, psi}], largest first; column empty: the score")
    alarm = models.BooleanField(default=False)
    agreement = models.FloatField(null=True, help_text="Share of the accounts it would call first that the one in force calls first too")
    refused = models.CharField(max_length=200, blank=True, help_text="Why it could not score")

    class Meta:
        ordering = ["-run_number", "role"]
        constraints = [models.UniqueConstraint(fields=["model", "run_number"], name="one_use_of_a_model_a_run")]

    def __str__(self):
        return f"{self.model_id} {self.run_number}"

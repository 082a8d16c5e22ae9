"""What to do about an account that may leave, by how it may leave, how likely and how valuable it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.engagement.models import Engagement
from marketing.market.models import Outcome
from segmentation.runs.models import RiskBand, Tier


class StepKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    OFFER = "offer", _("Offer")
    PACKAGE = "package", _("Service package")
    REPAIR = "repair", _("Service repair")
    RENEWAL = "renewal", _("Contract renewal")


# As what the step stands on somebody's desk.
ENGAGED_AS = {StepKind.CALL: Engagement.Kind.CALL, StepKind.VISIT: Engagement.Kind.VISIT}
OFFERED = {StepKind.OFFER, StepKind.PACKAGE, StepKind.RENEWAL}
OFFERED_KINDS = [(kind.value, kind.label) for kind in StepKind if kind in OFFERED]


class Doer(models.TextChoices):
    MANAGER = "manager", _("Customer manager")
    REPRESENTATIVE = "representative", _("Representative, else the manager")


def in_reader_language(chinese, english):
    return english if english and not (get_language() or "").startswith("zh") else chinese


class PlaybookQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class Playbook(models.Model):
    """Empty outcome, band or tier: any. What is most specific is suggested first (see `rules.fits`)."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, default="")
    outcome = models.CharField(_("likely outcome"), max_length=12, choices=Outcome, blank=True, default="")
    band = models.CharField(_("risk band"), max_length=10, choices=[c for c in RiskBand.choices if c[0]], blank=True, default="")
    tier = models.CharField(_("tier"), max_length=10, choices=[c for c in Tier.choices if c[0]], blank=True, default="")
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        ordering = ["outcome", "band", "tier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "band", "tier"], condition=Q(is_active=True), name="one_playbook_in_use_for_each_case"
            )
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_en)


class Step(models.Model):
    """`within_days`: working days from the start of the plan. `cost_yuan`: what it costs us if it is accepted or done."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps", verbose_name=_("playbook"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    subject = models.CharField(_("what"), max_length=120)
    subject_en = models.CharField(_("what, in English"), max_length=120, blank=True, default="")
    doer = models.CharField(_("who"), max_length=14, choices=Doer, default=Doer.MANAGER)
    within_days = models.PositiveSmallIntegerField(_("within working days"))
    cost_yuan = models.DecimalField(_("cost, yuan"), max_digits=10, decimal_places=2, default=0)

    class Meta:
        ordering = ["playbook", "position"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "position"], name="one_step_at_a_place"),
            models.CheckConstraint(condition=Q(within_days__gte=1, within_days__lte=120), name="a_step_has_1_to_120_days"),
            models.CheckConstraint(condition=Q(cost_yuan__gte=0), name="a_step_costs_nothing_or_more"),
        ]

    def __str__(self):
        return in_reader_language(self.subject, self.subject_en)

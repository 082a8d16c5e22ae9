"""Proposals for a green channel; the granted fact is an `Entitlement` in crm."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.service_levels.models import Service
from marketing.green_channel.rules import SEED


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user)) if user.has_perm("marketing.view_proposal") else self.none()

    def open(self):
        return self.filter(state__in=OPEN)

    def waiting_for(self, user):
        """Those the person may decide: open, for accounts in reach, not their own; the second level as `may_decide_second` says."""
        if not user.has_perm("marketing.decide"):
            return self.none()
        second = Q(first_by__unit__in=user.unit_ids) if user.unit_id else Q()
        found = self.visible_to(user).exclude(proposed_by=user)
        return found.filter(Q(state=Proposal.State.PROPOSED) | (Q(state=Proposal.State.ENDORSED) & second & ~Q(first_by=user)))


class Proposal(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a decision")
        ENDORSED = "endorsed", _("Approved once, waiting for the second level")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed: not decided in time")

    account = models.ForeignKey(Account, models.CASCADE, related_name="proposals", verbose_name=_("account"))
    level = models.ForeignKey("crm.ServiceLevel", models.PROTECT, related_name="+", verbose_name=_("service level"))
    services = ArrayField(models.CharField(max_length=40, choices=Service), verbose_name=_("services"), default=list)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    quotas = models.JSONField(_("quotas"), default=dict, blank=True, db_default={}, help_text="{service: times in the period}")
    dedicated_line = models.CharField(_("dedicated line"), max_length=30, blank=True, default="", db_default="")
    reason = models.CharField(_("why"), max_length=500)
    evidence = models.JSONField(
        _("judgement at the time"), default=dict, help_text="tier, value_score, risk_score, risk_band, revenue_12m_yuan, run"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    levels_needed = models.PositiveSmallIntegerField(_("levels of approval"), default=1, db_default=1)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first approved by")
    )
    first_at = models.DateTimeField(_("first approved at"), null=True, blank=True)
    first_note = models.CharField(_("note of the first approval"), max_length=500, blank=True, default="", db_default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    entitlement = models.OneToOneField(
        "crm.Entitlement", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entitlement")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=["proposed", "endorsed"]), name="one_open_proposal_per_account"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="proposal_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(entitlement__isnull=False), name="an_approved_proposal_has_its_entitlement"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(decision_reason=""), name="a_refusal_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("proposed_by")), name="nobody_decides_their_own_proposal"
            ),
            models.CheckConstraint(
                condition=Q(first_by=None)
                | (~Q(first_by=F("proposed_by")) & (Q(decided_by=None) | Q(state="refused") | ~Q(first_by=F("decided_by")))),
                name="two_levels_are_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(levels_needed=1) | ~Q(first_by=None), name="two_levels_are_both_there"
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.state}"

    @property
    def service_names(self):
        return [Service(code).label for code in self.services]

    @property
    def is_open(self):
        return self.state in OPEN

    def may_be_decided_by(self, user):
        """Open, not one's own; the second level belongs to somebody else of the first one's unit or above it."""
        if not self.is_open or not user.has_perm("marketing.decide") or self.proposed_by_id == user.pk:
            return False
        return self.state == self.State.PROPOSED or may_decide_second(first=self.first_by, by=user)


OPEN = [Proposal.State.PROPOSED, Proposal.State.ENDORSED]


def may_decide_second(*, first, by) -> bool:
    """The second level is another person, of the same unit as the first or of one above it."""
    if first.pk == by.pk:
        return False
    return not (first.unit and by.unit) or first.unit.code.startswith(by.unit.code)


class ChannelRuleQuerySet(models.QuerySet):
    def on(self, day):
        """The rule in force on a day; where none was entered yet, the one every installation starts with (not saved)."""
        return self.filter(valid_from__lte=day).order_by("-valid_from").first() or self.model(**SEED)


class ChannelRule(models.Model):
    """How green channels are granted and renewed, from a day on. A row is never changed; a later one takes over."""

    valid_from = models.DateField(_("valid from"), unique=True)
    two_levels_from_yuan = models.PositiveBigIntegerField(
        _("two levels of approval from, yuan a year"),
        null=True,
        blank=True,
        help_text=_("Billed in the last twelve months; empty: never two."),
    )
    decide_within_days = models.PositiveSmallIntegerField(_("a proposal lapses after, days"))
    remind_days_before = models.PositiveSmallIntegerField(_("reminder of renewal, days before the end"))
    source = models.CharField(_("source"), max_length=200)
    mark = models.CharField(_("how sure"), max_length=1, default="M")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))

    objects = ChannelRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]

    def __str__(self):
        return f"{self.valid_from}"

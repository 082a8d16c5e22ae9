"""Candidates found by a run, the watch list of those somebody develops, and the register of large customers."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from marketing.development.rules import OPEN
from segmentation.runs.models import Run

PERSON = settings.AUTH_USER_MODEL


class OfAccount(models.QuerySet):
    """Rows about an account: seen by who sees the account."""

    def visible_to(self, user):
        if not user.has_perm("marketing.view_prospect"):
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user)) if user.bound_to_unit else self


class CandidateQuerySet(OfAccount):
    def not_taken_up(self):
        """Neither on the watch list nor a large customer already."""
        watched = Prospect.objects.open().filter(account=OuterRef("account"))
        large = LargeCustomer.objects.standing().filter(account=OuterRef("account"))
        return self.exclude(Exists(watched)).exclude(Exists(large))


class Finding(models.Model):
    """That the candidates were found from a run."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    found = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.run_id} {self.found}"


class Candidate(models.Model):
    """An account that the run in force shows growing large. Replaced after each run."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    strength = models.FloatField(_("strength of the evidence"))
    evidence = models.JSONField(_("evidence"), help_text="See marketing.development.finding")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("strength").desc(), "account", name="candidates_by_strength")]

    def __str__(self):
        return f"{self.account_id} {self.strength}"


class ProspectQuerySet(OfAccount):
    def open(self):
        return self.filter(state__in=OPEN)

    def waiting_for(self, user):
        """Proposals the person may decide: of accounts in reach, not their own."""
        return (
            self.visible_to(user).filter(state="proposed").exclude(proposed_by=user) if user.has_perm("marketing.decide") else self.none()
        )

    def to_develop(self, user):
        """What the person looks after, the next action first."""
        return self.visible_to(user).open().filter(owner=user)


class Prospect(models.Model):
    """An account on the watch list: somebody works on its becoming a large customer."""

    class State(models.TextChoices):
        WATCHING = "watching", _("Watching")
        CONTACTED = "contacted", _("Contacted")
        DEVELOPING = "developing", _("Developing")
        PROPOSED = "proposed", _("Proposed for promotion")
        PROMOTED = "promoted", _("Promoted")
        DROPPED = "dropped", _("Dropped")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WATCHING)
    evidence = models.JSONField(_("evidence at the time"), default=dict)
    next_action = models.CharField(_("next action"), max_length=160, blank=True)
    next_on = models.DateField(_("next action on"), null=True, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=500, blank=True, help_text=_("Of the proposal, or of dropping it"))
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state__in=OPEN), name="one_open_prospect_per_account"),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(reason=""), name="a_dropped_prospect_says_why"),
            models.CheckConstraint(
                condition=~Q(state="promoted") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="nobody_promotes_their_own_prospect",
            ),
        ]
        indexes = [models.Index(fields=["owner", "next_on"], name="prospects_of_owner")]

    def __str__(self):
        return f"{self.account_id} {self.state}"

    @property
    def is_open(self):
        return self.state in OPEN

    def may_be_decided_by(self, user):
        return self.state == self.State.PROPOSED and user.has_perm("marketing.decide") and self.proposed_by_id != user.pk


class ProspectNote(models.Model):
    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="notes")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(_("note"), max_length=1000)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.text


class LargeCustomerQuerySet(OfAccount):
    def standing(self):
        return self.filter(ends_on=None)


class LargeCustomer(models.Model):
    """That an account is on the list of large customers, from a day on, and how it got there."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    prospect = models.OneToOneField(Prospect, models.PROTECT, null=True, blank=True, related_name="large_customer")
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    ended_why = models.CharField(_("why it ended"), max_length=300, blank=True)

    objects = LargeCustomerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ends_on=None), name="a_large_customer_stands_once"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="large_customer_ends_after_it_begins"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.starts_on}"

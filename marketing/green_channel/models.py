"""Proposals for a green channel; the granted fact is an `Entitlement` in crm."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.service_levels.models import Service


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user)) if user.has_perm("marketing.view_proposal") else self.none()

    def open(self):
        return self.filter(state=Proposal.State.PROPOSED)

    def waiting_for(self, user):
        """Those the person may decide: open, for accounts in reach, not their own."""
        return self.visible_to(user).open().exclude(proposed_by=user) if user.has_perm("marketing.decide") else self.none()


class Proposal(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a decision")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed: not decided in time")

    account = models.ForeignKey(Account, models.CASCADE, related_name="proposals", verbose_name=_("account"))
    level = models.ForeignKey("crm.ServiceLevel", models.PROTECT, related_name="+", verbose_name=_("service level"))
    services = ArrayField(models.CharField(max_length=40, choices=Service), verbose_name=_("services"), default=list)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    reason = models.CharField(_("why"), max_length=500)
    evidence = models.JSONField(_("judgement at the time"), default=dict, help_text="tier, value_score, risk_score, run")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
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
            models.UniqueConstraint(fields=["account"], condition=Q(state="proposed"), name="one_open_proposal_per_account"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="proposal_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(entitlement__isnull=False), name="an_approved_proposal_has_its_entitlement"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(decision_reason=""), name="a_refusal_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("proposed_by")), name="nobody_decides_their_own_proposal"
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.state}"

    @property
    def service_names(self):
        return [Service(code).label for code in self.services]

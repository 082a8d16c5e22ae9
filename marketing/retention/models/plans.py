"""A plan for one account: its tasks (visits, calls and tasks of crm), what was offered, how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account, within_reach
from crm.engagement.models import Engagement
from marketing.market.models import LossNote, Outcome
from marketing.retention.models.playbooks import Playbook, StepKind
from segmentation.runs.models import RiskBand, Tier


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not (user.is_active and user.has_perm("marketing.view_retention") and user.has_perm("crm.view_account")):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self

    def open(self):
        return self.filter(state=Plan.State.OPEN)

    def overdue(self, on):
        """Open, with a task whose day has passed."""
        late = PlanTask.objects.filter(plan=OuterRef("pk")).undone().filter(engagement__planned_on__lt=on)
        return self.open().filter(Exists(late))


class Plan(models.Model):
    """Band, outcome, tier and revenue are those of the day it was started, whatever run has judged since."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        KEPT = "kept", _("Kept")
        LEFT = "left", pgettext_lazy("plan", "Left")
        DROPPED = "dropped", _("Given up")

    account = models.ForeignKey(Account, models.CASCADE, related_name="retention_plans", verbose_name=_("account"), db_index=False)
    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="plans", verbose_name=_("playbook"))
    outcome = models.CharField(_("likely outcome"), max_length=12, choices=Outcome, blank=True, default="")
    band = models.CharField(_("risk band"), max_length=10, choices=RiskBand, blank=True, default="")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True, default="")
    risk_score = models.DecimalField(_("early warning"), max_digits=4, decimal_places=1, null=True)
    revenue_12m_fen = models.BigIntegerField(_("revenue, 12 months, fen"), null=True)
    before = models.JSONField(_("facts of that day"), default=dict, help_text="See rules.Facts")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="retention_plans", verbose_name=_("started by"))
    started_at = models.DateTimeField(_("started at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=500, blank=True, default="")
    loss = models.OneToOneField(LossNote, models.SET_NULL, null=True, blank=True, related_name="plan", verbose_name=_("loss"))

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="open"), name="one_open_retention_plan_per_account"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & ~Q(ended_at=None)), name="an_ended_plan_says_when"
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(ending=""), name="a_plan_given_up_says_why"),
        ]
        indexes = [
            models.Index(fields=["account", "-started_at"], name="plans_of_account"),
            models.Index(fields=["state", "-id"], name="plans_by_state"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.state}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def revenue_12m_yuan(self):
        return None if self.revenue_12m_fen is None else self.revenue_12m_fen / 100


class PlanTaskQuerySet(models.QuerySet):
    def undone(self):
        return self.filter(engagement__happened_on=None, engagement__cancelled_at=None)

    def done(self):
        return self.filter(engagement__happened_on__isnull=False)


class PlanTask(models.Model):
    """One step of the playbook as it was when the plan began. Whether it is done is said by its visit, call or task in crm."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name=_("plan"), db_index=False)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    cost_yuan = models.DecimalField(_("cost, yuan"), max_digits=10, decimal_places=2, default=0)
    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="retention_task", verbose_name=_("visit, call or task"))

    objects = PlanTaskQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_task_at_a_place")]

    def __str__(self):
        return f"{self.plan_id}/{self.position}"


class Offer(models.Model):
    """What was offered to keep the account, what it costs, and what the customer said."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused by the customer")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="offers", verbose_name=_("plan"))
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind, default=StepKind.OFFER)
    what = models.CharField(_("what was offered"), max_length=200)
    cost_yuan = models.DecimalField(_("cost if accepted, yuan"), max_digits=12, decimal_places=2)
    offered_on = models.DateField(_("offered on"))
    state = models.CharField(_("answer"), max_length=8, choices=State, default=State.PENDING)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    reason = models.CharField(_("reason given"), max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offered by"))
    at = models.DateTimeField(_("logged at"))

    class Meta:
        ordering = ["plan", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cost_yuan__gte=0), name="an_offer_costs_nothing_or_more"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="a_refused_offer_says_why"),
            models.CheckConstraint(
                condition=Q(state="pending", answered_on=None) | (~Q(state="pending") & Q(answered_on__gte=models.F("offered_on"))),
                name="an_answer_follows_its_offer",
            ),
        ]

    def __str__(self):
        return self.what

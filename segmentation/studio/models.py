"""What a draft would have said: simulations, kept with the policy."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from segmentation.policies.models import Policy
from segmentation.runs.models import Run


class SimulationQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=["waiting", "running"])

    def newest_of(self, policy):
        return self.filter(policy=policy).select_related("run", "asked_by").order_by("-pk").first()


class Simulation(models.Model):
    """A policy's numbers of that moment, judged on the features of a run; `result` is counts, never names, so that each reader sees their part."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", pgettext_lazy("simulation", "Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="simulations")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    body = models.JSONField(_("body"), help_text="The policy's numbers when it was asked for")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=20, blank=True)
    problem = models.JSONField(default=dict, help_text="Why it was refused or failed: {code, ...}")
    result = models.JSONField(
        default=dict, help_text="cube [[unit, manager, before, after, accounts, fen]], grades, quadrants, seconds, accounts"
    )
    moves = models.JSONField(default=list, help_text="The largest moves, of all and of each unit, with their reasons before and after")

    objects = SimulationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state__in=["waiting", "running"]), name="one_unfinished_simulation_per_policy"
            )
        ]

    def __str__(self):
        return f"{self.policy_id} on {self.run_id}"

    @property
    def is_unfinished(self):
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_stale(self):
        """The draft was changed since."""
        return self.body != self.policy.body

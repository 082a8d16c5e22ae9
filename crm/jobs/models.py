"""What tasks leave behind, in the database: the broker may be away when somebody asks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TaskMark(models.Model):
    """When a task last worked, one row a task."""

    task = models.CharField(primary_key=True, max_length=120)
    worked_at = models.DateTimeField()
    took_seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["task"]

    def __str__(self):
        return self.task


class TaskFailureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.view_jobs") else self.none()

    def unresolved(self):
        return self.filter(resolved_at=None)


class TaskFailure(models.Model):
    """A task that failed. The same task with the same arguments failing again counts up here, until it works or is put away."""

    task = models.CharField(_("task"), max_length=120)
    arguments = models.JSONField(_("arguments"), default=list)  # {"args": […], "kwargs": {…}}
    signature = models.CharField(max_length=64)
    error = models.CharField(_("error"), max_length=300)
    traceback = models.TextField(_("traceback"), blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first failed"))
    at = models.DateTimeField(_("last failed"))
    retry_asked_at = models.DateTimeField(_("retry asked for"), null=True)
    retry_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    retry_sent_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)

    objects = TaskFailureQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["signature"], condition=Q(resolved_at=None), name="one_open_failure_of_a_task")]
        indexes = [models.Index(fields=["-at"], name="task_failures_by_time")]

    def __str__(self):
        return f"{self.task} {self.error}"

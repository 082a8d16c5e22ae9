"""Visits, calls, tasks and what customers told us."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account


class EngagementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user))

    def planned(self):
        return self.filter(happened_on=None, cancelled_at=None)

    def due(self, on):
        return self.planned().filter(planned_on__lte=on)


class Engagement(models.Model):
    """A visit, call or seminar, planned or done, with what comes next."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        SEMINAR = "seminar", _("Seminar")
        TASK = "task", _("Task")

    account = models.ForeignKey("crm.Account", models.CASCADE, related_name="engagements", verbose_name=_("account"), db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VISIT)
    subject = models.CharField(_("subject"), max_length=160)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="engagements", verbose_name=_("by"))
    notes = models.TextField(_("notes"), blank=True)
    next_action = models.CharField(_("next action"), max_length=160, blank=True)
    next_action_on = models.DateField(_("next action on"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(planned_on=None, happened_on=None), name="an_engagement_is_planned_or_done"),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5), name="engagement_satisfaction_is_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-happened_on"], name="engagements_of_account"),
            models.Index(fields=["by", "planned_on"], name="planned_engagements", condition=Q(happened_on=None, cancelled_at=None)),
        ]

    def __str__(self):
        return self.subject

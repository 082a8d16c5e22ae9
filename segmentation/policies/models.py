"""Versioned policies: what the engine was told when it judged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """One version of one kind of policy. Published versions never change; a run names the versions it used."""

    class Kind(models.TextChoices):
        VALUE = "value", _("Value")
        CREDIT = "credit", _("Credit")
        WARNING = "warning", _("Early warning")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In force")
        RETIRED = "retired", _("Retired")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("body"), help_text="What segmentation.engine's policy of this kind reads")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_policy_per_version"),
            models.UniqueConstraint(fields=["kind"], condition=Q(state="published"), name="one_policy_in_force_per_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"

"""Exports written in the background, limited to what their owner may see."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_QUERY = 2_000


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own only: an export carries its owner's rights."""
        return self.filter(owner=user)


class Export(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", _("Writing")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    what = models.CharField(_("what"), max_length=40, help_text="A name in crm.exports.registry")
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    language = models.CharField(max_length=10, default="en")
    format = models.CharField(_("format"), max_length=5, choices=Format, default=Format.XLSX)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked at"))
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    rows_done = models.PositiveIntegerField(_("rows"), default=0)
    file = models.FileField(upload_to="exports/", max_length=300, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.what} {self.pk}"

    @property
    def title(self):
        from crm.exports.registry import kind_of

        kind = kind_of(self.what)
        return str(kind.title) if kind else self.what

    @property
    def is_moving(self):
        return self.state in (self.State.WAITING, self.State.WRITING)

    @property
    def error_text(self):
        """Why it failed, in the reader's language; nothing when it did not."""
        if not self.error:
            return ""
        reasons = {
            "not_allowed": _("You may not export this any more."),
            "kept_dying": _("The export was broken off again and again and was given up; ask for fewer rows."),
        }
        return str(reasons.get(self.error, _("Something failed inside Greenlane. Ask again; if it fails again, tell an administrator.")))

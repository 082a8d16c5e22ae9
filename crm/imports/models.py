"""The ledger of files that came in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportKind(models.TextChoices):
    ACCOUNTS = "accounts", _("Accounts and customers")
    BILLS = "bills", _("Bills")
    PAYMENTS = "payments", _("Payments")
    TICKETS = "tickets", _("Tickets")
    CONSUMPTION = "consumption", _("Weekly consumption (.tsf)")
    READINGS = "readings", _("Interval readings (CSV, Green Button)")


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("crm.view_import") else self.none()


class ImportBatch(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked, waiting for you")
        QUEUED = "queued", _("Waiting to load")
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")
        REFUSED = "refused", _("Refused: nothing loaded")
        FAILED = "failed", _("Failed: nothing loaded")

    kind = models.CharField(_("kind"), max_length=15, choices=ImportKind)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.FileField(upload_to="imports/", max_length=300)
    sha256 = models.CharField(max_length=64)
    unit = models.ForeignKey("crm.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit for new accounts"))
    all_or_nothing = models.BooleanField(_("all or nothing"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    preview = models.JSONField(default=dict)
    problems = models.JSONField(default=list, help_text="The first 200 problems: row, field, value, code, parameters")
    message = models.JSONField(default=dict, help_text="What happened to the whole file: code and parameters")

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "sha256"], name="import_by_hash")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sha256"], condition=Q(state__in=["queued", "loading"]), name="a_file_loads_once_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.file_name}"

    @property
    def by_whom(self):
        return str(self.uploaded_by) if self.uploaded_by else _("the command line")

    @property
    def is_moving(self):
        """Somebody works on it, or will without being asked again."""
        return self.state in {"uploaded", "checking", "queued", "loading"}

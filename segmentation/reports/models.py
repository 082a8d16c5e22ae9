"""A report that was written and is kept, and the plan by which some are written every month."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.people.models import Unit
from crm.people.roles import Role

LONGEST_NAME = 120
LAST_DAY = 28  # which every month has


class Kind(models.TextChoices):
    BEHAVIOUR = "behaviour", _("Customer behaviour report")
    TIERS = "tiers", _("Tier report")


class Format(models.TextChoices):
    PPTX = "pptx", "PPTX"
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "中文"


class Asked(models.Model):
    """What a report is about, the same on the plan and on each report it leads to."""

    kind = models.CharField(_("report"), max_length=10, choices=Kind, default=Kind.BEHAVIOUR)
    format = models.CharField(_("format"), max_length=5, choices=Format, default=Format.PPTX)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    category = models.CharField(_("category"), max_length=20, blank=True)
    tier = models.CharField(_("tier"), max_length=10, blank=True)
    segment = models.CharField(_("segment"), max_length=LONGEST_NAME, blank=True)

    class Meta:
        abstract = True

    SCOPE = ("unit", "category", "tier", "segment")

    def scope_words(self) -> str:
        """The scope in the language in force, without whose rights it is read by."""
        from segmentation.runs.models import Tier

        tier = dict(Tier.choices).get("" if self.tier == "unscored" else self.tier, self.tier) if self.tier else ""
        parts = [
            self.unit and str(self.unit),
            self.category and dict(Account.Category.choices).get(self.category, self.category),
            tier,
            self.segment,
        ]
        return " · ".join(str(part) for part in parts if part)


class GeneratedReportQuerySet(models.QuerySet):
    def within_rights_of(self, user):
        """Reports made of no more than the person may see today: units in reach, accounts of their own beyond it, personal data as they read it."""
        if not user.is_active or not user.has_perm("segmentation.view_report"):
            return self.none()
        found = self if user.personal_data == "plain" else self.filter(plain=False)
        if not user.bound_to_unit:
            return found
        own = list(Account.objects.filter(manager=user).values_list("pk", flat=True)) if user.role == Role.MANAGER else []
        return found.filter(reach__in=user.unit_ids, others__contained_by=own)

    def visible_to(self, user):
        """One's own, as long as one's rights still reach so far. Others come by a link."""
        return self.within_rights_of(user).filter(owner=user)

    def moving(self):
        return self.filter(state__in=[GeneratedReport.State.WAITING, GeneratedReport.State.WORKING])


class GeneratedReport(Asked):
    """One file: who it was made for, of what, with which inputs, and under whose rights."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Stage(models.TextChoices):
        COUNTING = "counting", _("Counting the figures")
        DRAWING = "drawing", _("Drawing the chapters")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports", verbose_name=_("made for"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_as_of = models.DateField(null=True, blank=True)
    asked_against = models.DateField(null=True, blank=True, help_text="The day the tier report compares with")
    schedule = models.ForeignKey("segmentation.ReportSchedule", models.SET_NULL, null=True, blank=True, related_name="reports")
    period = models.DateField(null=True, blank=True, help_text="First day of the month the schedule made it for")
    # Under whose rights: nothing of it is ever shown to somebody who may see less.
    reach = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", help_text="The unit whose accounts it may hold; none is all"
    )
    others = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="Accounts of a manager's own outside that unit")
    plain = models.BooleanField(default=False, help_text="Holds names of private people unmasked")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=10, choices=Stage, blank=True)
    done = models.PositiveSmallIntegerField(default=0, help_text="Chapters drawn")
    of = models.PositiveSmallIntegerField(default=0, help_text="Chapters in all")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    run = models.ForeignKey("segmentation.Run", models.SET_NULL, null=True, blank=True, related_name="+")
    inputs = models.JSONField(default=dict, help_text="Run, policies, scope, code: enough to make it again")
    file = models.FileField(upload_to="reports/", max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True, help_text="Why not, in the language of the report")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the message about a scheduled one was handed over")
    told_attempts = models.PositiveSmallIntegerField(default=0)

    objects = GeneratedReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["schedule", "owner", "period"], name="one_report_a_month_and_person")]
        indexes = [
            models.Index(fields=["owner", "-id"], name="reports_of_owner"),
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "working"]), name="reports_under_way"),
        ]

    def __str__(self):
        return self.title or str(self.get_kind_display())

    @property
    def is_moving(self):
        return self.state in (self.State.WAITING, self.State.WORKING)

    @property
    def is_ready(self):
        return self.state == self.State.READY and bool(self.file)

    @property
    def stages(self):
        """Lines for the component `progress`: label, state, of how many steps, whether these are chapters."""
        last = self.Stage.DRAWING
        rows = []
        for stage, label in self.Stage.choices:
            if self.state == self.State.READY or (self.stage == last and stage != last):
                state = "done"
            elif self.state == self.State.WORKING and self.stage == stage:
                state = "running"
            else:
                state = "failed" if self.state == self.State.FAILED and self.stage == stage else "waiting"
            rows.append({"label": label, "state": state, "of": self.of if state == "running" else 0, "chapters": stage == last})
        return rows

    @property
    def file_name(self):
        scope = self.unit.code if self.unit else "all"
        return f"{self.kind}-{scope}-{self.as_of}-{self.language}.{self.format}"


class ReportLinkQuerySet(models.QuerySet):
    def good(self, at):
        return self.filter(revoked_at=None, ends_at__gt=at)


class ReportLink(models.Model):
    """A link that opens a report to colleagues who may see as much: until its end, or until it is taken back."""

    report = models.ForeignKey(GeneratedReport, models.CASCADE, related_name="links")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    ends_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.report_id}-{self.pk}"


class ReportScheduleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans about the units in reach; a plan of a person bound to a unit always names one."""
        if not user.is_active or not user.has_perm("segmentation.schedule_report"):
            return self.none()
        return self.filter(unit__in=user.unit_ids) if user.bound_to_unit else self

    def due(self, on: dt.date):
        """In force, their day has come, and not yet made for this month."""
        return self.filter(Q(made_for=None) | Q(made_for__lt=on.replace(day=1)), is_active=True, day__lte=on.day)


class ReportSchedule(Asked):
    """Every month, to named people: each gets a report made under their own rights."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(LAST_DAY)],
        help_text=_("1 to 28, which every month has"),
    )
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="report_schedules", verbose_name=_("recipients"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    made_for = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(day__gte=1, day__lte=LAST_DAY), name="schedule_day_is_in_every_month")]

    def __str__(self):
        return self.name

"""What an account was promised: clock policies, and the entitlements that shorten them."""

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.calendar import clock
from crm.calendar.models import renews
from crm.people.models import Unit, in_readers_language


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


BOTH_DAYS = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class ServiceLevel(models.Model):
    """A kind of green channel: what it grants and for how long by default."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    services = ArrayField(models.CharField(max_length=40), verbose_name=_("services"), default=list)
    months = models.PositiveSmallIntegerField(_("default months"), default=12)
    dedicated_line = models.CharField(_("dedicated line"), max_length=30, blank=True)

    class Meta:
        ordering = ["code"]
        triggers = [renews("policies")]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)


class Service(models.TextChoices):
    """What a green channel may contain."""

    SHORT_CLOCK = "short_clock", _("Shorter clocks for complaints")
    DEDICATED_LINE = "dedicated_line", _("Dedicated line")
    NAMED_STAFF = "named_staff", _("Named staff")
    FAST_SUPPLY = "fast_supply", _("Faster supply applications")
    OUTAGE_NOTICE = "outage_notice", _("Personal notice of outages")
    ENERGY_ADVICE = "energy_advice", _("Energy-saving advice")


# Services that are used up one by one, so that a green channel may grant them a number of times; the others stand for the whole period.
COUNTED = (Service.SHORT_CLOCK, Service.FAST_SUPPLY, Service.ENERGY_ADVICE)


class Measure(models.TextChoices):
    """What a target is counted in (see `crm.calendar.clock.Measure`)."""

    MINUTES = clock.Measure.MINUTES.value, _("calendar minutes")
    WORKING_MINUTES = clock.Measure.WORKING_MINUTES.value, _("working minutes")
    WORKING_DAYS = clock.Measure.WORKING_DAYS.value, _("working days")


class ClockPolicyQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on)))

    def not_over(self, on):
        """In force on a day or to come."""
        return self.exclude(valid_to__lt=on)

    def same_conditions(self, policy):
        """Every version of a policy: the rows that hold for the same cases, this one among them."""
        return self.filter(**{name: getattr(policy, name) for name in CONDITION_FIELDS})

    def overlapping(self, valid_from, valid_to):
        """Those that hold on some day of a period; `valid_to` None: without end."""
        found = self.exclude(valid_to__lt=valid_from)
        return found.filter(valid_from__lte=valid_to) if valid_to else found


CONDITION_FIELDS = ("ticket_kind", "category", "severity", "unit_kind", "tier", "level")
TARGETS = ("contact", "answer", "resolve")


class ClockPolicy(models.Model):
    """How long a ticket may take. Empty conditions match anything; the most specific policy in force wins. A row is never changed, only ended
    and followed by another, so that what was promised by it stays readable."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    ticket_kind = models.CharField(_("kind of ticket"), max_length=20, blank=True)
    category = models.CharField(_("class"), max_length=20, blank=True)
    severity = models.CharField(_("severity"), max_length=10, blank=True)
    unit_kind = models.CharField(_("kind of unit"), max_length=10, choices=Unit.Kind, blank=True, default="", db_default="")
    tier = models.CharField(_("tier"), max_length=10, blank=True, default="", db_default="")
    level = models.ForeignKey(
        ServiceLevel, models.PROTECT, null=True, blank=True, related_name="clock_policies", verbose_name=_("service level")
    )
    pass_on_within_minutes = models.PositiveIntegerField(_("passed on within, calendar minutes"), null=True, blank=True)
    contact_within = models.PositiveIntegerField(_("first contact within"))
    contact_measure = models.CharField(
        _("first contact counted in"), max_length=15, choices=Measure, default=Measure.MINUTES, db_default=Measure.MINUTES
    )
    answer_within = models.PositiveIntegerField(_("answer within"))
    answer_measure = models.CharField(
        _("answer counted in"), max_length=15, choices=Measure, default=Measure.WORKING_DAYS, db_default=Measure.WORKING_DAYS
    )
    resolve_within = models.PositiveIntegerField(_("resolved within"), null=True, blank=True)
    resolve_measure = models.CharField(
        _("resolution counted in"), max_length=15, choices=Measure, default=Measure.WORKING_DAYS, db_default=Measure.WORKING_DAYS
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    mark = models.CharField(_("how sure"), max_length=1, default="M")

    objects = ClockPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["ticket_kind", "category", "-valid_from"]
        triggers = [renews("policies")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="clock_policy_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_clock_policy_for_the_same_conditions",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in CONDITION_FIELDS if name != "level"),
                    (Coalesce("level", Value(0)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", BOTH_DAYS), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

    def target(self, name) -> clock.Target | None:
        """`contact`, `answer` or `resolve`; None where the policy promises none."""
        amount = getattr(self, f"{name}_within")
        return None if amount is None else clock.Target(amount, clock.Measure(getattr(self, f"{name}_measure")))

    @property
    def pass_on_target(self):
        return None if self.pass_on_within_minutes is None else clock.Target(self.pass_on_within_minutes, clock.Measure.MINUTES)


class EntitlementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user))

    def standing(self):
        """Not taken back; past, present or to come."""
        return self.filter(revoked_at=None)

    def in_force(self, on):
        return self.standing().filter(starts_on__lte=on, ends_on__gte=on)

    def overlapping(self, period):
        return self.standing().filter(starts_on__lte=period.ends_on, ends_on__gte=period.starts_on)

    def ended(self, on):
        """Run out by their own dates before `on`, and not yet noted as such."""
        return self.standing().filter(ends_on__lt=on, expiry_noted_at=None)

    def ending_within(self, on, days):
        """In force on `on` and running out within `days`: time to speak about renewal."""
        return self.in_force(on).filter(ends_on__lte=on + dt.timedelta(days=days))

    def to_remind_of(self, on, days):
        """Ending within `days`, nobody reminded yet, and no later one granted to follow."""
        later = self.model.objects.standing().filter(account=models.OuterRef("account"), starts_on__gt=models.OuterRef("ends_on"))
        return self.ending_within(on, days).filter(renewal_reminded_at=None).exclude(models.Exists(later))

    def in_state(self, state, on):
        """`in_force`, `to_come`, `ended` (by its dates) or `revoked`, as of a day."""
        match state:
            case "in_force":
                return self.in_force(on)
            case "to_come":
                return self.standing().filter(starts_on__gt=on)
            case "ended":
                return self.standing().filter(ends_on__lt=on)
            case "revoked":
                return self.exclude(revoked_at=None)
        return self


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Entitlement(models.Model):
    """A green channel that stands: this account, these services, from this day to that one (both included). It expires by its dates."""

    account = models.ForeignKey("crm.Account", models.CASCADE, related_name="entitlements", verbose_name=_("account"))
    level = models.ForeignKey(ServiceLevel, models.PROTECT, related_name="entitlements", verbose_name=_("service level"))
    services = ArrayField(models.CharField(max_length=40, choices=Service), verbose_name=_("services"), default=list)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("representative")
    )
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoke_reason = models.CharField(_("reason"), max_length=300, blank=True)
    dedicated_line = models.CharField(_("dedicated line"), max_length=30, blank=True, default="", db_default="")
    expiry_noted_at = models.DateTimeField(_("expiry noted at"), null=True, blank=True)
    renewal_reminded_at = models.DateTimeField(_("renewal reminder sent at"), null=True, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="entitlement_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_entitlement_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", BOTH_DAYS), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at=None),
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="entitlement_by_end", condition=Q(revoked_at=None))]

    def __str__(self):
        return f"{self.level} {self.starts_on} – {self.ends_on}"

    @property
    def service_names(self):
        return [Service(code).label for code in self.services]

    def state(self, on):
        """As `EntitlementQuerySet.in_state` takes it."""
        if self.revoked_at:
            return "revoked"
        return "to_come" if self.starts_on > on else "ended" if self.ends_on < on else "in_force"


class EntitlementQuota(models.Model):
    """How often a counted service may be used in the period, and how often it was. A service without a row is without limit."""

    entitlement = models.ForeignKey(Entitlement, models.CASCADE, related_name="quotas", verbose_name=_("green channel"))
    service = models.CharField(_("service"), max_length=40, choices=Service)
    allowed = models.PositiveSmallIntegerField(_("allowed in the period"))
    used = models.PositiveSmallIntegerField(_("used"), default=0, db_default=0)

    class Meta:
        ordering = ["service"]
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "service"], name="one_quota_per_service"),
            models.CheckConstraint(condition=Q(used__lte=F("allowed")), name="a_quota_is_not_exceeded"),
        ]

    def __str__(self):
        return f"{self.service} {self.used}/{self.allowed}"

    @property
    def left(self):
        return self.allowed - self.used


class EntitlementUse(models.Model):
    """One time a counted service was used: by a ticket that got the shorter clock, or as a person noted it."""

    entitlement = models.ForeignKey(Entitlement, models.CASCADE, related_name="uses", verbose_name=_("green channel"))
    service = models.CharField(_("service"), max_length=40, choices=Service)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    ticket = models.ForeignKey("crm.Ticket", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ticket"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.service} {self.at:%F}"

"""What an account was promised: clock policies, and the entitlements that shorten them."""

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.people.models import in_readers_language


class ServiceLevel(models.Model):
    """A kind of green channel: what it grants and for how long by default."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    services = ArrayField(models.CharField(max_length=40), verbose_name=_("services"), default=list)
    months = models.PositiveSmallIntegerField(_("default months"), default=12)

    class Meta:
        ordering = ["code"]

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


class ClockPolicyQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on)))


class ClockPolicy(models.Model):
    """How long a ticket may take. Empty conditions match anything; the most specific policy in force wins."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    ticket_kind = models.CharField(_("kind of ticket"), max_length=20, blank=True)
    category = models.CharField(_("class"), max_length=20, blank=True)
    severity = models.CharField(_("severity"), max_length=10, blank=True)
    level = models.ForeignKey(
        ServiceLevel, models.PROTECT, null=True, blank=True, related_name="clock_policies", verbose_name=_("service level")
    )
    contact_within_minutes = models.PositiveIntegerField(_("first contact within, calendar minutes"))
    pass_on_within_minutes = models.PositiveIntegerField(_("passed on within, calendar minutes"), null=True, blank=True)
    answer_within_working_days = models.PositiveSmallIntegerField(_("answer within, working days"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    mark = models.CharField(_("how sure"), max_length=1, default="M")

    objects = ClockPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["ticket_kind", "category", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="clock_policy_ends_after_it_begins")
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

    @property
    def contact_seconds(self):
        return self.contact_within_minutes * 60

    @property
    def pass_on_seconds(self):
        return self.pass_on_within_minutes and self.pass_on_within_minutes * 60


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


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
    expiry_noted_at = models.DateTimeField(_("expiry noted at"), null=True, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="entitlement_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_entitlement_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
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

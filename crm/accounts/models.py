"""Supply accounts: the thing everything else hangs on, and the one rule of who may see which."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.lookups import Keys, keys_if_few
from crm.customers.models import Customer
from crm.people.models import Unit
from crm.people.roles import Role


def within_reach(user, path="") -> Q:
    """The one rule of whose accounts a person bound to a unit sees: a supervisor those of the unit's subtree, a manager also their own.

    `path` leads from the rows asked about to the account (`account__`). Few accounts are asked for by their keys, so that PostgreSQL knows
    how many rows it will meet; very many by a condition on the joined account, which can use an index where a subquery in an OR cannot.
    """
    if path and (few := few_within_reach(user)) is not None:
        return Q(**{f"{path}any_of": few})
    under = Q(**{f"{path}unit__in": user.unit_ids})
    return under | Q(**{f"{path}manager": user}) if user.role == Role.MANAGER else under


def few_within_reach(user) -> Keys | None:
    """The keys of the accounts that a person bound to a unit sees, None where they are many. Read once per request, as `unit_ids` is."""
    if not hasattr(user, "_few_within_reach"):
        user._few_within_reach = keys_if_few(Account.objects.filter(within_reach(user)), as_if_all=False)
    return user._few_within_reach


class AccountQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rule every door starts at: a manager sees their own accounts and their unit's, a supervisor the unit's subtree;
        agents, analysts and administrators all (what they read of private people is masked, see `crm.people.masking`)."""
        if not user.is_authenticated or not user.is_active or not user.has_perm("crm.view_account"):
            return self.none()
        return self.filter(within_reach(user)) if user.bound_to_unit else self

    def looked_after_by(self, user):
        """Accounts the person may act on: a manager their own, a supervisor the unit's subtree."""
        if user.role == Role.MANAGER:
            return self.filter(manager=user)
        return self.visible_to(user) if user.role == Role.SUPERVISOR else self.none()

    def open_on(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day)).exclude(opened_on__gt=day)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["search_public", "search_personal"])
class Account(models.Model):
    """用电户: one supply agreement. CIM: CustomerAccount with its CustomerAgreement and ServiceLocation."""

    class Category(models.TextChoices):
        LARGE_INDUSTRIAL = "large_industrial", _("Large industrial")
        GENERAL_COMMERCIAL = "general_commercial", _("General commercial and industrial")
        RESIDENTIAL = "residential", _("Residential")
        AGRICULTURAL = "agricultural", _("Agricultural")
        EV_CHARGING = "ev_charging", _("EV charging")
        OTHER = "other", _("Other")

    class MarketStatus(models.TextChoices):
        REGULATED = "regulated", _("Regulated")
        AGENCY = "agency", _("Agency purchase")
        RETAILER = "retailer", _("Retail supplier")
        WHOLESALE = "wholesale", _("Wholesale")

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("account", "Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", pgettext_lazy("account", "Closed")

    class ImportantGrade(models.TextChoices):
        NONE = "", _("None")
        SPECIAL = "special", _("Special")
        FIRST = "1", _("Grade 1")
        SECOND = "2", _("Grade 2")
        TEMPORARY = "temporary", _("Temporary")

    class BillingMode(models.TextChoices):
        POSTPAID = "postpaid", _("Postpaid")
        PREPAID = "prepaid", _("Prepaid")

    VOLTAGES_KV = ["0.22", "0.38", "10", "20", "35", "66", "110", "220"]

    number = models.CharField(
        _("account number"),
        max_length=13,
        unique=True,
        validators=[RegexValidator(r"^(\d{10}|\d{13})$", _("An account number has 10 or 13 digits."))],
    )
    external_id = models.CharField(_("identifier at the source"), max_length=40, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="accounts", verbose_name=_("customer"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="accounts", verbose_name=_("unit"), db_index=False)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="managed_accounts", verbose_name=_("customer manager"),
        db_index=False,
    )  # fmt: skip
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_accounts",
        verbose_name=_("representative"),
    )
    category = models.CharField(_("category"), max_length=20, choices=Category)
    voltage_kv = models.DecimalField(_("voltage, kV"), max_digits=5, decimal_places=2, null=True, blank=True)
    contract_kva = models.DecimalField(_("contract capacity, kVA"), max_digits=12, decimal_places=2, null=True, blank=True)
    tariff_plan = models.ForeignKey(
        "crm.TariffPlan", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tariff plan")
    )
    billing_mode = models.CharField(_("billing"), max_length=10, choices=BillingMode, default=BillingMode.POSTPAID)
    market_status = models.CharField(_("market status"), max_length=10, choices=MarketStatus, default=MarketStatus.REGULATED)
    retailer = models.CharField(_("retail supplier"), max_length=100, blank=True)
    contract_ends_on = models.DateField(_("contract ends on"), null=True, blank=True)
    important_grade = models.CharField(_("important-customer grade"), max_length=10, choices=ImportantGrade, blank=True, default="")
    pv_kw = models.DecimalField(_("own PV, kW"), max_digits=10, decimal_places=2, null=True, blank=True)
    storage_kwh = models.DecimalField(_("own storage, kWh"), max_digits=10, decimal_places=2, null=True, blank=True)
    has_captive_plant = models.BooleanField(_("captive plant"), default=False)
    has_gas = models.BooleanField(_("gas as a substitute"), default=False)
    theft_found_on = models.DateField(_("theft found on"), null=True, blank=True)
    hazard_open = models.BooleanField(_("safety hazard not corrected"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    address = models.CharField(_("supply address"), max_length=300, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)
    search_public = models.TextField(
        editable=False, default="", help_text="Number, customer names, pinyin and initials; kept by crm.accounts.services.refresh_search"
    )
    search_personal = models.TextField(
        editable=False, default="", help_text="Phones and addresses, for roles that may look people up by them"
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^(\d{10}|\d{13})$"), name="account_number_has_10_or_13_digits"),
            models.CheckConstraint(condition=Q(contract_kva=None) | Q(contract_kva__gt=0), name="contract_capacity_is_positive"),
            models.CheckConstraint(condition=~Q(status="closed") | ~Q(closed_on=None), name="a_closed_account_has_its_date"),
        ]
        indexes = [
            # With the key, which is all that a list of few asks for, and what a unit's list is narrowed to.
            models.Index(fields=["unit", "id"], include=["category", "voltage_kv", "market_status"], name="accounts_of_unit"),
            models.Index(fields=["manager", "id"], name="accounts_of_manager"),
            models.Index(fields=["external_id"], name="account_external_id", condition=~Q(external_id="")),
            GinIndex(OpClass("search_public", name="gin_trgm_ops"), name="account_search_public"),
            GinIndex(OpClass("search_personal", name="gin_trgm_ops"), name="account_search_personal"),
        ]

    def __str__(self):
        return f"{self.number} {self.customer}"

    @property
    def is_high_voltage(self):
        """10 kV and above."""
        return self.voltage_kv is not None and self.voltage_kv >= 10


class AccountChange(models.Model):
    """What an account was until a day: its market status, capacity, own supply or contract end before and after. Written with each change, so that
    whoever asks what was known on an earlier day is not told what came later."""

    FIELDS = ("market_status", "contract_kva", "status", "has_pv", "has_storage", "has_captive_plant", "has_gas", "contract_ends_on")

    account = models.ForeignKey(Account, models.CASCADE, related_name="changes", verbose_name=_("account"))
    field = models.CharField(max_length=20, choices=[(name, name) for name in FIELDS])
    old = models.CharField(max_length=40, blank=True, help_text="As text; empty: not known")
    new = models.CharField(max_length=40, blank=True)
    happened_on = models.DateField(_("happened on"), help_text="The day given by the source, else the day it was told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "field", "happened_on"], name="one_change_of_a_field_a_day")]

    def __str__(self):
        return f"{self.account_id} {self.field} {self.old} → {self.new}"


class MeteringPoint(models.Model):
    """计量点. CIM: UsagePoint with its Meter."""

    class Kind(models.TextChoices):
        MAIN = "main", _("Main meter")
        SUB = "sub", _("Sub-meter")
        GENERATION = "generation", _("Generation meter")

    account = models.ForeignKey(Account, models.CASCADE, related_name="metering_points", verbose_name=_("account"))
    meter_number = models.CharField(_("meter number"), max_length=30)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MAIN)
    multiplier = models.PositiveIntegerField(_("multiplier"), default=1)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter_number"], condition=Q(removed_on=None), name="a_meter_hangs_in_one_place"),
            models.CheckConstraint(condition=Q(multiplier__gt=0), name="multiplier_is_positive"),
        ]

    def __str__(self):
        return self.meter_number

"""What was used, billed and paid. Bills are many: natural key, partitioned by year, written in bulk by imports."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account


class BillQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user)) if user.has_perm("crm.view_billing") else self.none()

    def of(self, account):
        return self.filter(account=account).order_by("-period")


class Bill(models.Model):
    """电费账单: one account, one month. Money may be empty (kWh known, price not): it is never invented. Amounts in yuan, energy in kWh."""

    pk = models.CompositePrimaryKey("account_id", "period")
    account = models.ForeignKey("crm.Account", models.CASCADE, related_name="bills", db_index=False, verbose_name=_("account"))
    period = models.DateField(_("month"), help_text=_("First day of the month"))
    kwh = models.DecimalField(_("kWh"), max_digits=16, decimal_places=2)
    sharp_kwh = models.DecimalField(_("sharp, kWh"), max_digits=16, decimal_places=2, null=True, blank=True)
    peak_kwh = models.DecimalField(_("peak, kWh"), max_digits=16, decimal_places=2, null=True, blank=True)
    flat_kwh = models.DecimalField(_("flat, kWh"), max_digits=16, decimal_places=2, null=True, blank=True)
    valley_kwh = models.DecimalField(_("valley, kWh"), max_digits=16, decimal_places=2, null=True, blank=True)
    deep_valley_kwh = models.DecimalField(_("deep valley, kWh"), max_digits=16, decimal_places=2, null=True, blank=True)
    max_demand_kw = models.DecimalField(_("max demand, kW"), max_digits=12, decimal_places=2, null=True, blank=True)
    kvarh = models.DecimalField(_("kvarh"), max_digits=16, decimal_places=2, null=True, blank=True)
    power_factor = models.DecimalField(_("power factor"), max_digits=3, decimal_places=2, null=True, blank=True)
    basic_charge = models.DecimalField(_("basic charge, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    energy_charge = models.DecimalField(_("energy charge, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    adjustment = models.DecimalField(_("power-factor adjustment, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    funds = models.DecimalField(_("funds, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("total, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    batch = models.ForeignKey("crm.ImportBatch", models.SET_NULL, null=True, db_index=False, db_constraint=False, related_name="+")

    objects = BillQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "period"]
        constraints = [
            models.CheckConstraint(condition=Q(period__day=1), name="bill_period_is_the_first_of_a_month"),
            models.CheckConstraint(condition=Q(kwh__gte=0), name="bill_kwh_is_not_negative"),
            models.CheckConstraint(
                condition=Q(power_factor=None) | Q(power_factor__gte=0, power_factor__lte=1), name="power_factor_is_a_share"
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.period:%Y-%m}"


class PaymentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(account__in=Account.objects.visible_to(user)) if user.has_perm("crm.view_billing") else self.none()


class Payment(models.Model):
    """Money received. Natural key: the receipt number."""

    class Channel(models.TextChoices):
        BANK = "bank", _("Bank debit")
        TRANSFER = "transfer", _("Transfer")
        APP = "app", _("App")
        COUNTER = "counter", _("Counter")
        OTHER = "other", _("Other")

    account = models.ForeignKey("crm.Account", models.CASCADE, related_name="payments", verbose_name=_("account"), db_index=False)
    receipt = models.CharField(_("receipt number"), max_length=40, unique=True)
    paid_on = models.DateField(_("paid on"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=14, decimal_places=2)
    period = models.DateField(_("for the bill of"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.OTHER)
    batch = models.ForeignKey("crm.ImportBatch", models.SET_NULL, null=True, db_index=False, db_constraint=False, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-paid_on", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="a_payment_is_not_nothing")]
        indexes = [
            models.Index(fields=["account", "-paid_on"], name="payments_of_account"),
            models.Index(fields=["paid_on"], name="payments_by_day"),
        ]

    def __str__(self):
        return self.receipt

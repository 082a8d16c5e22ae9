"""Tariff plans: the name of the price an account pays. Versioned prices and the calculator build on these."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.people.models import in_readers_language


class TariffPlan(models.Model):
    """A tariff plan with the span in which it is offered. CIM: PricingStructure."""

    class Mark(models.TextChoices):
        VERIFIED = "V", _("Two independent sources")
        ONE_SOURCE = "1", _("One source")
        MEMORY = "M", _("From memory: check before relying on it")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    two_part = models.BooleanField(_("two-part tariff"), default=False)
    time_of_use = models.BooleanField(_("time of use"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    mark = models.CharField(_("how sure"), max_length=1, choices=Mark, default=Mark.MEMORY)

    class Meta:
        ordering = ["code", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_tariff_version_per_day")]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

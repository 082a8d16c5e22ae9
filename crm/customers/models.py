"""Customers and the people we speak to there."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.people.models import in_readers_language


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Customers with at least one account the person may see."""
        accounts = Customer.accounts.rel.related_model.objects  # accounts come later: followed, not imported
        if not user.bound_to_unit:
            return self if user.has_perm("crm.view_customer") else self.none()
        return self.filter(models.Exists(accounts.visible_to(user).filter(customer=models.OuterRef("pk"))))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Customer(models.Model):
    """客户: the person or organisation behind one or many accounts. CIM: Customer."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        PERSON = "person", _("Person")

    number = models.CharField(_("customer number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.ORGANISATION)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True)  # noqa: DJ001 - empty must not be unique
    industry = models.CharField(_("industry"), max_length=5, blank=True, help_text=_("GB/T 4754: a letter and four digits"))
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent group"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=None), name="one_customer_per_credit_code"),
            models.CheckConstraint(condition=Q(industry="") | Q(industry__regex=r"^[A-T]\d{2,4}$"), name="industry_is_gbt_4754"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="customer_is_not_its_own_parent"),
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(customer__in=Customer.objects.visible_to(user))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Contact(models.Model):
    class Duty(models.TextChoices):
        DECISION = "decision", _("Decision maker")
        ELECTRICAL = "electrical", _("Electrical manager")
        FINANCE = "finance", _("Finance")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer"))
    name = models.CharField(_("name"), max_length=80)
    duty = models.CharField(_("duty"), max_length=12, choices=Duty, default=Duty.OTHER)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_primary = models.BooleanField(_("first to call"), default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-is_primary", "id"]
        constraints = [models.UniqueConstraint(fields=["customer"], condition=Q(is_primary=True), name="one_primary_contact")]

    def __str__(self):
        return self.name

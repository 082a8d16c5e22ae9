"""What is done to customers and the people we speak to there."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.customers.models import Contact, Customer
from crm.people.errors import Refused

REMEMBERED = 500


@transaction.atomic
def reveal(*, customer, by, account=None) -> Customer:
    """Note that `by` reads the personal data of `customer` in plain. Raises `Refused` for roles that read it plainly anyway or never."""
    if by.personal_data != "reveal":
        raise Refused(_("Your role does not reveal personal data."))
    record(by=by, did="revealed", on=customer, account=account)
    return customer


def remember(*, session, customer):
    """Keep in the session that this customer was revealed; the oldest of very many are forgotten and can be revealed again."""
    seen = [pk for pk in session.get("revealed_customers", []) if pk != customer.pk]
    session["revealed_customers"] = [*seen[-REMEMBERED + 1 :], customer.pk]


@transaction.atomic
def save_contact(*, customer, by, values, contact=None) -> Contact:
    """Add a contact, or change `contact`. The audit names the fields, never personal values; old values stand in the change history."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    if values.get("is_primary"):
        Contact.objects.filter(customer=customer, is_primary=True).exclude(pk=contact and contact.pk).update(is_primary=False)
    changed = sorted(name for name, value in values.items() if contact and getattr(contact, name) != value)
    if contact and not changed:
        return contact
    added, contact = contact is None, contact or Contact(customer=customer)
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save()
    _refresh(customer)
    record(by=by, did="added" if added else "changed", on=contact, account=_first_account(customer), fields=changed)
    return contact


@transaction.atomic
def remove_contact(*, contact, by):
    """Take a contact off the customer; what it held stays in the change history."""
    customer = contact.customer
    record(by=by, did="removed", on=contact, account=_first_account(customer))
    contact.delete()
    _refresh(customer)


def _first_account(customer):
    return customer.accounts.order_by("pk").first()


def _refresh(customer):
    from crm.accounts.services import refresh_search

    refresh_search(accounts=customer.accounts.all())

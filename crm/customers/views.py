"""Reveal personal data, and keep the contacts of a customer."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.models import Account
from crm.customers import services
from crm.customers.forms import ContactForm
from crm.customers.models import Contact, Customer


@require_POST
@permission_required("crm.reveal", raise_exception=True)
def reveal(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    account = Account.objects.visible_to(request.user).filter(customer=customer).order_by("pk").first()
    services.reveal(customer=customer, by=request.user, account=account)
    services.remember(session=request.session, customer=customer)
    messages.info(request, _("Shown in plain for this session. The audit trail keeps that you asked."))
    return redirect(_back(request, account))


def _customer_to_act_on(user, pk):
    """404 when invisible; 403 when none of its accounts is theirs to look after."""
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk)
    if not Account.objects.looked_after_by(user).filter(customer=customer).exists():
        raise PermissionDenied
    return customer


@require_http_methods(["GET", "POST"])
def contact_edit(request, pk, contact=None):
    """Add a contact to the customer `pk`, or change one."""
    customer = _customer_to_act_on(request.user, pk)
    chosen = get_object_or_404(Contact, pk=contact, customer=customer) if contact else None
    before = Contact(pk=chosen.pk, customer=customer, **_values(chosen)) if chosen else None
    form = ContactForm(request.POST or None, instance=chosen or Contact(customer=customer))
    if not form.is_valid():
        context = {"form": form, "customer": customer, "contact": before, "back": _back(request, None, customer)}
        return render(request, "crm/customers/contact_form.html", context, status=422 if form.is_bound else 200)
    services.save_contact(customer=customer, by=request.user, values=form.cleaned_data, contact=before)
    messages.success(request, _("Saved."))
    return redirect(_back(request, None, customer))


@require_POST
def contact_remove(request, pk, contact):
    customer = _customer_to_act_on(request.user, pk)
    services.remove_contact(contact=get_object_or_404(Contact, pk=contact, customer=customer), by=request.user)
    messages.success(request, _("Contact removed."))
    return redirect(_back(request, None, customer))


def _values(contact):
    return {name: getattr(contact, name) for name in ContactForm.Meta.fields}


def _back(request, account, customer=None):
    """Where the reader was, if it is one of our pages; else the account."""
    url = request.POST.get("back") or request.GET.get("back") or ""
    if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return url
    account = account or Account.objects.visible_to(request.user).filter(customer=customer).order_by("pk").first()
    return reverse("crm:account-detail", args=[account.pk]) if account else "/"

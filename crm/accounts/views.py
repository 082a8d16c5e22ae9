"""Who looks after an account, edited by those who may; what the account is comes from the billing system by import."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.accounts import services
from crm.accounts.forms import CareForm
from crm.accounts.models import Account
from crm.people.models import Unit, User


@require_http_methods(["GET", "POST"])
def account_edit(request, pk):
    """Manager and representative; the customer's contacts are linked below. 403 for those who only read."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("customer", "manager", "representative"), pk=pk)
    rights = rights_on(account, request.user)
    if not any(rights.values()):
        raise PermissionDenied
    form = CareForm(request.POST or None, account=account, **rights, **_people(request.user, account))
    if not form.is_valid():
        contacts = account.customer.contacts.all() if rights["may_edit"] else []
        context = {"form": form, "account": account, "contacts": contacts, **rights}
        return render(request, "crm/accounts/edit.html", context, status=422 if form.is_bound else 200)
    services.save_care(account=account, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("crm:account-detail", pk)


def rights_on(account, user):
    """`may_edit`: the manager of the account and supervisors above it; `may_assign`: supervisors above it and administrators."""
    return {
        "may_edit": Account.objects.looked_after_by(user).filter(pk=account.pk).exists(),
        "may_assign": user.has_perm("crm.assign_manager"),
    }


def _people(user, account):
    """Whom one may choose: managers within one's reach; representatives of the account's unit and the units above it."""
    managers = User.objects.managers().filter(unit__in=Unit.objects.within_reach_of(user)).select_related("unit")
    code = account.unit.code
    above = User.objects.filter(is_active=True, unit__code__in=[code[:length] for length in (5, 7, 9, 11)]).exclude(role="agent")
    return {"managers": managers.order_by("username"), "representatives": above.order_by("unit__code", "username")}

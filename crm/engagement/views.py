"""Visits and calls, from the account page and the desk. A valid form leads back to where it was filled in."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.models import Account
from crm.engagement import services
from crm.engagement.forms import FinishForm, LogForm, PlanForm
from crm.engagement.models import Engagement

may_log = permission_required("crm.log_visit", raise_exception=True)


def account_to_act_on(user, pk):
    """404 when invisible, 403 when visible but looked after by somebody else."""
    account = get_object_or_404(Account.objects.visible_to(user), pk=pk)
    if not Account.objects.looked_after_by(user).filter(pk=account.pk).exists():
        raise PermissionDenied
    return account


def _engagement_to_act_on(user, pk):
    engagement = get_object_or_404(Engagement.objects.visible_to(user).select_related("account"), pk=pk)
    account_to_act_on(user, engagement.account_id)
    return engagement


@may_log
@require_http_methods(["GET", "POST"])
def engagement_log(request, pk):
    account, today = account_to_act_on(request.user, pk), timezone.localdate()
    form = LogForm(request.POST or None, initial={"happened_on": today}, auto_id="log-%s")
    if not form.is_valid():
        return _form(request, form, account, _("Log a visit or call"), reverse("crm:engagement-log", args=[pk]))
    services.log(account=account, by=request.user, today=today, **form.cleaned_data)
    return _done(request, account, _("Logged."))


@may_log
@require_http_methods(["GET", "POST"])
def engagement_plan(request, pk):
    account = account_to_act_on(request.user, pk)
    form = PlanForm(request.POST or None, auto_id="plan-%s")
    if not form.is_valid():
        return _form(request, form, account, _("Plan a visit or call"), reverse("crm:engagement-plan", args=[pk]))
    services.plan(account=account, by=request.user, **form.cleaned_data)
    return _done(request, account, _("Planned. It stands on your desk on that day."))


@may_log
@require_http_methods(["GET", "POST"])
def engagement_finish(request, pk):
    engagement, today = _engagement_to_act_on(request.user, pk), timezone.localdate()
    form = FinishForm(request.POST or None, initial={"happened_on": today}, auto_id=f"finish-{pk}-%s")
    if not form.is_valid():
        return _form(request, form, engagement.account, engagement.subject, reverse("crm:engagement-finish", args=[pk]))
    services.finish(engagement=engagement, by=request.user, today=today, **form.cleaned_data)
    return _done(request, engagement.account, _("Finished."))


@may_log
@require_POST
def engagement_cancel(request, pk):
    engagement = _engagement_to_act_on(request.user, pk)
    services.cancel(engagement=engagement, by=request.user, at=timezone.now())
    return _done(request, engagement.account, _("Cancelled."))


def _form(request, form, account, title, action):
    context = {"form": form, "account": account, "title": title, "action": action, "back": _back(request, account)}
    template = "crm/engagement/form.html" + ("#form" if request.htmx else "")
    return render(request, template, context, status=422 if form.is_bound else 200)


def _done(request, account, text):
    messages.success(request, text)
    url = _back(request, account)
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _back(request, account):
    url = request.POST.get("back") or request.GET.get("back") or ""
    if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return url
    return reverse("crm:account-tab", args=[account.pk, "service"])

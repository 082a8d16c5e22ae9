"""Holdout: the trials, one of them with its lots, the measured effect; opening, closing, releasing, exempting."""

import secrets

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.models import Account
from crm.display.parts import wants_part
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.permissions import may
from marketing.retention import effect
from marketing.retention.filters import LotFilter
from marketing.retention.forms import ReasonForm, TrialForm
from marketing.retention.models import Assignment, Exemption, Trial
from marketing.retention.rules import ENOUGH_IN_EACH_ARM, ENOUGH_LEAVERS
from marketing.retention.services import trials
from marketing.retention.words import strata_in_words

SHOWN_EXEMPT = 50


@require_GET
@may("marketing.view_retention")
def trial_list(request):
    """The trial under way and those before; who is exempt by hand."""
    exempt = Exemption.objects.visible_to(request.user).standing().select_related("account__customer", "by")
    context = {
        "trials": Trial.objects.visible_to(request.user).select_related("opened_by")[:50], "reader": reader_of(request),
        "running": Trial.objects.running(), "read": Trial.objects.to_read(request.user), "exempt": exempt[:SHOWN_EXEMPT],
    }  # fmt: skip
    return render(request, "marketing/retention/trials.html", context)


@require_http_methods(["GET", "POST"])
@may("marketing.run_trial")
def trial_open(request):
    form = TrialForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        trial = trials.open_trial(terms=form.terms(seed=secrets.randbelow(2**31)), by=request.user, at=timezone.localtime())
        messages.success(request, _("The trial is open: %(n)s lots were drawn.") % {"n": trial.assignments.count()})
        return redirect("marketing:trial-detail", trial.pk)
    return render(request, "marketing/retention/trial_open.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@may("marketing.view_retention")
def trial_detail(request, pk):
    trial = get_object_or_404(Trial.objects.visible_to(request.user).select_related("opened_by", "closed_by", "segment"), pk=pk)
    found = LotFilter(request.GET, Assignment.objects.visible_to(request.user).filter(trial=trial), request=request)
    rows = found.qs.select_related("account__customer", "account__unit", "released_by")
    page = keyset_page(rows, sort=Sort.parse("", {"id": "pk"}, "-id"), cursor=request.GET.get("cursor"), size=25)
    context = {
        "trial": trial,
        "page": page,
        "count": honest_count(found.qs),
        "filter": found,
        "reader": reader_of(request),
        "given": request.GET,
    }
    if wants_part(request):
        return render(request, "marketing/retention/trial.html#rows", context)
    context["strata"] = strata_in_words(effect.arms_of(trial=trial, user=request.user))
    context["sizes"] = {arm: sum(row[arm] for row in context["strata"]) for arm in ("treated", "holdout", "settled", "lost")}
    return render(request, "marketing/retention/trial.html", context)


@require_GET
@may("marketing.view_retention")
def trial_effect(request, pk):
    """What the trial shows, for the page that asks for it by itself."""
    trial = get_object_or_404(Trial.objects.visible_to(request.user), pk=pk)
    found = effect.of_trial(trial=trial, user=request.user)
    context = {"trial": trial, "effect": found, "verdict": found.verdict, "enough": ENOUGH_IN_EACH_ARM, "enough_leavers": ENOUGH_LEAVERS}
    return render(request, "marketing/retention/_effect.html", context)


@require_POST
@may("marketing.run_trial")
def trial_close(request, pk):
    trial = get_object_or_404(Trial.objects.visible_to(request.user), pk=pk)
    trials.close_trial(trial=trial, by=request.user, at=timezone.localtime())
    messages.info(request, _("Closed. Who was held out may be called now."))
    return redirect("marketing:trial-detail", pk)


@require_http_methods(["GET", "POST"])
@may("marketing.release_holdout")
def lot_release(request, pk):
    """A held-out account that must not wait."""
    lot = get_object_or_404(Assignment.objects.visible_to(request.user).select_related("account__customer", "trial"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trials.release(lot=lot, by=request.user, at=timezone.localtime(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Released. A plan may be started; in the comparison the account stays held out."))
        return redirect("crm:account-detail", lot.account_id)
    context = {"form": form, "account": lot.account, "lot": lot, "reader": reader_of(request)}
    return render(request, "marketing/retention/release.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@may("marketing.release_holdout")
def account_exempt(request, pk):
    """An account for which no lot shall be drawn."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("customer"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trials.exempt(account=account, by=request.user, at=timezone.localtime(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Exempt: no lot is drawn for this account."))
        return redirect("crm:account-detail", pk)
    context = {"form": form, "account": account, "lot": None, "reader": reader_of(request)}
    return render(request, "marketing/retention/release.html", context, status=422 if form.errors else 200)


@require_POST
@may("marketing.release_holdout")
def exemption_end(request, pk):
    exemption = get_object_or_404(Exemption.objects.visible_to(request.user), pk=pk)
    trials.end_exemption(exemption=exemption, by=request.user, at=timezone.localtime())
    messages.info(request, _("The exemption has ended."))
    return redirect("marketing:trial-list")

"""Policies: what is in force, every version readable, a draft edited as a form, submitted, and decided by somebody else."""

import json
from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import Account
from crm.people.errors import AlreadyDone, Refused
from crm.people.permissions import may
from segmentation.policies import credit_words, services, words
from segmentation.policies.credit_form import CreditForm
from segmentation.policies.forms import DayForm, PolicyForm
from segmentation.policies.models import EDITABLE, Policy
from segmentation.policies.studio_form import StudioForm


@require_GET
@may("segmentation.view_policy")
def policy_list(request):
    policies = list(Policy.objects.select_related("made_by", "decided_by").defer("body").order_by("kind", "account_kind", "-version"))
    now_in_force = set(Policy.objects.in_force_on(timezone.localdate()).values_list("pk", flat=True))
    kinds = [{"kind": kind, "versions": [it for it in policies if it.kind == kind.value]} for kind in Policy.Kind]
    context = {"kinds": kinds, "in_force": now_in_force, "waiting": [it for it in policies if it.state == Policy.State.SUBMITTED]}
    return render(request, "segmentation/policies/list.html", context)


@require_GET
@may("segmentation.view_policy")
def policy_detail(request, pk):
    policy = get_object_or_404(Policy.objects.select_related("made_by", "submitted_by", "decided_by"), pk=pk)
    in_force = Policy.objects.in_force_on(timezone.localdate()).filter(kind=policy.kind, account_kind=policy.account_kind).first()
    groups: dict[str, list] = {}
    for number in words.numbers_of(policy.kind, policy.body):
        groups.setdefault(number.group, []).append(
            {"label": number.label, "value": words.plain(number.shown(policy.body)), "unit": number.unit, "mark": number.mark}
        )
    is_value = policy.kind == Policy.Kind.VALUE
    context = {
        "policy": policy, "in_force": in_force, "groups": list(groups.items()), "marks": words.mark_words(),
        "weights": words.weights_of(policy.body, get_language()) if is_value else [], "rules": words.rules_of(policy.body) if is_value else [],
        "said": _credit_said(policy) if policy.kind == Policy.Kind.CREDIT else None,
        "differences": words.differences(policy.kind, policy.body, in_force.body) if in_force and in_force != policy else [],
        "may_edit": request.user.has_perm("segmentation.edit_policy"), "steps": words.steps_of(policy),
        "may_decide": request.user.has_perm("segmentation.approve_policy") and request.user.pk not in (policy.made_by_id, policy.submitted_by_id),
        "day": DayForm(initial={"valid_from": timezone.localdate()}), "simulated": policy.kind in services.SIMULATED_FIRST,
        "account_kinds": [it for it in Account.Category if policy.kind in services.SIMULATED_FIRST and it.value != policy.account_kind],
    }  # fmt: skip
    return render(request, "segmentation/policies/detail.html", context)


@require_POST
@may("segmentation.edit_policy")
def policy_draft(request, pk):
    scope = request.POST.get("account_kind")
    known = scope if scope == "" or scope in Account.Category.values else None
    policy = services.draft(source=get_object_or_404(Policy, pk=pk), by=request.user, account_kind=known)
    return redirect("segmentation:policy-edit" if policy.state in EDITABLE else "segmentation:policy-detail", policy.pk)


@may("segmentation.edit_policy")
def policy_edit(request, pk):
    policy = get_object_or_404(Policy, pk=pk)
    if policy.state not in EDITABLE:
        raise AlreadyDone(_("This version is no draft any more: start a new draft from it."))
    form = _form_of(policy)(request.POST or None)
    if "preview" in request.POST and policy.kind == Policy.Kind.CREDIT:
        return render(request, "segmentation/policies/credit.html#said", {"said": form.said(), "form": form, "marks": words.mark_words()})
    if request.method == "POST" and form.is_valid() and _saved(request, policy, form):
        messages.success(request, _("Draft saved. Nothing is judged by it until it is approved."))
        return redirect("segmentation:policy-detail", policy.pk)
    context = {"policy": policy, "form": form, "groups": form.groups(), "steps": words.steps_of(policy)}
    if policy.kind == Policy.Kind.VALUE:
        context |= {"pairs": json.dumps(form.pairs()), "sides": list(words.side_words().items())}
    elif policy.kind == Policy.Kind.CREDIT:
        context |= {"said": form.said(), "marks": words.mark_words()}
    template = {Policy.Kind.VALUE: "studio", Policy.Kind.CREDIT: "credit"}.get(policy.kind, "edit")
    return render(request, f"segmentation/policies/{template}.html", context, status=422 if form.errors else 200)


def _form_of(policy):
    """The form of a policy's kind, still without data."""
    if policy.kind == Policy.Kind.VALUE:
        return partial(StudioForm, policy=policy)
    if policy.kind == Policy.Kind.CREDIT:
        scopes = ("", policy.account_kind)  # one of a kind of account of its own comes after the general one
        held = (
            Policy.objects.in_force_on(timezone.localdate())
            .filter(kind=policy.kind, account_kind__in=scopes)
            .order_by("-account_kind")
            .first()
        )
        return partial(CreditForm, policy=policy, present=held and held.body)
    return partial(PolicyForm, policy=policy)


def _credit_said(policy):
    return {"rules": credit_words.rules_in_words(policy.body), "forced": credit_words.forced_in_words(policy.body)}


def _saved(request, policy, form):
    try:
        services.edit(policy=policy, body=form.new_body(), note=form.cleaned_data["note"], by=request.user)
    except AlreadyDone:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
@may("segmentation.edit_policy")
def policy_submit(request, pk):
    policy = services.submit(policy=get_object_or_404(Policy, pk=pk), valid_from=_day(request), by=request.user, at=timezone.now())
    messages.success(
        request, _("Submitted. A supervisor or an administrator decides on version %(version)s.") % {"version": policy.version}
    )
    return redirect("segmentation:policy-detail", policy.pk)


def _day(request):
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose the day from which it shall be in force."), code="no_day")
    return form.cleaned_data["valid_from"]


@require_POST
@may("segmentation.edit_policy")
def policy_withdraw(request, pk):
    services.withdraw(policy=get_object_or_404(Policy, pk=pk), by=request.user)
    messages.info(request, _("Taken back. It is a draft again."))
    return redirect("segmentation:policy-detail", pk)


@require_POST
@may("segmentation.approve_policy")
def policy_approve(request, pk):
    policy = services.approve(
        policy=get_object_or_404(Policy, pk=pk), by=request.user, at=timezone.now(), reason=request.POST.get("reason", "")
    )
    told = {"version": policy.version, "day": policy.valid_from}
    messages.success(request, _("Version %(version)s judges every run as of %(day)s or later.") % told)
    return redirect("segmentation:policy-detail", policy.pk)


@require_POST
@may("segmentation.approve_policy")
def policy_refuse(request, pk):
    services.refuse(policy=get_object_or_404(Policy, pk=pk), reason=request.POST.get("reason", ""), by=request.user)
    messages.info(request, _("Refused. It is a draft again, with your reason."))
    return redirect("segmentation:policy-detail", pk)


@require_POST
@may("segmentation.edit_policy")
def policy_bring_back(request, pk):
    policy = services.bring_back(
        policy=get_object_or_404(Policy, pk=pk), valid_from=timezone.localdate(), by=request.user, at=timezone.now()
    )
    messages.success(
        request, _("Its numbers are submitted again as version %(version)s and wait for an approver.") % {"version": policy.version}
    )
    return redirect("segmentation:policy-detail", policy.pk)


@require_POST
@may("segmentation.edit_policy")
def policy_drop(request, pk):
    services.drop(policy=get_object_or_404(Policy, pk=pk), by=request.user)
    messages.info(request, _("Draft thrown away."))
    return redirect("segmentation:policy-list")

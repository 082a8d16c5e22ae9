"""Policies: what is in force, every version readable, a draft edited as a form and published."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.people.errors import AlreadyDone, Refused
from crm.people.permissions import may
from segmentation.policies import services, words
from segmentation.policies.forms import PolicyForm
from segmentation.policies.models import Policy


@require_GET
@may("segmentation.view_policy")
def policy_list(request):
    policies = list(Policy.objects.select_related("made_by").order_by("kind", "-version"))
    kinds = [{"kind": kind, "versions": [it for it in policies if it.kind == kind.value]} for kind in Policy.Kind]
    context = {"kinds": kinds, "may_edit": request.user.has_perm("segmentation.edit_policy")}
    return render(request, "segmentation/policies/list.html", context)


@require_GET
@may("segmentation.view_policy")
def policy_detail(request, pk):
    policy = get_object_or_404(Policy.objects.select_related("made_by"), pk=pk)
    in_force = services.in_force().get(policy.kind)
    groups: dict[str, list] = {}
    for number in words.numbers_of(policy.kind, policy.body):
        groups.setdefault(number.group, []).append(
            {"label": number.label, "value": number.shown(policy.body), "unit": number.unit, "mark": number.mark}
        )
    context = {
        "policy": policy, "in_force": in_force, "groups": list(groups.items()), "marks": words.mark_words(),
        "weights": words.weights_of(policy.body, get_language()) if policy.kind == Policy.Kind.VALUE else [],
        "differences": words.differences(policy.kind, policy.body, in_force.body) if in_force and in_force != policy else [],
        "may_edit": request.user.has_perm("segmentation.edit_policy"),
    }  # fmt: skip
    return render(request, "segmentation/policies/detail.html", context)


@require_POST
@may("segmentation.edit_policy")
def policy_draft(request, pk):
    policy = services.draft(source=get_object_or_404(Policy, pk=pk), by=request.user)
    return redirect("segmentation:policy-edit", policy.pk)


@may("segmentation.edit_policy")
def policy_edit(request, pk):
    policy = get_object_or_404(Policy, pk=pk)
    if policy.state != Policy.State.DRAFT:
        raise AlreadyDone(_("This version is no draft any more: start a new draft from it."))
    form = PolicyForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit(policy=policy, body=form.new_body(), note=form.cleaned_data["note"], by=request.user)
        except AlreadyDone:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Draft saved. Nothing is judged by it until it is published."))
            return redirect("segmentation:policy-detail", policy.pk)
    context = {"policy": policy, "form": form, "groups": form.groups()}
    return render(request, "segmentation/policies/edit.html", context, status=422 if form.errors else 200)


@require_POST
@may("segmentation.edit_policy")
def policy_publish(request, pk):
    policy = services.publish(policy=get_object_or_404(Policy, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("Version %(version)s is in force. The next recompute judges by it.") % {"version": policy.version})
    return redirect("segmentation:policy-detail", policy.pk)


@require_POST
@may("segmentation.edit_policy")
def policy_bring_back(request, pk):
    policy = services.bring_back(policy=get_object_or_404(Policy, pk=pk), by=request.user, at=timezone.now())
    messages.success(
        request, _("Its numbers are in force again as version %(version)s. The next recompute judges by it.") % {"version": policy.version}
    )
    return redirect("segmentation:policy-detail", policy.pk)


@require_POST
@may("segmentation.edit_policy")
def policy_drop(request, pk):
    services.drop(policy=get_object_or_404(Policy, pk=pk), by=request.user)
    messages.info(request, _("Draft thrown away."))
    return redirect("segmentation:policy-list")

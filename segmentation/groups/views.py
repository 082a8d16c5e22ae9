"""Behaviour groups: what was found and how well, one group with who belongs, and what an analyst decides."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import Account
from crm.people.errors import Refused
from crm.people.permissions import may
from segmentation.engine.groups import rules_in_words
from segmentation.groups import pages, services, words
from segmentation.groups.forms import RuleForm, SettingsForm
from segmentation.groups.models import BehaviourGroup, Grouping, GroupRule, Kind


@require_GET
@may("segmentation.view_group")
def group_list(request):
    context = {
        "kinds": pages.kinds_for(request.user),
        "waiting": pages.request_waiting(),
        "may_edit": request.user.has_perm("segmentation.edit_group"),
    }
    return render(request, "segmentation/groups/list.html", context)


def _group(request, pk):
    return get_object_or_404(BehaviourGroup.objects.visible_to(request.user), pk=pk)


@require_GET
@may("segmentation.view_group")
def group_detail(request, pk):
    return _detail(request, _group(request, pk), RuleForm())


def _detail(request, group, form, status=200):
    language = get_language() or "en"
    categories = pages.categories_of(group, request.user)
    context = {
        "group": group, "grouping": Grouping.objects.visible_to(request.user).filter(kind=group.kind, in_force=True).select_related("run").first(),
        "rules": rules_in_words(group.rules, language), "categories": categories, "count": sum(row["count"] for row in categories),
        "expert_rules": [(rule, words.rule_words(rule, language)) for rule in group.expert_rules.select_related("made_by")],
        "form": form, "may_edit": request.user.has_perm("segmentation.edit_group"),
    }  # fmt: skip
    return render(request, "segmentation/groups/detail.html", context, status=status)


@require_GET
@may("segmentation.view_group")
def group_chart(request, pk):
    group = _group(request, pk)
    others = BehaviourGroup.objects.visible_to(request.user).standing().filter(kind=group.kind).exclude(pk=group.pk)
    return JsonResponse(pages.chart_of(group.kind, [group, *others], str(group), one=group))


@require_GET
@may("segmentation.view_group")
def grouping_chart(request, kind):
    if kind not in Kind.values:
        raise Http404(kind)
    groups = list(BehaviourGroup.objects.visible_to(request.user).standing().filter(kind=kind))
    return JsonResponse(pages.chart_of(kind, groups, str(Kind(kind).label)))


@require_POST
@may("segmentation.edit_group")
def group_rename(request, pk):
    group = _group(request, pk)
    try:
        services.rename(group=group, name=request.POST.get("name", ""), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("segmentation:group-detail", group.pk)


@require_POST
@may("segmentation.edit_group")
def group_settings(request, kind):
    form = SettingsForm(request.POST)
    if kind not in Kind.values:
        raise Http404(kind)
    if form.is_valid():
        services.change_settings(kind=kind, by=request.user, **form.values())
        messages.success(request, _("Kept. The next grouping is sought that way; press “Group again” to see it now."))
    else:
        messages.error(request, _("Not kept: the smallest group must lie between 0 and 20 % and the number of groups between 3 and 8."))
    return redirect("segmentation:group-list")


@require_POST
@may("segmentation.edit_group")
def group_rule_add(request, pk):
    group, form = _group(request, pk), RuleForm(request.POST)
    if not form.is_valid():
        return _detail(request, group, form, status=422)
    services.add_rule(group=group, by=request.user, at=timezone.now(), **form.rule())
    messages.success(request, _("Kept. The rule holds from the next grouping on."))
    return redirect("segmentation:group-detail", group.pk)


@require_POST
@may("segmentation.edit_group")
def group_rule_drop(request, pk):
    rule = get_object_or_404(GroupRule.objects.select_related("group"), pk=pk)
    services.drop_rule(rule=rule, by=request.user)
    return redirect("segmentation:group-detail", rule.group_id)


@require_GET
@may("segmentation.view_standing")
def account_groups(request, pk):
    """A panel of the account's page."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return render(request, "segmentation/groups/panel.html", {"groups": pages.groups_of(account.pk, request.user)})

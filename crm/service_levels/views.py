"""Clock policies: what was promised, by which source, since when; and which of them wins in a case."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.people.masking import reader_of
from crm.service_levels import services
from crm.service_levels.cases import tried
from crm.service_levels.forms import EndForm, NewPolicyForm, PolicyForm, TryForm, terms_of
from crm.service_levels.models import ClockPolicy
from crm.service_levels.rules import specificity

may_edit = permission_required("crm.edit_clock_policy", raise_exception=True)
SHOWN = 300


@require_GET
@may_edit
def clock_policy_list(request):
    """Those in force or to come, in the order in which they win; `?all=1` shows the past ones too."""
    today = timezone.localdate()
    policies = ClockPolicy.objects.select_related("level")
    shown = policies if request.GET.get("all") else policies.not_over(today)
    rows = sorted(shown.order_by("ticket_kind", "valid_from")[:SHOWN], key=specificity, reverse=True)
    return render(request, "crm/service_levels/list.html", {"policies": rows, "today": today})


@require_http_methods(["GET", "POST"])
@may_edit
def clock_policy_add(request):
    today = timezone.localdate()
    usual = {"valid_from": today, "contact_unit": "hour", "answer_unit": "working_day", "resolve_unit": "working_day", "mark": "M"}
    form = NewPolicyForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("name", "name_en")}
        services.add_policy(**names, conditions=form.conditions(), **form.terms(), on=today, by=request.user)
        messages.success(request, _("The policy is added: tickets logged from that day on may get it."))
        return redirect("crm:clock-policy-list")
    return render(request, "crm/service_levels/add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@may_edit
def clock_policy_revise(request, pk):
    """A policy with all its versions; the one without an end may be revised or ended."""
    policy, today = get_object_or_404(ClockPolicy.objects.select_related("level"), pk=pk), timezone.localdate()
    form = PolicyForm(request.POST or None, initial=terms_of(policy) | {"valid_from": today})
    if request.method == "POST" and form.is_valid():
        services.revise_policy(policy=policy, **form.terms(), on=today, by=request.user)
        messages.success(request, _("The policy is revised: tickets logged from that day on get the new clock."))
        return redirect("crm:clock-policy-list")
    versions = ClockPolicy.objects.same_conditions(policy).select_related("level").order_by("-valid_from")[:50]
    context = {"form": form, "policy": policy, "versions": versions, "end_form": EndForm(initial={"last_day": today}, auto_id="end_%s")}
    return render(request, "crm/service_levels/revise.html", context, status=422 if form.errors else 200)


@require_POST
@may_edit
def clock_policy_end(request, pk):
    policy = get_object_or_404(ClockPolicy, pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day as 2027-01-31."))
        return redirect("crm:clock-policy-revise", pk)
    services.end_policy(policy=policy, last_day=form.cleaned_data["last_day"], on=timezone.localdate(), by=request.user)
    messages.success(request, _("The policy ends on %(day)s; a less specific one takes over.") % {"day": form.cleaned_data["last_day"]})
    return redirect("crm:clock-policy-list")


@require_GET
@may_edit
def clock_policy_try(request):
    """Which policy would win for a case, which others hold too, and when each step would be due."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = TryForm(request.GET or None, user=request.user, initial={"at": now})
    context = {"form": form, "now": now, "reader": reader_of(request)}
    if form.is_bound and form.is_valid():
        context |= {"tried": tried(form.cleaned_data, now), "account": form.cleaned_data["number"]}
    return render(request, "crm/service_levels/try.html", context, status=422 if form.is_bound and form.errors else 200)

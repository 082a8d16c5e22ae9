"""Clock policies: what was promised, by which source, since when."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.service_levels import services
from crm.service_levels.forms import PolicyForm
from crm.service_levels.models import ClockPolicy

may_edit = permission_required("crm.edit_clock_policy", raise_exception=True)


@require_GET
@may_edit
def clock_policy_list(request):
    """Those in force or to come; `?all=1` shows the past ones too."""
    today = timezone.localdate()
    policies = ClockPolicy.objects.select_related("level").order_by("level", "ticket_kind", "severity", "valid_from")
    shown = policies if request.GET.get("all") else policies.exclude(valid_to__lt=today)
    return render(request, "crm/service_levels/list.html", {"policies": shown[:200], "today": today})


@require_http_methods(["GET", "POST"])
@may_edit
def clock_policy_revise(request, pk):
    policy = get_object_or_404(ClockPolicy.objects.select_related("level"), pk=pk)
    now = {name: getattr(policy, name) for name in PolicyForm.base_fields if name != "valid_from"}
    form = PolicyForm(request.POST or None, initial=now | {"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        services.revise_policy(policy=policy, **form.cleaned_data, by=request.user)
        messages.success(request, _("The policy is revised: tickets logged from that day on get the new clock."))
        return redirect("crm:clock-policy-list")
    return render(request, "crm/service_levels/revise.html", {"form": form, "policy": policy}, status=422 if form.errors else 200)

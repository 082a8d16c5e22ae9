"""Pages of green channels that stand, stood or will stand: the list, one of them, what they made, and the rules of granting."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.display.parts import wants_part
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.models import Unit
from crm.people.permissions import may
from crm.service_levels import services as service_levels
from crm.service_levels.models import Entitlement
from crm.service_levels.words import ticket_choices
from marketing.green_channel import effect, services
from marketing.green_channel.clocks import clocks_of
from marketing.green_channel.filters import STATES, EntitlementFilter
from marketing.green_channel.forms import RuleForm, UseForm
from marketing.green_channel.models import ChannelRule
from marketing.green_channel.rules import FEW, matched

SORTS = {"ends": "ends_on", "starts": "starts_on"}
SOON_DAYS, SHOWN_USES = 30, 50


@require_GET
@may("marketing.view_proposal")
def entitlement_list(request):
    today, visible = timezone.localdate(), Entitlement.objects.visible_to(request.user)
    given = request.GET.copy()
    if not any(given.get(name) for name in ("state", "ending", "used_up", "number", "unit", "all")):
        given["state"] = "in_force"
    found = EntitlementFilter(given, visible, request=request)
    rows = found.qs.select_related("account__customer", "account__unit", "account__standing", "level", "representative")
    page = keyset_page(
        rows.prefetch_related("quotas"), sort=Sort.parse(given.get("sort", ""), SORTS, "ends"), cursor=request.GET.get("cursor")
    )  # fmt: skip
    context = {
        "page": page, "count": honest_count(found.qs), "filter": found, "today": today, "chips": _chips(given, visible, today),
        "reader": reader_of(request), "unit": given.get("unit"), "given": given,
        "units": Unit.objects.within_reach_of(request.user).order_by("code")[:300],
    }  # fmt: skip
    return render(request, "marketing/green_channel/standing.html" + ("#rows" if wants_part(request) else ""), context)


def _chips(given, visible, today):
    """States and what needs somebody soon, as `_components/filterbar.html` takes them; a unit and segments that were chosen stay."""
    kept = "".join(f"&{name}={value}" for name in ("unit", "segment") for value in given.getlist(name) if value.isdigit())
    soon = given.get("ending") == str(SOON_DAYS)
    ending = {
        "label": _("Ends within %(days)s days") % {"days": SOON_DAYS}, "url": f"?ending={SOON_DAYS}{kept}", "active": soon,
        "count": visible.ending_within(today, SOON_DAYS).count(),
    }  # fmt: skip
    used_up = {"label": _("A quota is used up"), "url": f"?used_up=true{kept}", "active": bool(given.get("used_up"))}
    every = {"label": _("All"), "url": f"?all=1{kept}", "active": bool(given.get("all"))}
    states = [{"label": label, "url": f"?state={state}{kept}", "active": given.get("state") == state} for state, label in STATES]
    return [*states, ending, used_up, every]


def _entitlement(request, pk):
    related = ("account__customer", "account__unit", "account__standing", "level", "representative", "granted_by", "revoked_by")
    return get_object_or_404(Entitlement.objects.visible_to(request.user).select_related(*related), pk=pk)


@require_GET
@may("marketing.view_proposal")
def entitlement_detail(request, pk):
    return _detail(request, _entitlement(request, pk))


def _detail(request, entitlement, form=None, status=200):
    user, today = request.user, timezone.localdate()
    state = entitlement.state(today)
    context = {
        "entitlement": entitlement, "today": today, "state": state, "reader": reader_of(request), "quotas": entitlement.quotas.all(),
        "uses": entitlement.uses.select_related("by")[:SHOWN_USES], "clocks": clocks_of(entitlement, timezone.now()),
        "use_form": (form or UseForm(entitlement=entitlement)) if state == "in_force" and user.has_perm("crm.log_visit") else None,
        "may_revoke": state in ("in_force", "to_come") and user.has_perm("marketing.revoke"),
        "may_renew": state in ("in_force", "ended") and user.has_perm("marketing.propose"),
    }  # fmt: skip
    return render(request, "marketing/green_channel/entitlement.html", context, status=status)


@require_POST
@may("crm.log_visit")
def entitlement_use(request, pk):
    entitlement = _entitlement(request, pk)
    form = UseForm(request.POST, entitlement=entitlement)
    if not form.is_valid():
        return _detail(request, entitlement, form, status=422)
    used = service_levels.use(entitlement=entitlement, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Counted: %(service)s.") % {"service": used.get_service_display()})
    return redirect("marketing:entitlement-detail", pk)


@require_GET
@may("marketing.view_proposal")
def entitlement_effect(request, pk):
    """The measured difference of one green channel, for the page that asks for it by itself."""
    entitlement = _entitlement(request, pk)
    compared = effect.of_one(entitlement=entitlement, user=request.user)
    sides = [
        (_("The account itself, in the year before"), compared["before"], matched(compared["before"])),
        (_("Other accounts of its unit, in the same days"), compared["others"], matched(compared["others"])),
    ]
    return render(request, "marketing/green_channel/_effect.html", {"sides": sides, "kinds": dict(ticket_choices("kind")), "few": FEW})


@require_GET
@may("marketing.view_proposal")
def channel_effect(request):
    """Answer times with and without a green channel over the last year, of what the person may see; the page asks for them by itself."""
    if not wants_part(request):
        return render(request, "marketing/green_channel/effect.html")
    rows = effect.of_everyone_lately(user=request.user, at=timezone.now())
    context = {"rows": rows, "matched": matched(rows), "kinds": dict(ticket_choices("kind")), "few": FEW}
    return render(request, "marketing/green_channel/effect.html#measured", context)


@require_GET
@may("marketing.view_proposal")
def channel_effect_chart(request):
    kinds = dict(ticket_choices("kind"))
    rows = [row for row in effect.of_everyone_lately(user=request.user, at=timezone.now()) if row.enough]
    sides = [(_("With a green channel"), "accent", "green"), (_("Without"), "muted", "plain")]
    series = [
        {"name": name, "key": key, "values": [round(getattr(row, side).median_hours, 1) for row in rows]} for name, key, side in sides
    ]
    answered = {"label": _("Kind of ticket"), "values": [str(kinds.get(row.kind, row.kind)) for row in rows]}
    return JsonResponse({"kind": "bar", "title": _("Median hours to the answer"), "unit": "h", "x": answered, "series": series})


@require_http_methods(["GET", "POST"])
@may("marketing.view_proposal")
def channel_rules(request):
    """The rules in force and their versions; an administrator enters new ones."""
    today, may_edit = timezone.localdate(), request.user.has_perm("marketing.edit_channel_rule")
    if request.method == "POST" and not may_edit:
        return may("marketing.edit_channel_rule")(channel_rules)(request)
    rule = ChannelRule.objects.on(today)
    now = {name: getattr(rule, name) for name in RuleForm.base_fields} | {"valid_from": today}
    form = RuleForm(request.POST or None, initial=now) if may_edit else None
    if request.method == "POST" and form.is_valid():
        services.set_rule(**form.cleaned_data, on=today, by=request.user)
        messages.success(request, _("The rules hold from %(day)s.") % {"day": form.cleaned_data["valid_from"]})
        return redirect("marketing:channel-rules")
    context = {"rule": rule, "rules": ChannelRule.objects.select_related("entered_by")[:50], "form": form, "today": today}
    return render(request, "marketing/green_channel/rules.html", context, status=422 if form and form.errors else 200)

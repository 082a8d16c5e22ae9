"""The rules in their order, one rule with its trial on last month, and who is away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.routing import services
from crm.routing.forms import AbsenceForm, LeadForm, RuleForm
from crm.routing.models import Absence, RoutingDesk, RoutingRule
from crm.routing.words import conditions_in_words, explanation, target_in_words
from crm.tickets.models import Ticket

may_see = may("crm.view_routing")
may_edit = may("crm.edit_routing")
SHOWN = 200


@require_GET
@may_see
def rule_list(request):
    rules = RoutingRule.objects.select_related("unit", "target_unit", "person")[:SHOWN]
    rows = [(rule, conditions_in_words(rule), target_in_words(rule)) for rule in rules]
    desk = RoutingDesk.objects.select_related("pool_lead").first()
    form = LeadForm(initial={"person": desk and desk.pool_lead_id}) if request.user.has_perm("crm.edit_routing") else None
    return render(request, "crm/routing/list.html", {"rows": rows, "desk": desk, "lead_form": form})


@require_http_methods(["GET", "POST"])
@may_edit
def rule_new(request):
    last = RoutingRule.objects.order_by("-position").values_list("position", flat=True).first() or 0
    return _edited(request, RoutingRule(position=last + 1))


@require_http_methods(["GET", "POST"])
@may_edit
def rule_edit(request, pk):
    return _edited(request, get_object_or_404(RoutingRule, pk=pk))


def _edited(request, rule):
    """`try` shows what the list with this rule in it would do with last month's tickets; `save` saves it."""
    form = RuleForm(request.POST or None, instance=rule)
    context = {"form": form, "rule": rule, "reader": reader_of(request)}
    if request.method == "POST" and form.is_valid():
        draft = form.save(commit=False)
        if "save" in request.POST:
            services.save_rule(rule=draft, by=request.user)
            messages.success(request, _("The rule is saved: tickets logged from now on follow it."))
            return redirect("crm:routing-rule-list")
        context |= {"tried": services.dry_run(draft=draft, user=request.user, at=timezone.now()), "draft": draft}
    return render(request, "crm/routing/rule.html", context, status=422 if form.errors else 200)


@require_POST
@may_edit
def rule_act(request, pk, verb):
    """`up`, `down`, `on`, `off` or `delete`."""
    rule = get_object_or_404(RoutingRule, pk=pk)
    match verb:
        case "up" | "down":
            services.move_rule(rule=rule, up=verb == "up", by=request.user)
        case "on" | "off":
            services.switch_rule(rule=rule, on=verb == "on", by=request.user)
        case "delete":
            services.delete_rule(rule=rule, by=request.user)
            messages.success(request, _("The rule is deleted. What it decided stays explained."))
        case _other:
            raise Http404(verb)
    return redirect("crm:routing-rule-list")


@require_POST
@may_edit
def lead(request):
    form = LeadForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person does not work tickets: choose a manager, an agent or a supervisor."))
    else:
        services.lead_pool(person=form.cleaned_data["person"], by=request.user)
    return redirect("crm:routing-rule-list")


@require_http_methods(["GET", "POST"])
@may("crm.edit_absence")
def absence_list(request):
    """Who is away now or will be, and the form for one more."""
    form = AbsenceForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.note_absence(**form.cleaned_data, by=request.user)
        messages.success(request, _("Noted: they get no tickets on these days."))
        return redirect("crm:absence-list")
    today = timezone.localdate()
    rows = (
        Absence.objects.visible_to(request.user)
        .filter(ends_on__gte=today)
        .select_related("person", "substitute")
        .order_by("starts_on", "pk")
    )
    context = {"form": form, "absences": rows[:SHOWN], "today": today}
    return render(request, "crm/routing/absences.html", context, status=422 if form.errors else 200)


@require_POST
@may("crm.edit_absence")
def absence_end(request, pk):
    row = get_object_or_404(Absence.objects.visible_to(request.user).select_related("person"), pk=pk)
    services.end_absence(absence=row, by=request.user)
    return redirect("crm:absence-list")


@require_GET
@may("crm.view_ticket")
def ticket_routing(request, pk):
    """For the page of a ticket: why it is with whom it is, and what was raised to whom."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    decision = getattr(ticket, "routing", None)
    context = {"ticket": ticket, "decision": decision, "sentences": explanation(decision) if decision else []}
    return render(request, "crm/routing/_ticket.html", context)

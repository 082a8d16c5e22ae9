"""Development: candidates, the watch list and one prospect, the register of large customers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.models import Account
from crm.display.parts import wants_part
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import Refused
from crm.people.masking import reader_of
from crm.people.permissions import may
from marketing.development import services
from marketing.development.filters import CandidateFilter, LargeCustomerFilter, ProspectFilter
from marketing.development.forms import LargeCustomerForm, NoteForm, PlanForm, ReasonForm
from marketing.development.models import Candidate, LargeCustomer, Prospect
from marketing.development.rules import STEPS
from marketing.development.words import evidence_in_words, how_strength_is_counted

SORTS = {"next": "next_on", "id": "pk"}
TEMPLATES = "marketing/development"


def _page(request, template, found, *, sorts, default, tie="pk", **context):
    page = keyset_page(found, sort=Sort.parse(request.GET.get("sort", ""), sorts, default, tie=tie), cursor=request.GET.get("cursor"))
    context |= {"page": page, "count": honest_count(found, page), "reader": reader_of(request), "today": timezone.localdate()}
    return render(request, f"{TEMPLATES}/{template}.html" + ("#rows" if wants_part(request) else ""), context)


@require_GET
@may("marketing.view_prospect")
def prospect_list(request):
    found = ProspectFilter(request.GET, Prospect.objects.visible_to(request.user), request=request)
    rows = found.qs.select_related("account__customer", "account__unit", "account__standing", "owner")
    context = {"filter": found, "states": Prospect.State.choices, "chosen": request.GET.getlist("state")}
    return _page(request, "list", rows, sorts=SORTS, default="next", waiting=Prospect.objects.waiting_for(request.user).count(), **context)


@require_GET
@may("marketing.view_prospect")
def candidate_list(request):
    found = CandidateFilter(request.GET, Candidate.objects.visible_to(request.user).not_taken_up(), request=request)
    rows = found.qs.select_related("account__customer", "account__unit", "account__standing", "run")
    context = {"filter": found, "counted": how_strength_is_counted(), "may_develop": request.user.has_perm("marketing.develop")}
    return _page(request, "candidates", rows, sorts={"strength": "strength"}, default="-strength", tie="account_id", **context)


@require_GET
@may("marketing.view_prospect")
def large_customer_list(request):
    found = LargeCustomerFilter(request.GET, LargeCustomer.objects.visible_to(request.user), request=request)
    listed = found.qs if request.GET.get("ended") == "true" else found.qs.standing()
    rows = listed.select_related("account__customer", "account__unit", "account__standing", "entered_by")
    return _page(request, "large", rows, sorts={"id": "pk", "since": "starts_on"}, default="-since", filter=found)


def _prospect(request, pk):
    visible = Prospect.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("account__customer", "account__unit", "owner", "proposed_by", "decided_by", "added_by"), pk=pk
    )


@require_GET
@may("marketing.view_prospect")
def prospect_detail(request, pk):
    return _detail(request, _prospect(request, pk))


def _detail(request, prospect, *, status=200, **forms):
    user = request.user
    mine = user.has_perm("marketing.develop") and (
        prospect.owner_id == user.pk or Account.objects.looked_after_by(user).filter(pk=prospect.account_id).exists()
    )
    initial = {"next_action": prospect.next_action, "next_on": prospect.next_on, "owner": prospect.owner_id}
    context = {
        "prospect": prospect, "reader": reader_of(request), "evidence": evidence_in_words(prospect.evidence), "may_work": mine and prospect.is_open,
        "steps": [Prospect.State(step) for step in STEPS.get(prospect.state, ())], "may_decide": prospect.may_be_decided_by(user),
        "notes": prospect.notes.select_related("by"), "plan": PlanForm(account=prospect.account, initial=initial), "note": NoteForm(),
        "propose": ReasonForm(prefix="propose"), "drop": ReasonForm(prefix="drop"), "decide": ReasonForm(prefix="decide"), "today": timezone.localdate(),
    } | forms  # fmt: skip
    return render(request, f"{TEMPLATES}/detail.html", context, status=status)


@require_POST
@may("marketing.develop")
def prospect_watch(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("manager", "unit"), pk=pk)
    prospect = services.watch(account=account, by=request.user, at=timezone.now())
    messages.success(request, _("On the watch list. Plan the next action."))
    return redirect("marketing:prospect-detail", prospect.pk)


@require_POST
@may("marketing.develop")
def prospect_move(request, pk):
    prospect, to = _prospect(request, pk), request.POST.get("to", "")
    if to in Prospect.State.values:
        services.move(prospect=prospect, to=to, by=request.user, at=timezone.now())
    return redirect("marketing:prospect-detail", pk)


@require_POST
@may("marketing.develop")
def prospect_plan(request, pk):
    prospect = _prospect(request, pk)
    form = PlanForm(request.POST, account=prospect.account)
    if not form.is_valid():
        return _detail(request, prospect, plan=form, status=422)
    services.plan(prospect=prospect, **form.told(), by=request.user)
    messages.success(request, _("Planned."))
    return redirect("marketing:prospect-detail", pk)


@require_POST
@may("marketing.develop")
def prospect_note(request, pk):
    prospect, form = _prospect(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return _detail(request, prospect, note=form, status=422)
    services.note(prospect=prospect, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
    return redirect("marketing:prospect-detail", pk)


def _with_reason(request, pk, name, missing, deed):
    """A deed whose reason must be said; without one the form says so."""
    prospect, form = _prospect(request, pk), ReasonForm(request.POST, prefix=name)
    if not (form.is_valid() and form.cleaned_data["reason"].strip()):
        form.add_error("reason", missing)
        return _detail(request, prospect, **{name: form}, status=422)
    deed(prospect=prospect, reason=form.cleaned_data["reason"], by=request.user, at=timezone.localtime())
    return redirect("marketing:prospect-detail", pk)


@require_POST
@may("marketing.develop")
def prospect_propose(request, pk):
    return _with_reason(request, pk, "propose", _("Say why: the supervisor reads this first."), services.propose)


@require_POST
@may("marketing.develop")
def prospect_drop(request, pk):
    return _with_reason(request, pk, "drop", _("Say why it is dropped: whoever meets the account again will read it."), services.drop)


@require_POST
@may("marketing.decide")
def prospect_refuse(request, pk):
    return _with_reason(request, pk, "decide", _("Say why: the manager will read it."), services.refuse)


@require_POST
@may("marketing.decide")
def prospect_approve(request, pk):
    note = request.POST.get("decide-reason", "")[:500]
    services.approve(prospect=_prospect(request, pk), by=request.user, at=timezone.localtime(), note=note)
    messages.success(request, _("It is on the list of large customers from today on."))
    return redirect("marketing:prospect-detail", pk)


@require_http_methods(["GET", "POST"])
@may("marketing.decide")
def large_customer_new(request):
    """An account that is large already, entered without the watch list; `?number=` fills it in."""
    initial = {"number": request.GET.get("number", ""), "starts_on": timezone.localdate()}
    form = LargeCustomerForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid() and (large := _entered(request, form)):
        messages.success(request, _("Account %(number)s is on the list of large customers.") % {"number": large.account.number})
        return redirect("marketing:large-customer-list")
    return render(request, f"{TEMPLATES}/large_new.html", {"form": form}, status=422 if form.errors else 200)


def _entered(request, form):
    told = {name: form.cleaned_data[name] for name in ("starts_on", "source")}
    try:
        return services.enter(account=form.account, **told, by=request.user, on=timezone.localdate())
    except Refused as refusal:
        form.add_error({"day_to_come": "starts_on", "source_missing": "source"}.get(refusal.code, "number"), str(refusal))
        return None


@require_POST
@may("marketing.decide")
def large_customer_end(request, pk):
    large = get_object_or_404(LargeCustomer.objects.visible_to(request.user), pk=pk)
    services.end(large=large, reason=request.POST.get("reason", "")[:300], by=request.user, at=timezone.localtime())
    messages.info(request, _("It is no large customer any more."))
    return redirect("marketing:large-customer-list")


@require_GET
@may("marketing.view_prospect")
def development_panel(request, pk):
    """The account page's card: large customer, on the watch list, a candidate, or nothing at all."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    about = {"account": account}
    large = LargeCustomer.objects.standing().filter(**about).first()
    prospect = None if large else Prospect.objects.open().filter(**about).select_related("owner").first()
    candidate = None if large or prospect else Candidate.objects.filter(**about).first()
    context = {
        "account": account, "large": large, "prospect": prospect, "candidate": candidate,
        "evidence": evidence_in_words(candidate.evidence) if candidate else [],
        "may_watch": candidate and request.user.has_perm("marketing.develop") and Account.objects.looked_after_by(request.user).filter(pk=pk).exists(),
    }  # fmt: skip
    return render(request, f"{TEMPLATES}/account_panel.html", context)

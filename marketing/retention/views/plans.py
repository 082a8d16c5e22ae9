"""Plans: the list, one of them, starting and ending it, its offers, and the card on the account page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.models import Account
from crm.display.parts import wants_part
from crm.display.telling import tell_refusals
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.models import Unit
from crm.people.permissions import may
from marketing.market.forms import LossForm
from marketing.market.models import LossNote, Outcome
from marketing.retention import facts
from marketing.retention.filters import PlanFilter, chosen
from marketing.retention.forms import AnswerForm, BulkStartForm, EndForm, OfferForm, StartForm
from marketing.retention.models import Assignment, Exemption, Offer, Plan
from marketing.retention.rules import outcome_of
from marketing.retention.services import offers, plans, playbooks
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import RiskBand, Standing, Tier

SORTS = {"id": "pk", "revenue": "revenue_12m_fen"}
BULK_LIMIT = 500


def _with_names(found):
    return found.select_related(
        "account__customer", "account__unit", "account__standing", "account__manager", "playbook", "started_by", "ended_by"
    )


@require_GET
@may("marketing.view_retention")
def plan_list(request):
    given = request.GET.copy()
    if not any(given.get(name) for name in ("state", "overdue", "all", "account")):
        given["state"] = Plan.State.OPEN
    found = PlanFilter(given, Plan.objects.visible_to(request.user), request=request)
    rows = _with_names(found.qs).prefetch_related("tasks__engagement")
    page = keyset_page(rows, sort=Sort.parse(given.get("sort", ""), SORTS, "-id"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "count": honest_count(found.qs), "filter": found, "reader": reader_of(request), "today": timezone.localdate(), "given": given,
        "menus": [
            (_("Likely outcome"), "outcome", Outcome.choices, given.getlist("outcome")), (_("Risk band"), "band", chosen(RiskBand), given.getlist("band")),
            (_("Tier"), "tier", chosen(Tier), given.getlist("tier")), (_("State"), "state", Plan.State.choices, given.getlist("state")),
        ],
        "units": Unit.objects.within_reach_of(request.user).order_by("code")[:300],
    }  # fmt: skip
    return render(request, "marketing/retention/plans.html" + ("#rows" if wants_part(request) else ""), context)


def _plan(request, pk):
    return get_object_or_404(_with_names(Plan.objects.visible_to(request.user)), pk=pk)


@require_GET
@may("marketing.view_retention")
def plan_detail(request, pk):
    return _detail(request, _plan(request, pk))


def _detail(request, plan, status=200, **forms):
    today, account = timezone.localdate(), plan.account
    mine = request.user.has_perm("marketing.run_retention") and Account.objects.looked_after_by(request.user).filter(pk=account.pk).exists()
    given = plan.offers.select_related("by")
    context = {
        "plan": plan, "reader": reader_of(request), "today": today, "mine": mine, "may_act": mine and plan.is_open,
        "tasks": plan.tasks.select_related("engagement__by"), "offers": [(offer, AnswerForm(initial={"answered_on": today})) for offer in given],
        "spent": sum(offer.cost_yuan for offer in given if offer.state == Offer.State.ACCEPTED), "fact": _fact(plan, today),
        "offer_form": OfferForm(initial={"offered_on": today}), "end_form": EndForm(auto_id="end-%s"),
        "loss_form": LossForm(today=today, outcome=plan.outcome, auto_id="loss-%s"),
    } | forms  # fmt: skip
    return render(request, "marketing/retention/plan.html", context, status=status)


def _fact(plan, today):
    """What the facts say has become of the account since the plan began, whatever the manager thinks: a label, or ""."""
    outcome = outcome_of(facts.read(plan.before), facts.facts_of(plan.account, getattr(plan.account, "standing", None), on=today))
    return Outcome(outcome).label if outcome else ""


@require_POST
@may("marketing.run_retention")
def plan_end(request, pk):
    """`how`: kept, left or dropped. Left carries a loss."""
    plan, how, at = _plan(request, pk), request.POST.get("how"), timezone.localtime()
    if how == Plan.State.LEFT:
        form = LossForm(request.POST, today=at.date(), auto_id="loss-%s")
        if not form.is_valid():
            return _detail(request, plan, 422, loss_form=form)
        plans.lose(plan=plan, loss=form.loss(), by=request.user, at=at)
    else:
        form = EndForm(request.POST, auto_id="end-%s")
        if not form.is_valid():
            return _detail(request, plan, 422, end_form=form)
        _end(plan, how, form.cleaned_data["ending"], request.user, at)
    messages.success(request, _("The plan has ended. What was left to do is cancelled."))
    return redirect("marketing:retention-plan", pk)


def _end(plan, how, ending, by, at):
    if how == Plan.State.KEPT:
        plans.keep(plan=plan, by=by, at=at, ending=ending)
    else:
        plans.drop(plan=plan, by=by, at=at, reason=ending)


@require_POST
@may("marketing.run_retention")
def offer_log(request, pk):
    plan, form = _plan(request, pk), OfferForm(request.POST)
    if not form.is_valid():
        return _detail(request, plan, 422, offer_form=form)
    offers.log(plan=plan, **form.cleaned_data, by=request.user, at=timezone.localtime())
    messages.success(request, _("Logged. Enter the answer when the customer has given it."))
    return redirect("marketing:retention-plan", pk)


@require_POST
@may("marketing.run_retention")
def offer_answer(request, pk):
    offer = get_object_or_404(Offer.objects.filter(plan__in=Plan.objects.visible_to(request.user)).select_related("plan__account"), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _detail(request, _plan(request, offer.plan_id), 422)
    accepted = request.POST.get("answer") == "accepted"
    offers.answer(offer=offer, accepted=accepted, **form.cleaned_data, by=request.user, at=timezone.localtime())
    messages.success(request, _("The answer is kept."))
    return redirect("marketing:retention-plan", offer.plan_id)


@require_http_methods(["GET", "POST"])
@may("marketing.run_retention")
def start(request, pk):
    """Choose the playbook, see its steps, start. A held-out account is told so before anything is asked."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("customer", "standing"), pk=pk)
    if not Account.objects.looked_after_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    standing = getattr(account, "standing", None) or Standing(account=account)
    suggested = playbooks.suggested(outcome=standing.risk_outcome, band=standing.risk_band, tier=standing.tier)
    form = StartForm(request.POST or None, suggested=suggested)
    if request.method == "POST" and form.is_valid():
        plan = plans.start(account=account, by=request.user, at=timezone.localtime(), playbook=form.cleaned_data["playbook"])
        messages.success(request, _("The plan is under way. Its tasks stand on your desk."))
        return redirect("marketing:retention-plan", plan.pk)
    lot = Assignment.objects.holding().filter(account=account).select_related("trial", "account").first()
    context = {
        "account": account, "form": form, "reader": reader_of(request), "standing": standing, "held_out": plans.held_out_because(lot) if lot else "",
        "suggested": [(book, list(book.steps.all())) for book in suggested],
    }  # fmt: skip
    return render(request, "marketing/retention/start.html", context, status=422 if form.errors else 200)


@require_POST
@may("marketing.run_retention")
def start_bulk(request):
    """From the portfolio or the desk: first post (ids ticked) shows the form, the second starts a plan for each."""
    accounts = list(_ticked(request)[: BULK_LIMIT + 1])
    if not accounts or len(accounts) > BULK_LIMIT:
        messages.error(request, _("Tick between 1 and %(limit)s accounts you look after.") % {"limit": BULK_LIMIT})
        return redirect(request.META.get("HTTP_REFERER") or "segmentation:portfolio")
    form = BulkStartForm(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        playbook = form.cleaned_data["playbook"]
        return _told(request, *plans.start_many(accounts=accounts, by=request.user, at=timezone.localtime(), playbook=playbook))
    context = {"form": form, "accounts": accounts, "reader": reader_of(request)}
    return render(request, "marketing/retention/start_bulk.html", context, status=422 if form.errors else 200)


def _ticked(request):
    """The ticked accounts, or with “select all in this filter” all that the list's filters leave, that the person looks after."""
    mine = Account.objects.looked_after_by(request.user)
    if request.POST.get("everything") == "1":
        found = StandingFilter(request.GET, Standing.objects.visible_to(request.user), request=request).qs
        mine = mine.filter(pk__in=found.values("account"))
    else:
        mine = mine.filter(pk__in=[int(pk) for pk in request.POST.getlist("ids") if pk.isdigit() and len(pk) < 18])
    return mine.select_related("customer", "standing", "manager", "representative").order_by("pk")


def _told(request, made, refused):
    if made:
        messages.success(request, ngettext("%(n)s plan is under way.", "%(n)s plans are under way.", len(made)) % {"n": len(made)})
    tell_refusals(request, refused)
    return redirect("marketing:retention-plans")


@require_GET
@may("marketing.view_retention")
def account_panel(request, pk):
    """The account page's card: the plan under way, the lot, what was tried before."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("standing"), pk=pk)
    found = list(Plan.objects.visible_to(request.user).filter(account=account).select_related("playbook")[:4])
    plan = next((one for one in found if one.is_open), None)
    mine = Account.objects.looked_after_by(request.user).filter(pk=pk).exists()
    drawn = Assignment.objects.filter(account=account, trial__closed_at=None).exists()
    exempt = Exemption.objects.standing().filter(account=account).exists()
    context = {
        "may_exempt": request.user.has_perm("marketing.release_holdout") and not (drawn or exempt or plan),
        "account": account, "plan": plan, "earlier": [one for one in found if not one.is_open], "today": timezone.localdate(), "mine": mine,
        "tasks": plan.tasks.undone().select_related("engagement__by")[:3] if plan else [],
        "lot": Assignment.objects.visible_to(request.user).holding().filter(account=account).select_related("trial").first(),
        "losses": LossNote.objects.visible_to(request.user).standing().filter(account=account).select_related("competitor", "substitute")[:2],
        "may_start": mine and not plan and account.status != Account.Status.CLOSED and request.user.has_perm("marketing.run_retention"),
    }  # fmt: skip
    return render(request, "marketing/retention/account_panel.html", context)

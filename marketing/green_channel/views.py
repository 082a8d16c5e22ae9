"""Green channel: what waits, what stands, and the form that asks for one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import Account
from crm.display.parts import wants_part
from crm.display.telling import tell_refusals
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.service_levels import services as service_levels
from crm.service_levels.models import Entitlement
from marketing.green_channel import services
from marketing.green_channel.filters import ProposalFilter
from marketing.green_channel.forms import DecisionForm, ProposalForm, renewal_of
from marketing.green_channel.models import Proposal
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing

SORTS = {"id": "pk", "ends": "ends_on"}
BULK_LIMIT = 500


def _with_names(proposals):
    return proposals.select_related(
        "account__customer", "account__unit", "account__standing", "level", "proposed_by", "decided_by", "first_by__unit", "entitlement"
    )


@require_GET
@may("marketing.view_proposal")
def proposal_list(request):
    visible = Proposal.objects.visible_to(request.user)
    found = ProposalFilter(request.GET, visible, request=request)
    page = keyset_page(_with_names(found.qs), sort=Sort.parse(request.GET.get("sort", ""), SORTS, "-id"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "count": honest_count(found.qs), "filter": found, "states": Proposal.State.choices, "today": timezone.localdate(),
        "waiting": Proposal.objects.waiting_for(request.user).count(), "reader": reader_of(request), "chosen": request.GET.getlist("state"),
        "standing": Entitlement.objects.visible_to(request.user).in_force(timezone.localdate()).count(),
    }  # fmt: skip
    return render(request, "marketing/green_channel/list.html" + ("#rows" if wants_part(request) else ""), context)


@require_GET
@may("marketing.view_proposal")
def proposal_detail(request, pk):
    proposal = get_object_or_404(_with_names(Proposal.objects.visible_to(request.user)), pk=pk)
    return _detail(request, proposal, DecisionForm())


def _detail(request, proposal, form, status=200):
    user = request.user
    context = {
        "proposal": proposal, "form": form, "reader": reader_of(request),
        "may_decide": proposal.may_be_decided_by(user),
        "may_withdraw": proposal.is_open and proposal.proposed_by_id == user.pk,
        "may_revoke": proposal.entitlement and not proposal.entitlement.revoked_at and user.has_perm("marketing.revoke"),
    }  # fmt: skip
    return render(request, "marketing/green_channel/detail.html", context, status=status)


@require_POST
@may("marketing.decide")
def approve(request, pk):
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    entitlement = services.approve(proposal=proposal, by=request.user, at=timezone.localtime(), note=request.POST.get("reason", "")[:500])
    if entitlement is None:
        messages.success(request, _("Approved at the first level. A second supervisor of this unit or one above it decides now."))
    else:
        messages.success(request, _("Green channel granted until %(end)s.") % {"end": entitlement.ends_on})
    return redirect("marketing:proposal-detail", pk)


@require_POST
@may("marketing.decide")
def refuse(request, pk):
    proposal = get_object_or_404(_with_names(Proposal.objects.visible_to(request.user)), pk=pk)
    form = DecisionForm(request.POST)
    if not (form.is_valid() and form.cleaned_data["reason"].strip()):
        form.add_error("reason", _("Say why: the manager will read it."))
        return _detail(request, proposal, form, status=422)
    services.refuse(proposal=proposal, by=request.user, at=timezone.localtime(), reason=form.cleaned_data["reason"])
    messages.info(request, _("Refused. %(who)s will read your reason.") % {"who": proposal.proposed_by})
    return redirect("marketing:proposal-detail", pk)


@require_POST
@may("marketing.propose")
def withdraw(request, pk):
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    services.withdraw(proposal=proposal, by=request.user, at=timezone.localtime())
    messages.info(request, _("Proposal withdrawn."))
    return redirect("marketing:proposal-detail", pk)


@require_POST
@may("marketing.revoke")
def revoke(request, pk):
    entitlement = get_object_or_404(Entitlement.objects.visible_to(request.user), pk=pk)
    service_levels.revoke(entitlement=entitlement, by=request.user, at=timezone.localtime(), reason=request.POST.get("reason", "")[:300])
    messages.info(request, _("Green channel revoked. Clocks already running keep their promise."))
    return redirect("marketing:entitlement-detail", pk)


@may("marketing.propose")
def propose(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("customer", "standing"), pk=pk)
    form = ProposalForm(request.POST or None, today=timezone.localdate(), initial=_renewal(request, account))
    if request.method == "POST" and form.is_valid():
        proposal = services.propose(account=account, terms=form.terms(), by=request.user, at=timezone.localtime())
        messages.success(request, _("Proposed. A supervisor will decide."))
        return redirect("marketing:proposal-detail", proposal.pk)
    context = {"form": form, "accounts": [account], "account": account, "reader": reader_of(request)}
    return render(request, "marketing/green_channel/propose.html", context, status=422 if form.errors else 200)


def _renewal(request, account):
    """`?renew=<key>`: the terms of the account's green channel that is to be renewed."""
    renewed = request.GET.get("renew", "")
    found = Entitlement.objects.filter(account=account, pk=renewed).first() if renewed.isdigit() else None
    return renewal_of(found) if found else {}


@require_POST
@may("marketing.propose")
def propose_bulk(request):
    """From a filtered list: first post (ids ticked) shows the form, second (with terms) proposes for each."""
    accounts = list(_ticked(request)[: BULK_LIMIT + 1])
    if not accounts or len(accounts) > BULK_LIMIT:
        messages.error(request, _("Tick between 1 and %(limit)s accounts you look after.") % {"limit": BULK_LIMIT})
        return redirect(request.META.get("HTTP_REFERER") or "segmentation:portfolio")
    form = ProposalForm(request.POST if "reason" in request.POST else None, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        return _bulk_result(
            request, *services.propose_many(accounts=accounts, terms=form.terms(), by=request.user, at=timezone.localtime())
        )
    context = {"form": form, "accounts": accounts, "reader": reader_of(request)}
    return render(request, "marketing/green_channel/propose.html", context, status=422 if form.errors else 200)


def _ticked(request):
    """The ticked accounts, or with “select all in this filter” every one the list's filters leave, that the person looks after."""
    mine = Account.objects.looked_after_by(request.user)
    if request.POST.get("everything") == "1":
        found = StandingFilter(request.GET, Standing.objects.visible_to(request.user), request=request).qs
        mine = mine.filter(pk__in=found.values("account"))
    else:
        mine = mine.filter(pk__in=[int(pk) for pk in request.POST.getlist("ids") if pk.isdigit()])
    return mine.select_related("customer", "standing", "representative").order_by("pk")


def _bulk_result(request, made, refused):
    if made:
        messages.success(request, ngettext("%(n)s green channel proposed.", "%(n)s green channels proposed.", len(made)) % {"n": len(made)})
    tell_refusals(request, refused)
    return redirect("marketing:proposal-list")


@require_GET
@may("crm.view_account")
def account_panel(request, pk):
    """The account page's green-channel card."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    entitlements = (
        Entitlement.objects.filter(account=account, revoked_at=None, ends_on__gte=today)
        .select_related("level", "representative")
        .prefetch_related("quotas")
        .order_by("starts_on")
    )
    context = {
        "account": account, "entitlement": entitlements.first(), "today": today,
        "proposal": Proposal.objects.visible_to(request.user).open().filter(account=account).select_related("proposed_by").first(),
        "may_propose": request.user.has_perm("marketing.propose") and Account.objects.looked_after_by(request.user).filter(pk=pk).exists(),
        "standing": Standing.objects.visible_to(request.user).filter(pk=pk).first(),
    }  # fmt: skip
    return render(request, "marketing/green_channel/account_panel.html", context)

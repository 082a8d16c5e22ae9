"""The market watch: what was lost, to whom and why; the note that feeds it; the lists of rivals."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.models import Account
from crm.display.parts import wants_part
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.models import Unit
from crm.people.permissions import may
from marketing.market import counting, services
from marketing.market.filters import LossFilter
from marketing.market.forms import LossForm, RivalForm
from marketing.market.models import Cause, LossNote, Outcome, Rival, unexplained

SORTS = {"lost": "lost_on", "revenue": "revenue_12m_fen"}
SHOWN_SILENT = 8


def _found(request):
    """The notes of the page's filters: the last twelve months unless dates are given."""
    given = request.GET.copy()
    if not (given.get("since") or given.get("until")):
        given["since"] = counting.first_of(timezone.localdate()).isoformat()
    return LossFilter(given, LossNote.objects.visible_to(request.user).standing(), request=request), given


@require_GET
@may("marketing.view_market")
def market_watch(request):
    found, given = _found(request)
    rows = found.qs.select_related("account__customer", "account__unit", "competitor", "substitute", "noted_by")
    page = keyset_page(rows, sort=Sort.parse(given.get("sort", ""), SORTS, "-lost"), cursor=request.GET.get("cursor"))
    if wants_part(request):
        return render(request, "marketing/market/watch.html#rows", _list(request, found, page))
    silent = unexplained(Account.objects.visible_to(request.user), since=counting.first_of(timezone.localdate()))
    context = _list(request, found, page) | {
        "totals": counting.totals(found.qs), "silent": silent.order_by("-closed_on", "pk").select_related("customer")[:SHOWN_SILENT],
        "silent_count": silent.count(), "given": given, "query": request.GET.urlencode(), "causes": Cause.choices, "outcomes": Outcome.choices,
        "chosen": {name: request.GET.getlist(name) for name in ("cause", "outcome", "category")}, "categories": Account.Category.choices,
        "units": Unit.objects.within_reach_of(request.user).order_by("code")[:300], "rivals": Rival.objects.all(),
    }  # fmt: skip
    return render(request, "marketing/market/watch.html", context)


def _list(request, found, page):
    return {"page": page, "count": honest_count(found.qs), "filter": found, "reader": reader_of(request), "query": request.GET.urlencode()}


@require_GET
@may("marketing.view_market")
def market_chart(request, which):
    if which not in counting.CHARTS:
        raise Http404(which)
    found, given = _found(request)
    chosen = (given.get("unit") or "").strip()
    under = Unit.objects.within_reach_of(request.user).filter(pk=chosen).first() if chosen.isdigit() and len(chosen) < 10 else None
    under = under or (request.user.unit if request.user.bound_to_unit else None)
    return JsonResponse(counting.CHARTS[which](found.qs, timezone.localdate(), under))


@require_http_methods(["GET", "POST"])
@may("marketing.note_loss")
def loss_note(request, pk):
    """A loss of one account, noted by whoever looks after it."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("customer", "standing"), pk=pk)
    standing = getattr(account, "standing", None)
    outcome = "closed" if account.closed_on else (standing.risk_outcome if standing else "")
    form = LossForm(request.POST or None, today=account.closed_on or timezone.localdate(), outcome=outcome)
    if request.method == "POST" and form.is_valid():
        services.note(account=account, loss=form.loss(), by=request.user, at=timezone.localtime())
        messages.success(request, _("Noted. It counts in the market watch from now on."))
        return redirect("crm:account-detail", pk)
    context = {
        "form": form, "account": account, "reader": reader_of(request),
        "notes": LossNote.objects.visible_to(request.user).standing().filter(account=account).select_related("noted_by"),
    }  # fmt: skip
    return render(request, "marketing/market/note.html", context, status=422 if form.errors else 200)


@require_POST
@may("marketing.note_loss")
def loss_withdraw(request, pk):
    noted = get_object_or_404(LossNote.objects.visible_to(request.user), pk=pk)
    services.withdraw(loss_note=noted, by=request.user, at=timezone.localtime())
    messages.info(request, _("Withdrawn: the note no longer counts."))
    return redirect("marketing:loss-note", noted.account_id)


@require_http_methods(["GET", "POST"])
@may("marketing.edit_rivals")
def rival_list(request, pk=None):
    """Competitors and substitutes; `pk`: the one being renamed."""
    rival = get_object_or_404(Rival, pk=pk) if pk else None
    form = RivalForm(request.POST or None, instance=rival)
    if request.method == "POST" and form.is_valid():
        services.save_rival(**form.cleaned_data, by=request.user, rival=rival)
        messages.success(request, _("Saved."))
        return redirect("marketing:rival-list")
    context = {"rivals": Rival.objects.all(), "form": form, "rival": rival}
    return render(request, "marketing/market/rivals.html", context, status=422 if form.errors else 200)

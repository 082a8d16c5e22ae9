"""The page a customer answers at, without a sign-in; and what came of it, for colleagues."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from crm.accounts.models import Account
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import AlreadyDone
from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.satisfaction import results, services
from crm.satisfaction.doors import too_often
from crm.satisfaction.filters import SurveyFilter
from crm.satisfaction.forms import AnswerForm
from crm.satisfaction.links import survey_of
from crm.satisfaction.models import Survey
from crm.tickets.models import Ticket

may_view = may("crm.view_ticket")
KNOCKS_A_MINUTE, FORGED_A_MINUTE = 40, 10
ROWS = 40


def _address(request: HttpRequest) -> str:
    """As signing in counts it: behind a proxy by what the proxy says (`ALLAUTH_TRUSTED_PROXY_COUNT`)."""
    return get_adapter(request).get_client_ip(request)


@never_cache
@require_http_methods(["GET", "POST"])
def survey(request, token):
    """One question about one ticket. It tells nothing the customer does not know: the ticket's number and the days it was open."""
    if too_often(who=_address(request), what="survey", most=KNOCKS_A_MINUTE):
        return _public(request, "busy", status=429)
    pk = survey_of(token)
    asked = pk and Survey.objects.filter(pk=pk).select_related("ticket").first()
    if not asked:
        often = too_often(who=_address(request), what="forged", most=FORGED_A_MINUTE)
        return _public(request, "busy" if often else "unknown", status=429 if often else 404)
    now = timezone.now()
    if asked.answered_at:
        return _public(request, "answered", survey=asked, status=409 if request.method == "POST" else 200)
    if asked.expires_at <= now:
        return _public(request, "expired", survey=asked, status=410)
    return _asked(request, asked, now)


def _asked(request, asked, now):
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(survey=asked, **form.cleaned_data, at=now)
        except AlreadyDone:
            return _public(request, "answered", survey=asked, status=409)
        return _public(request, "thanks", survey=asked)
    return _public(request, "ask", survey=asked, form=form, status=422 if form.is_bound else 200)


def _public(request, state, status=200, **context):
    return render(request, "crm/satisfaction/survey.html", {"state": state, **context}, status=status)


@require_GET
@may_view
def survey_list(request):
    """Answers, the latest first, and what they add up to by unit."""
    seen = Survey.objects.visible_to(request.user)
    today = timezone.localdate()
    found = SurveyFilter(request.GET, seen, request=request, on=today)
    page = keyset_page(
        found.qs.answered().select_related(*SHOWN), sort=Sort("answered_at", True), cursor=request.GET.get("cursor"), size=ROWS
    )
    context = {
        "page": page, "count": honest_count(found.qs.answered(), page), "filter": found, "reader": reader_of(request),
        "figures": results.figures_of(found.qs), "units": results.by_unit(found.qs)[:60], "scores": results.scores_of(found.qs),
        "narrowed": any(request.GET.get(name) for name in ("unit", "score", "days", "segment")), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "crm/satisfaction/list.html", context)


SHOWN = ("ticket__account__customer", "ticket__account__unit", "ticket__assignee", "follow_up", "follow_up_ticket")


@require_GET
@may_view
def ticket_survey(request, pk):
    """For the page of a ticket: whether the customer was asked, and what they said."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    surveys = Survey.objects.filter(ticket=ticket).select_related("follow_up", "follow_up_ticket")
    return render(request, "crm/satisfaction/_ticket.html", {"ticket": ticket, "surveys": surveys, "now": timezone.now()})


@require_GET
@may_view
def account_surveys(request, pk):
    """For the page of an account: what its people said in a year."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    asked = results.since(Survey.objects.filter(ticket__account=account), timezone.localdate(), 365)
    context = {
        "account": account,
        "figures": results.figures_of(asked),
        "latest": asked.answered().select_related("ticket", "follow_up").order_by("-answered_at")[:5],
        "title": _("Satisfaction with our answers"),
        "now": timezone.now(),
    }
    return render(request, "crm/satisfaction/_account.html", context)

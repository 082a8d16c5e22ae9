"""Calls on the screen, the log of calls, and whose telephone is whose."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import Refused
from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.telephony import card, services
from crm.telephony.filters import CallFilter
from crm.telephony.forms import IntegrationForm, LineForm
from crm.telephony.masking import phone_as_read
from crm.telephony.models import Call, Integration, Line
from crm.tickets.forms import LogForm
from crm.tickets.preview import preview

may_take = may("crm.take_calls")
may_view = may("crm.view_call")
may_edit = may("crm.edit_telephony")
ROWS = 50


@require_GET
@may_take
def on_screen(request):
    """Asked every few seconds by one tab of each person: 204 nothing on the line, 304 nothing new, else the card of the newest call.

    One indexed query while nothing rings; somebody without a line of their own is told to ask less often.
    """
    now = timezone.now()
    call = Call.objects.on_screen_of(request.user, now).select_related("account__customer").first()
    if call is None:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"} | _patience(request.user))
    told = f"{call.pk}.{call.state}.{call.account_id}.{call.popped_at is None}.{get_language()}"
    tag = f'"{hashlib.sha256(told.encode()).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    context = _on_the_line(request, call, now) | {"to_pop": call.popped_at is None}
    response = render(request, "crm/telephony/card.html", context)
    response["ETag"], response["Cache-Control"] = tag, "no-store"
    return response


def _patience(user):
    return {} if Line.objects.filter(person=user).exists() else {"X-Ask-Again-After": "60"}


def _on_the_line(request, call, now):
    reader = reader_of(request)
    return {
        "call": call, "matches": card.matches_of(call, request.user, now), "reader": reader, "now": now,
        "phone": phone_as_read(reader, call), "opens": card.opens(call, request.user), "ticket": card.ticket_of(call, request.user),
    }  # fmt: skip


def _call(request, pk):
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("account__customer", "agent"), pk=pk)


@require_POST
@may_take
def call_pop(request, pk):
    """`{"opens": address}` for the first tab that asks, `{"opens": ""}` for every other."""
    call, now = _call(request, pk), timezone.now()
    first = services.pop(call=call, by=request.user, at=now)
    return JsonResponse({"opens": card.opens(call, request.user) if first else ""})


@require_POST
@may_take
def call_put_away(request, pk):
    services.put_away(call=_call(request, pk), by=request.user, at=timezone.now())
    return HttpResponse(status=204) if request.htmx else redirect("crm:call-list")


@require_GET
@may_view
def call_detail(request, pk):
    """A call, and the accounts to choose from while it is not known whose it is."""
    return render(request, "crm/telephony/call.html", _on_the_line(request, _call(request, pk), timezone.now()))


@require_POST
@may_take
def call_choose(request, pk):
    """This is the account the caller speaks about."""
    call = _call(request, pk)
    if call.agent_id != request.user.pk:
        raise Http404(pk)
    chosen = [
        match.account
        for match in card.matches_of(call, request.user, timezone.now())
        if str(match.account.pk) == request.POST.get("account")
    ]
    if not chosen:
        raise Refused(_("Choose one of the accounts that have this number."), code="not_a_match")
    services.choose(call=call, account=chosen[0], by=request.user)
    return redirect("crm:account-detail", chosen[0].pk)


@require_GET
@may("crm.log_ticket")
def call_ticket(request, pk):
    """The form of a new ticket with the caller's phone in it, and the account where it is known. What is logged with it belongs to the call."""
    call = _call(request, pk)
    account = card.matches_of(call, request.user, timezone.now()) if call.account_id else []
    read = phone_as_read(reader_of(request), call)
    given = {"caller_phone": read if read == call.phone else "", "idempotency_key": call.ticket_key, "channel": "phone"}
    given["account"] = account[0].account.pk if account else None
    if card.ticket_of(call, request.user):
        del given["idempotency_key"]  # a second matter of the same call is a ticket of its own
    form = LogForm(user=request.user, initial=given)
    context = {"form": form, "at": timezone.now(), "reader": reader_of(request), "call": call}
    return render(request, "crm/tickets/new.html", context | preview(request, form.initial))


@require_GET
@may_view
def call_list(request):
    """The log of calls."""
    seen = Call.objects.visible_to(request.user)
    chosen = CallFilter(request.GET, seen, request=request)
    page = keyset_page(
        chosen.qs.select_related("account__customer", "agent"),
        sort=Sort("rang_at", descending=True),
        cursor=request.GET.get("cursor"),
        size=ROWS,
    )
    reader = reader_of(request)
    for call in page:
        call.phone_read = phone_as_read(reader, call)
    given = {name: request.GET.get(name, "") for name in ("state", "since", "until", "mine", "unknown", "account", "segment")}
    context = {
        "page": page, "count": honest_count(chosen.qs), "filter": chosen, "reader": reader, "now": timezone.now(), "states": Call.State.choices, "given": given,
        "filtered": any(given.values()),
    }  # fmt: skip
    return render(request, "crm/telephony/calls.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@may_edit
def telephony(request):
    """Telephone systems and lines. A new system's secret is shown in the answer to its making and never again."""
    form = IntegrationForm(request.POST if "code" in request.POST else None)
    line_form = LineForm(request.POST if "line_code" in request.POST else None)
    if form.is_bound and form.is_valid():
        now = timezone.now()
        made = services.connect(**form.cleaned_data, by=request.user, at=now)
        return _secret(request, made, made.secrets(now)[0])
    if line_form.is_bound and line_form.is_valid():
        services.give_line(code=line_form.cleaned_data["line_code"], person=line_form.cleaned_data["person"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("crm:telephony")
    lines = keyset_page(
        Line.objects.visible_to(request.user).select_related("person__unit"), sort=Sort("code"), cursor=request.GET.get("cursor")
    )
    context = {
        "integrations": Integration.objects.visible_to(request.user)[:100], "lines": lines, "form": form, "line_form": line_form,
        "address": request.build_absolute_uri("/api/v1/cti/calls"),
    }  # fmt: skip
    return render(request, "crm/telephony/telephony.html", context, status=422 if form.is_bound or line_form.is_bound else 200)


@require_POST
@never_cache
@may_edit
def integration_act(request, pk, verb):
    """`renew-secret`, `shut-out`, `let-in`."""
    one = get_object_or_404(Integration.objects.visible_to(request.user), pk=pk)
    if verb == "renew-secret":
        return _secret(request, one, services.renew_secret(integration=one, by=request.user, at=timezone.now()), renewed=True)
    if verb not in ("shut-out", "let-in"):
        raise Http404(verb)
    services.set_active(integration=one, active=verb == "let-in", by=request.user)
    return redirect("crm:telephony")


@require_POST
@may_edit
def line_take(request, pk):
    services.take_line(line=get_object_or_404(Line.objects.visible_to(request.user).select_related("person"), pk=pk), by=request.user)
    messages.success(request, _("Saved."))
    return redirect("crm:telephony")


def _secret(request, integration, secret, *, renewed=False):
    context = {"integration": integration, "secret": secret, "renewed": renewed, "address": request.build_absolute_uri("/api/v1/cti/calls")}
    return render(request, "crm/telephony/secret.html", context)

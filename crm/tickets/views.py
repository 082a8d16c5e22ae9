"""The complaint desk and the page of a ticket."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.accounts.models import Account
from crm.accounts.search import matching
from crm.display.parts import wants_part
from crm.people.masking import reader_of
from crm.taxonomy import labels
from crm.templatetags.keep import FRESH_KEY
from crm.tickets import services
from crm.tickets.actions import VERBS, actions_for, cause_required
from crm.tickets.forms import AssignForm, CallerForm, LogForm, OtherTicketForm, TextForm
from crm.tickets.models import Ticket
from crm.tickets.page import around
from crm.tickets.preview import preview
from crm.tickets.queue import queue_of
from crm.tickets.suggesting import offered

may_view = permission_required("crm.view_ticket", raise_exception=True)
may_log = permission_required("crm.log_ticket", raise_exception=True)
FOUND_ACCOUNTS = 8


@require_GET
@may_view
@vary_on_headers("HX-Request")
def ticket_list(request):
    """Whose clock is running, and the form for the next call."""
    now = timezone.now()
    context = queue_of(request, now)
    context["reader"] = reader_of(request)
    if wants_part(request):
        return render(request, "crm/tickets/list.html#queue", context)
    if request.user.has_perm("crm.log_ticket"):
        context |= {"form": SimpleLazyObject(lambda: LogForm(user=request.user, key=FRESH_KEY)), "words": labels.version()}
    return render(request, "crm/tickets/list.html", context)


@require_http_methods(["GET", "POST"])
@may_log
def ticket_new(request):
    """A new ticket. To HTMX: the empty form after logging, or the same form with its errors (422)."""
    form = LogForm(request.POST or None, user=request.user, initial={"account": request.GET.get("account")})
    if request.method == "POST" and form.is_valid():
        return _logged(request, services.log(**form.details(), by=request.user, at=timezone.now()))
    context = {"form": form, "at": timezone.now(), "reader": reader_of(request)} | preview(request, form.data or form.initial)
    part = "#form" if wants_part(request) else ""
    template = f"crm/tickets/log.html{part}" if part else "crm/tickets/new.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _logged(request, ticket):
    assigned, waits = _("Ticket #%(id)s is logged and assigned to %(who)s."), _("Ticket #%(id)s is logged and waits to be assigned.")
    told = (assigned if ticket.assignee else waits) % {"id": ticket.pk, "who": ticket.assignee}
    if request.htmx:
        return _ready_for_the_next(request, told, ticket)
    messages.success(request, told)
    return redirect("crm:ticket-detail", ticket.pk)


def _ready_for_the_next(request, told, ticket):
    """The empty form with the cursor in it, a note of what was done, and a sign for the queue to read itself again."""
    context = {"form": LogForm(user=request.user), "logged": ticket, "fresh": True, "at": timezone.now()}
    response = render(request, "crm/tickets/log.html#form", context)
    response["HX-Trigger"] = json.dumps({"toast": {"text": told, "level": "success"}, "tickets-changed": ticket.pk})
    return response


@require_GET
@may_log
def ticket_find_account(request):
    """Accounts for what the agent has typed so far, as options of a list box."""
    text, reader = request.GET.get("find", "").strip(), reader_of(request)
    accounts = []
    if len(text) > 1:
        seen = Account.objects.visible_to(request.user).select_related("customer", "unit")
        by_personal_data = request.user.personal_data != "never"
        found = list(matching(seen, text, by_personal_data=by_personal_data).order_by()[: FOUND_ACCOUNTS * 4])
        accounts = sorted(found, key=lambda account: (not account.number.startswith(text), account.number))[:FOUND_ACCOUNTS]
    return render(request, "crm/tickets/_found.html", {"accounts": accounts, "text": text, "reader": reader})


@require_GET
@may_log
def ticket_preview(request):
    """What the ticket would get: the account in short, possible duplicates, the clock."""
    return render(request, "crm/tickets/log.html#preview", preview(request, request.GET) | {"fresh": True})


@require_POST
@may_log
def ticket_suggest(request):
    """Kind, class and severity that the words speak for, as offers beside the form. Nothing is chosen for the agent."""
    return render(request, "crm/tickets/log.html#suggest", {"offers": offered(request.POST.get("text", ""))})


@require_GET
@may_view
def ticket_detail(request, pk):
    return render(request, "crm/tickets/detail.html", _page(request, _ticket(request, pk)))


def _ticket(request, pk):
    of_account = ("account__customer", "account__unit", "account__manager")
    related = (
        *of_account,
        "assignee",
        "logged_by",
        "clock_policy__level",
        "entitlement__level",
        "parent",
        "duplicate_of",
        "responsible_unit",
    )
    return get_object_or_404(Ticket.objects.visible_to(request.user).select_related(*related), pk=pk)


def _page(request, ticket):
    may_work = ticket.may_be_worked_by(request.user)
    return {
        "ticket": ticket,
        "notes": ticket.notes.select_related("by"),
        "actions": actions_for(ticket) if may_work else [],
        "assign_form": AssignForm(account=ticket.account, initial={"to": ticket.assignee_id}) if may_work and ticket.is_open else None,
        "text_form": TextForm(ticket=ticket, auto_id="do_%s", initial={"responsible_unit": ticket.account and ticket.account.unit_id}),
        "may_work": may_work,
        "reader": reader_of(request),
        "now": timezone.now(),
    } | around(ticket, user=request.user, at=timezone.now())


def _ticket_to_work(request, pk):
    ticket = _ticket(request, pk)
    if not ticket.may_be_worked_by(request.user):
        raise PermissionDenied
    return ticket


@require_POST
@may_view
def ticket_act(request, pk, verb):
    """One move of a ticket. Words that are missing: the page again with the error in place (422)."""
    action = VERBS.get(verb)
    if action is None:
        raise Http404(verb)
    ticket = _ticket_to_work(request, pk)
    needs = {"text_required": action.needs_text, "cause_required": verb == "close" and cause_required(ticket)}
    form = TextForm(request.POST, ticket=ticket, auto_id=f"{verb}_%s", **needs)
    if not form.is_valid():
        return render(request, "crm/tickets/detail.html", _page(request, ticket) | {"wrong": {"verb": verb, "form": form}}, status=422)
    action.do(ticket, form.cleaned_data, by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_POST
@may_view
def ticket_assign(request, pk):
    ticket = _ticket_to_work(request, pk)
    form = AssignForm(request.POST, account=ticket.account)
    if not form.is_valid():
        return render(request, "crm/tickets/detail.html", _page(request, ticket) | {"assign_form": form}, status=422)
    services.assign(ticket=ticket, to=form.cleaned_data["to"], by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_POST
@may_log
def ticket_add_caller(request, pk):
    """Instead of a second ticket: the caller and what they said, added to the one that stands. Whoever may log may add."""
    ticket = _ticket(request, pk)
    form = CallerForm(request.POST)
    if not form.is_valid():
        return _caller_again(request, form)
    services.add_caller(ticket=ticket, caller=form.caller(), text=form.cleaned_data["text"], by=request.user, at=timezone.now())
    if request.htmx:
        return _ready_for_the_next(request, _("The caller is added to ticket #%(id)s.") % {"id": pk}, ticket)
    return redirect("crm:ticket-detail", pk)


def _caller_again(request, form):
    """The whole form with everything typed, and what is wrong with the caller at its field."""
    whole = LogForm(request.POST, user=request.user)
    whole.full_clean()
    whole.errors.clear()
    for name, errors in form.errors.items():
        whole.add_error(name, errors)
    context = {"form": whole, "at": timezone.now(), "reader": reader_of(request)} | preview(request, request.POST)
    template = "crm/tickets/log.html#form" if request.htmx else "crm/tickets/new.html"
    return render(request, template, context, status=422)


def _with_another(request, pk, do):
    """A deed with two tickets: the one of the page, which the person works, and the one whose number they gave."""
    ticket = _ticket_to_work(request, pk)
    form = OtherTicketForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["number"]))
        return redirect("crm:ticket-detail", pk)
    other = form.cleaned_data["number"]
    if not other.may_be_worked_by(request.user):
        raise PermissionDenied
    do(ticket, other, by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_POST
@may_view
def ticket_link(request, pk):
    return _with_another(request, pk, lambda ticket, parent, **who: services.make_part_of(ticket=ticket, parent=parent, **who))


@require_POST
@may_view
def ticket_take_out(request, pk):
    services.take_out(ticket=_ticket_to_work(request, pk), by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_POST
@may_view
def ticket_merge(request, pk):
    return _with_another(request, pk, lambda ticket, into, **who: services.merge(ticket=ticket, into=into, **who))


@require_POST
@may_view
def ticket_undo_merge(request, pk):
    services.undo_merge(ticket=_ticket_to_work(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Ticket #%(id)s stands on its own again, as it was.") % {"id": pk})
    return redirect("crm:ticket-detail", pk)

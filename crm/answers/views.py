"""Canned answers beside a ticket, and the page on which they are edited."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.answers import services
from crm.answers.forms import CannedAnswerForm
from crm.answers.models import CannedAnswer
from crm.answers.rules import NAMES
from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.tickets.actions import VERBS, cause_required
from crm.tickets.forms import TextForm
from crm.tickets.models import Ticket

may_view, may_edit = may("crm.view_ticket"), may("crm.edit_desk")
MOST = 12


def _ticket(request, pk):
    found = Ticket.objects.visible_to(request.user).select_related("account__customer", "account__unit")
    return get_object_or_404(found, pk=pk)


def _language(request):
    asked = request.GET.get("language") or request.POST.get("language")
    return asked if asked in services.LANGUAGES else (get_language() or "en")


@require_GET
@may_view
def answer_panel(request, pk):
    """The canned answers for a ticket, filled, in the reader's language or the one asked for. For who works the ticket."""
    ticket = _ticket(request, pk)
    may_work, language = ticket.may_be_worked_by(request.user), _language(request)
    told = {"ticket": ticket, "reader": reader_of(request), "language": language, "by": request.user}
    rows = CannedAnswer.objects.offered_for(ticket)[:MOST] if may_work else ()
    answers = [{"row": row, "text": services.filled(answer=row, **told), "moves": _moves(row), "runs": _runs(row, ticket)} for row in rows]
    context = {"ticket": ticket, "answers": answers, "language": language, "may_work": may_work}
    return render(request, "crm/answers/panel.html", context)


def _moves(row):
    return [VERBS[verb].label for verb in row.verbs if verb in VERBS]


def _runs(row, ticket):
    """Whether the first move is possible now; a macro that closes a complaint asks for the cause on the ticket's own dialog instead."""
    moves = [VERBS[verb] for verb in row.verbs if verb in VERBS]
    return (
        bool(moves)
        and ticket.state in moves[0].states
        and moves[0].offered(ticket)
        and not ("close" in row.verbs and cause_required(ticket))
    )


@require_POST
@may_view
def answer_run(request, pk, answer):
    """Run a macro with the text the agent has before them."""
    ticket = _ticket(request, pk)
    if not ticket.may_be_worked_by(request.user):
        raise PermissionDenied
    row = get_object_or_404(CannedAnswer.objects.offered_for(ticket), pk=answer)
    form = TextForm(request.POST, ticket=ticket)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("crm:ticket-detail", pk)
    text = form.cleaned_data["text"] or services.filled(
        answer=row, ticket=ticket, reader=reader_of(request), language=_language(request), by=request.user
    )
    services.run(answer=row, ticket=ticket, text=text, words=form.cleaned_data, by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_GET
@may_edit
def answer_list(request):
    return render(request, "crm/answers/list.html", {"answers": CannedAnswer.objects.all()[:300]})


@require_http_methods(["GET", "POST"])
@may_edit
def answer_edit(request, pk=None):
    """A new canned answer, or a change of one."""
    row = get_object_or_404(CannedAnswer, pk=pk) if pk else None
    form = CannedAnswerForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        services.save(answer=form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("crm:answer-list")
    context = {"form": form, "row": row, "names": [f"{{{name}}}" for name in NAMES]}
    return render(request, "crm/answers/edit.html", context, status=422 if form.errors else 200)

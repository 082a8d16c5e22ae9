"""What was raised to a person, and the chains by which it is."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.escalation import services
from crm.escalation.forms import ChainForm, step_forms
from crm.escalation.models import Chain, Escalation
from crm.escalation.words import explained, names_of
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.permissions import may
from crm.tickets.models import Ticket

may_work = may("crm.work_ticket")
may_edit = may("crm.edit_routing")
ROWS = 40


@require_GET
@may_work
def escalation_list(request):
    """Raised to me, the latest first; `?of=all`: to anybody, about tickets one sees."""
    seen = Escalation.objects.visible_to(request.user)
    everybody = request.GET.get("of") == "all"
    found = seen if everybody else seen.told(request.user)
    found = found.unseen() if request.GET.get("new") else found
    rows = found.select_related("ticket__account__customer", "ticket__assignee", "to")
    page = keyset_page(rows, sort=Sort("pk", True), cursor=request.GET.get("cursor"), size=ROWS)
    context = {
        "page": page, "count": honest_count(found, page), "everybody": everybody, "mine": not everybody and not request.GET.get("new"),
        "reader": reader_of(request), "now": timezone.now(),
        "unseen": Escalation.objects.told(request.user).unseen().count(),
    }  # fmt: skip
    return render(request, "crm/escalation/list.html", context)


@require_POST
@may_work
def escalation_see(request):
    """Everything raised to me is seen."""
    services.see(user=request.user, at=timezone.now())
    return redirect("crm:escalation-list")


@require_GET
@may("crm.view_ticket")
def ticket_escalations(request, pk):
    """For the page of a ticket: each step with its reason, and the next one."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    rows = list(ticket.escalations.select_related("to").order_by("pk"))
    names = names_of(rows)
    watch = getattr(ticket, "watch", None)
    told = [(row, explained(row, names)) for row in rows]
    coming = watch if watch and ticket.is_open and watch.next_at else None
    Escalation.objects.told(request.user).unseen().filter(ticket=ticket).update(seen_at=timezone.now())
    return render(request, "crm/escalation/_ticket.html", {"ticket": ticket, "rows": told, "coming": coming, "now": timezone.now()})


@require_GET
@may("crm.view_routing")
def chain_list(request):
    chains = Chain.objects.select_related("level").prefetch_related("steps__person")
    return render(request, "crm/escalation/chains.html", {"chains": chains[:200]})


@require_http_methods(["GET", "POST"])
@may_edit
def chain_new(request):
    return _edited(request, Chain())


@require_http_methods(["GET", "POST"])
@may_edit
def chain_edit(request, pk):
    return _edited(request, get_object_or_404(Chain, pk=pk))


def _edited(request, chain):
    form, steps = ChainForm(request.POST or None, instance=chain), step_forms(chain, request.POST or None)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        services.save_chain(chain=form.save(commit=False), steps=steps.steps(), by=request.user)
        messages.success(request, _("The chain is saved: open tickets follow it from the next minute."))
        return redirect("crm:chain-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "crm/escalation/chain.html", {"form": form, "steps": steps, "chain": chain}, status=status)


@require_POST
@may_edit
def chain_act(request, pk, verb):
    """`on` or `off`."""
    if verb not in ("on", "off"):
        raise Http404(verb)
    services.switch_chain(chain=get_object_or_404(Chain, pk=pk), on=verb == "on", by=request.user)
    return redirect("crm:chain-list")

"""Playbooks: the list and the form."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.people.errors import Refused
from crm.people.permissions import may
from marketing.retention.forms import PlaybookForm, steps_form
from marketing.retention.models import Playbook
from marketing.retention.services import playbooks


@require_GET
@may("marketing.view_retention")
def playbook_list(request):
    found = Playbook.objects.prefetch_related("steps").order_by("-is_active", "outcome", "band", "tier", "pk")
    return render(request, "marketing/retention/playbooks.html", {"playbooks": found})


@require_http_methods(["GET", "POST"])
@may("marketing.edit_playbook")
def playbook_edit(request, pk=None):
    """A new playbook, or another text of one. What the rules refuse stands above the form."""
    playbook = get_object_or_404(Playbook, pk=pk) if pk else None
    form = PlaybookForm(request.POST or None, instance=playbook)
    steps = steps_form(request.POST or None, steps=playbook.steps.all() if playbook else ())
    refused = ""
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            playbooks.save(**form.cleaned_data, steps=steps.terms(), by=request.user, playbook=playbook)
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Saved. Plans under way keep the steps they began with."))
            return redirect("marketing:playbook-list")
    wrong = request.method == "POST"
    context = {"form": form, "steps": steps, "playbook": playbook, "refused": refused}
    return render(request, "marketing/retention/playbook.html", context, status=422 if wrong else 200)

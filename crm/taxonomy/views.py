"""The page on which kinds, topics and causes are edited."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.people.permissions import may
from crm.taxonomy import services
from crm.taxonomy.forms import NewTermForm, TermForm
from crm.taxonomy.models import Aspect, Term

may_edit = may("crm.edit_desk")


@require_GET
@may_edit
def term_list(request):
    """Every list: kinds, the five classes with their topics, causes."""
    terms = list(Term.objects.all())
    classes = [term for term in terms if term.aspect == Aspect.CLASS]
    groups = [
        {"title": Aspect.KIND.label, "terms": [term for term in terms if term.aspect == Aspect.KIND]},
        *[{"title": str(one), "head": one, "terms": [term for term in terms if term.under == one.code]} for one in classes],
        {"title": Aspect.CAUSE.label, "terms": [term for term in terms if term.aspect == Aspect.CAUSE]},
    ]
    return render(request, "crm/taxonomy/list.html", {"groups": groups})


@require_http_methods(["GET", "POST"])
@may_edit
def term_add(request):
    form = NewTermForm(request.POST or None, initial={"place": request.GET.get("place")})
    if request.method == "POST" and form.is_valid():
        term = services.add(**form.values(), by=request.user)
        messages.success(request, _("“%(term)s” is added.") % {"term": term})
        return redirect("crm:term-list")
    return render(request, "crm/taxonomy/edit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@may_edit
def term_edit(request, pk):
    term = get_object_or_404(Term, pk=pk)
    form = TermForm(request.POST or None, instance=term)
    if request.method == "POST" and form.is_valid():
        services.change(term=Term.objects.get(pk=pk), by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("crm:term-list")
    return render(request, "crm/taxonomy/edit.html", {"form": form, "term": term}, status=422 if form.errors else 200)

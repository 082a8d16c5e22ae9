"""Colleagues, the tree of units, and one's own page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people import services
from crm.people.filters import PersonFilter
from crm.people.forms import PersonForm
from crm.people.models import Unit, User
from crm.people.roles import Role

SORTS = {"name": "username", "role": "role", "unit": "unit__code"}


@permission_required("crm.view_people", raise_exception=True)
def people_list(request):
    people = User.objects.visible_to(request.user).select_related("unit")
    chosen = PersonFilter(request.GET, people).qs
    sort = Sort.parse(request.GET.get("sort", ""), SORTS, "unit")
    rows = keyset_page(chosen, sort=sort, cursor=request.GET.get("cursor"))
    context = {
        "rows": rows,
        "count": honest_count(chosen),
        "roles": Role.choices,
        "chosen_roles": request.GET.getlist("role"),
        "units": _branches(request.user),
        "keep": [(name, value) for name, values in request.GET.lists() if name not in ("role", "cursor") for value in values],
    }
    return render(request, "crm/people/list.html", context)


def _branches(user):
    """The units people are filtered by: those above the stations."""
    return [unit for unit in Unit.objects.within_reach_of(user) if len(unit.code) <= 7]


@permission_required("crm.edit_people", raise_exception=True)
@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = PersonForm(request.POST or None, instance=person, units=Unit.objects.all())
    if not form.is_valid():
        context = {"form": form, "person": User.objects.get(pk=pk), "accounts": person.managed_accounts.count()}
        return render(request, "crm/people/edit.html", context, status=422 if form.is_bound else 200)
    services.change_person(person=person, by=request.user, values=form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("crm:people-list")


@permission_required("crm.view_people", raise_exception=True)
def unit_list(request):
    """The tree, with people of each unit and accounts at each station."""
    within = Unit.objects.within_reach_of(request.user)
    people = dict(within.annotate(n=Count("people", filter=Q(people__is_active=True))).order_by().values_list("pk", "n"))
    accounts = dict(within.annotate(n=Count("accounts")).order_by().values_list("pk", "n"))
    rows = [
        {"unit": unit, "depth": (len(unit.code) - 5) // 2, "people": people[unit.pk], "accounts": accounts[unit.pk]}
        for unit in within.order_by("code")
    ]
    return render(request, "crm/people/units.html", {"rows": rows})


@never_cache
def me(request):
    """One's own page: language, keys, second step, sessions."""
    return _me(request)


def _me(request, new_key=""):
    has_token = bool(new_key) or Token.objects.filter(user=request.user).exists()
    return render(request, "crm/people/me.html", {"new_key": new_key, "has_token": has_token, "languages": settings.LANGUAGES})


@never_cache
@require_POST
def token_new(request):
    """The key is shown once, in this answer, and kept nowhere else."""
    return _me(request, new_key=services.new_token(person=request.user))


@require_POST
def token_remove(request):
    services.remove_token(person=request.user)
    messages.success(request, _("The token no longer opens anything."))
    return redirect("crm:me")

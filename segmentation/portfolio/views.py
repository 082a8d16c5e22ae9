"""The list managers live in: accounts with where they stand."""

from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from crm.display.drawing import filter_menu
from crm.display.parts import wants_part
from crm.lists import audiences
from crm.lists.keyset import BadCursor, Count, Sort, honest_count, keyset_page, neighbours
from crm.people.masking import reader_of
from crm.service_levels.models import Entitlement
from segmentation.groups.pages import names_of
from segmentation.portfolio.columns import COLUMNS, DEFAULT_SORT, SORTS, shown
from segmentation.portfolio.filters import StandingFilter, group_choices
from segmentation.portfolio.marks import marks_of
from segmentation.portfolio.rows import SHOWN, body
from segmentation.runs.models import Run, Standing

COUNTED_EVERY_SECONDS = 10
USUAL_MENUS = ["tier", "risk_band", "category", "green_channel"]
MENUS = [*USUAL_MENUS, "quadrant", "usage_state", "credit_grade", "group", "market_status", "moved", "voltage", "among"]


def filtered(request):
    """The standings of the request's query string, from what its user may see."""
    return StandingFilter(request.GET, Standing.objects.visible_to(request.user), request=request)


def sort_of(request):
    return Sort.parse(request.GET.get("sort", ""), SORTS, DEFAULT_SORT, tie="account_id")


@require_GET
@vary_on_headers("HX-Request")
@permission_required("segmentation.view_standing", raise_exception=True)
def portfolio(request):
    found = filtered(request)
    rows = Standing.objects.select_related("account__customer").only(*SHOWN)
    try:
        page = keyset_page(found.qs, sort=sort_of(request), cursor=request.GET.get("cursor"), rows_from=rows)
    except BadCursor:
        page = keyset_page(found.qs, sort=sort_of(request), rows_from=rows)
    part = "#rows" if wants_part(request) else ""
    return render(request, f"segmentation/portfolio/list.html{part}", _context(request, found, page))


def _context(request, found, page):
    user, today = request.user, timezone.localdate()
    columns = shown(request.GET.getlist("columns"))
    _mark(page, user, today)
    if any(column.name == "group" for column in columns):
        _hang_groups(page)
    query = request.GET.copy()
    query.pop("cursor", None)
    may_tick = user.has_perm("marketing.propose")
    usual, more = _menus(found, query)
    return {
        "page": page, "count": _count(found, page, user), "filter": found, "run": Run.objects.in_force(), "today": today,
        "body": body(page, columns=columns, reader=reader_of(request), query=query.urlencode(), may_tick=may_tick, today=today),
        "columns": columns, "all_columns": [(c.name, c.title) for c in COLUMNS],
        "chosen_columns": [column.name for column in columns], "menus": usual, "more_menus": more, "chips": _chips(request, found),
        "sort": request.GET.get("sort") or DEFAULT_SORT, "query": query.urlencode(), "column_keep": _keep(query, "columns"),
    }  # fmt: skip


def _count(found, page, user):
    """All of few are counted once in ten seconds: each page and sort of the same list asks, and it takes a look at every one of them."""
    if not (found.is_whole and found.few and page.next_cursor):
        return honest_count(found.qs, page, found.count, few=found.few)
    counted = cache.get_or_set(f"standings:{user.pk}", lambda: honest_count(found.qs, few=True).number, COUNTED_EVERY_SECONDS)
    return Count(max(counted, page.last_number + 1), is_estimate=False)


def _mark(page, user, today):
    """Hangs on each row the green channel in force and what wings above say of it."""
    ids = [row.account_id for row in page]
    green = {entitlement.account_id: entitlement for entitlement in Entitlement.objects.in_force(today).filter(account__in=ids)}
    marks = marks_of(user, ids)
    for row in page:
        row.green, row.mark = green.get(row.account_id), marks.get(row.account_id)


def _hang_groups(page):
    """The names of each row's behaviour groups, in two queries."""
    names = names_of([row.account_id for row in page])
    for row in page:
        row.groups = " · ".join(names.get(row.account_id, ()))


def _keep(query, name):
    """The other pairs of the query string, for a form that replaces one name."""
    return [(key, value) for key, values in query.lists() if key != name for value in values]


def _menus(found, query):
    """A drop-down of check boxes per filter with few values: those in sight, and those behind “+ Filter”."""
    usual, more = [], []
    for name in MENUS:
        field, selected = found.filters[name], query.getlist(name)
        options = group_choices() if name == "group" else field.extra["choices"]
        options = options() if callable(options) else options
        if not options:
            continue
        menu = filter_menu(label=field.label, name=name, options=options, selected=selected, keep=_keep(query, name))
        (usual if name in USUAL_MENUS or selected else more).append(menu)
    (usual if query.getlist("segment") else more).extend(audiences.menus(found))
    return usual, more


def _chips(request, found):
    """On-off filters, and the filters that came by a link and have no menu of their own."""
    chips = []
    if request.user.role == "manager":
        chips.append(_switch(request, "mine", _("My accounts")))
    chips += [_switch(request, "open_complaint", _("Open complaint")), _switch(request, "arrears", _("In arrears"))]
    for name in ("unit", "manager", "q"):
        if (value := request.GET.get(name)) and found.form.is_valid():
            label = _("%(filter)s: %(value)s") % {"filter": found.filters[name].label, "value": _words(found, name, value)}
            chips.append({"label": label, "remove_url": _without(request, name)})
    return chips


def _words(found, name, value):
    cleaned = found.form.cleaned_data.get(name)
    return dict(found.filters[name].extra.get("choices", ())).get(value) or cleaned or value


def _switch(request, name, label):
    on = request.GET.get(name) == "true"
    query = request.GET.copy()
    query.pop("cursor", None)
    query.pop(name, None)
    if on:
        return {"label": label, "active": True, "remove_url": f"?{query.urlencode()}"}
    query[name] = "true"
    return {"label": label, "url": f"?{query.urlencode()}"}


def _without(request, name):
    query = request.GET.copy()
    query.pop("cursor", None)
    query.pop(name, None)
    return f"?{query.urlencode()}"


@require_GET
@permission_required("segmentation.view_standing", raise_exception=True)
def account_neighbours(request, pk):
    """Links to the previous and next account inside the filtered list the reader came from; `?from=` is that list's query string."""
    standing = get_object_or_404(Standing.objects.visible_to(request.user), pk=pk)
    came_from = QueryDict(request.GET.get("from", ""))
    found = StandingFilter(came_from, Standing.objects.visible_to(request.user), request=request)
    sort = Sort.parse(came_from.get("sort", ""), SORTS, DEFAULT_SORT, tie="account_id")
    before, after = neighbours(found.qs, sort=sort, row=standing)
    context = {"before": before, "after": after, "query": came_from.urlencode()}
    return render(request, "segmentation/portfolio/neighbours.html", context)

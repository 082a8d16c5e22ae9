"""What the complaint desk shows: chips with live counts, filter menus, a page of rows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.models import Unit
from crm.people.roles import Role
from crm.tickets.filters import TicketFilter
from crm.tickets.models import Category, Kind, Severity, State, Ticket

SORTS = {"due": "answer_due_at", "opened": "opened_at"}
OWN_QUEUE_FIRST = {Role.MANAGER, Role.AGENT}
ROWS = 40


def queue_of(request, at) -> dict:
    """Context of the list: `page`, `count`, `chips`, `menus`, `filter`, `at`. Six queries at any size, one more per open menu of people."""
    given = request.GET.copy()
    queue = given.get("queue") or ("mine" if request.user.role in OWN_QUEUE_FIRST and not _narrowed(given) else "open")
    given["queue"] = queue
    seen = Ticket.objects.visible_to(request.user)
    found = TicketFilter(given, seen, request=request, at=at)
    tickets = found.qs.for_display()
    sort = Sort.parse(given.get("sort", ""), SORTS, "-opened" if queue == "all" else "due")
    return {
        "page": keyset_page(tickets, sort=sort, cursor=given.get("cursor"), size=ROWS),
        "count": honest_count(found.qs),
        "chips": chips(request.GET, queue, seen.queue_counts(request.user, at)),
        "menus": menus(request.GET),
        "narrowed": _narrowed(given),
        "queue": queue,
        "filter": found,
        "units": Unit.objects.within_reach_of(request.user).order_by("code")[:300] if "more" in given or given.get("unit") else (),
        "at": at,
    }


def _narrowed(given):
    names = ("q", "kind", "category", "severity", "state", "assignee", "account", "unit", "opened_after", "opened_before", "overdue")
    return any(given.get(name) for name in names)


def chips(given, queue, counts) -> list[dict]:
    """The queues, as chips of `_components/filterbar.html`; those that should be empty are shown only when they are not."""
    labels = [
        ("mine", _("My queue")), ("unassigned", _("Unassigned")), ("breaching", _("Breach in 8 h")), ("overdue", _("Overdue")),
        ("reopened", _("Reopened")), ("undated", _("Without a due time")), ("open", _("All open")), ("all", _("All")),
    ]  # fmt: skip
    quiet = {"overdue", "undated"}
    return [
        {"label": label, "url": _address(given, queue=name), "active": name == queue, "count": counts.get(name, "")}
        for name, label in labels
        if name not in quiet or counts[name] or name == queue
    ]


def menus(given) -> list[dict]:
    """Filters that take several values, as `_components/filter_menu.html` takes them."""
    fields = [
        ("kind", _("Kind"), Kind), ("category", _("Class"), Category), ("severity", _("Severity"), Severity), ("state", _("State"), State),
    ]  # fmt: skip
    return [
        {
            "name": name, "label": label, "options": choices.choices, "selected": given.getlist(name),
            "keep": [(key, value) for key, values in given.lists() if key not in (name, "cursor") for value in values],
        }
        for name, label, choices in fields
    ]  # fmt: skip


def _address(given, **changes):
    kept = given.copy()
    kept.pop("cursor", None)
    for name, value in changes.items():
        kept[name] = value
    return f"{reverse('crm:ticket-list')}?{kept.urlencode()}"

"""What the complaint desk shows: chips with live counts, filter menus, a page of rows."""

from django.core.cache import cache
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.display.drawing import filter_menu
from crm.lists.keyset import Count, Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.models import Unit
from crm.people.roles import Role
from crm.tickets.filters import TicketFilter
from crm.tickets.models import Category, Kind, Severity, State, Ticket
from crm.tickets.rows import SHOWN, body

SORTS = {"due": "answer_due_at", "opened": "opened_at"}
COUNTED_EVERY_SECONDS = 10
OWN_QUEUE_FIRST = {Role.MANAGER, Role.AGENT}
ROWS = 40


def queue_of(request, at) -> dict:
    """Context of the list: `page`, `body`, `count`, `chips`, `menus`, `filter`, `at`. Six queries at any size, one more with a menu of units."""
    given = request.GET.copy()
    queue = given.get("queue") or ("mine" if request.user.role in OWN_QUEUE_FIRST and not _narrowed(given) else "open")
    given["queue"] = queue
    seen = Ticket.objects.visible_to(request.user)
    found = TicketFilter(given, seen, request=request, at=at)
    tickets = found.qs.for_display().only(*SHOWN)
    sort = Sort.parse(given.get("sort", ""), SORTS, "-opened" if queue == "all" else "due")
    page = keyset_page(tickets, sort=sort, cursor=given.get("cursor"), size=ROWS)
    counts = counts_of(request.user, seen, at)
    return {
        "page": page,
        "body": body(page, reader=reader_of(request), now=at),
        "count": _count(found.qs, page, None if _narrowed(given) else counts.get(queue)),
        "chips": chips(request.GET, queue, counts),
        "menus": menus(request.GET),
        "narrowed": _narrowed(given),
        "queue": queue,
        "filter": found,
        "query": _without_cursor(given),
        "units": Unit.objects.within_reach_of(request.user).order_by("code")[:300] if "more" in given or given.get("unit") else (),
        "at": at,
    }


def _count(tickets, page, counted):
    """What the chip of the queue says, where the list is that queue and goes on after this page."""
    if counted is None or page.next_cursor is None:
        return honest_count(tickets, page)
    return Count(max(counted, page.last_number + 1), is_estimate=False)


def counts_of(user, seen, at):
    """{queue: open tickets in it}. One's own is counted now; the others are counted once in ten seconds for all who see the same tickets."""
    scope = user.pk if user.bound_to_unit else "all"
    counts = cache.get_or_set(f"queues:{scope}", lambda: seen.queue_counts(at), COUNTED_EVERY_SECONDS)
    return {"mine": seen.of(user).count()} | counts


def _narrowed(given):
    names = (
        "q",
        "kind",
        "category",
        "severity",
        "state",
        "assignee",
        "account",
        "unit",
        "segment",
        "opened_after",
        "opened_before",
        "overdue",
        "due",
    )
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


def menus(given) -> list[SafeString]:
    """Filters that take several values."""
    fields = [
        ("kind", _("Kind"), Kind), ("category", _("Class"), Category), ("severity", _("Severity"), Severity), ("state", _("State"), State),
    ]  # fmt: skip
    return [
        filter_menu(name=name, label=label, options=choices.choices, selected=given.getlist(name), keep=_others(given, name))
        for name, label, choices in fields
    ]


def _others(given, name):
    return [(key, value) for key, values in given.lists() if key not in (name, "cursor") for value in values]


def _without_cursor(given):
    kept = given.copy()
    kept.pop("cursor", None)
    return kept.urlencode()


def _address(given, **changes):
    kept = given.copy()
    kept.pop("cursor", None)
    for name, value in changes.items():
        kept[name] = value
    return f"{reverse('crm:ticket-list')}?{kept.urlencode()}"

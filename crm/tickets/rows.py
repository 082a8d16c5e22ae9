"""The rows of the complaint desk, drawn as one text (see `segmentation.portfolio.rows`): forty rows in a template cost four times as much."""

from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.display.drawing import NOTHING
from crm.people.masking import Reader
from crm.templatetags.display import due, due_state
from crm.templatetags.tickets import matter

# What a row shows, so that a page reads neither texts nor the account's search words.
SHOWN = (
    "title", "kind", "category", "topic", "severity", "state", "reopened_count", "opened_at", "paused_at", "answer_due_at", "answered_at",
    "entitlement_id", "clock_policy_id", "account_id", "assignee__full_name", "assignee__full_name_en", "assignee__username",
    "account__customer__name", "account__customer__name_en", "account__customer__kind",
)  # fmt: skip


def body(tickets, *, reader: Reader, now) -> SafeString:
    """The `<tr>`s of a page of tickets."""
    frame = _Frame()
    return mark_safe("\n".join(frame.row(ticket, reader, now) for ticket in tickets))


class _Frame:
    """What all rows of a page share: the words of its columns and marks."""

    def __init__(self):
        self.address = reverse("crm:ticket-detail", args=[0]).partition("0/")[0]
        titles = (_("Ticket"), _("Customer"), _("Class"), _("Assigned to"), _("Answer due"))
        self.ticket, self.customer, self.matter, self.assignee, self.due = map(escape, titles)
        self.unknown = f'<span class="muted">{escape(_("Unknown account"))}</span>'
        self.nobody = f'<span class="warn-text">{escape(_("Unassigned"))}</span>'
        self.green = f' <span class="badge-green">{escape(_("Green channel"))}</span>'
        self.major = f'<span class="risk-text">{escape(_("Major"))}</span>'
        self.reopened = escape(_("reopened"))

    def row(self, ticket, reader, now):
        pk, presses = ticket.pk, ticket.is_open and not ticket.paused_at and due_state(ticket.answer_due_at, now) in ("critical", "overdue")
        customer = escape(reader.name(ticket.account.customer)) if ticket.account_id else self.unknown
        return (
            f'<tr class="{"row-risk" if presses else ""}"><td data-label="{self.ticket}" class="cell-main">'
            f'<a href="{self.address}{pk}/" data-row-link>{escape(ticket.title)}</a><small>#{pk}{self._marks(ticket)}</small></td>'
            f'<td data-label="{self.customer}">{customer}{self.green if ticket.entitlement_id else ""}</td>'
            f'<td data-label="{self.matter}" class="muted keep-words">{escape(matter(ticket))}</td>'
            f'<td data-label="{self.assignee}" class="keep-words">{escape(str(ticket.assignee)) if ticket.assignee_id else self.nobody}</td>'
            f'<td data-label="{self.due}" class="num">{ticket_due(ticket, now)}</td></tr>'
        )

    def _marks(self, ticket):
        marks = [
            ticket.kind != "complaint" and escape(ticket.get_kind_display()),
            ticket.severity == "major" and self.major,
            ticket.reopened_count and self.reopened,
            not ticket.is_open and escape(ticket.get_state_display()),
        ]
        return "".join(f" · {mark}" for mark in marks if mark)


def ticket_due(ticket, now) -> SafeString:
    """The answer's clock in a cell: how long is left, paused, late, met, or why there is none."""
    if not ticket.is_open:
        if ticket.answered_in_time is False:
            return mark_safe(f'<span class="due due-overdue">{escape(_("answered late"))}</span>')
        return due(met=True) if ticket.answered_in_time else NOTHING
    if ticket.paused_at:
        return due(paused=True, paused_reason=_("customer"))
    if ticket.answer_due_at:
        return due(ticket.answer_due_at, now)
    why = conditional_escape(_("The working calendar does not reach that far, or no clock policy holds"))
    told = _("calendar not loaded") if ticket.clock_policy_id else _("no due time")
    return mark_safe(f'<span class="due due-critical" title="{why}">{escape(told)}</span>')

"""Tickets as a file: the desk's queue, filters and sort, every row, masked as the desk masks."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.exports.registry import Asker
from crm.exports.registry import register as register_export
from crm.people.masking import Reader
from crm.templatetags.tickets import matter
from crm.tickets.filters import TicketFilter
from crm.tickets.models import Ticket

COLUMNS = (
    _("Ticket"), _("In one line"), _("Kind"), _("Class"), _("Severity"), _("State"), _("Account"), _("Customer"), _("Unit"), _("Assigned to"),
    _("Opened"), _("Answer due"), _("Answered"), _("Closed"), _("Times reopened"), _("Satisfaction, 1 to 5"), _("Green channel"),
)  # fmt: skip
CHUNK = 2000
SORTS = {"due": "answer_due_at", "opened": "opened_at"}


def rows(user, query, language):
    """A tuple per ticket, streamed by the server's cursor."""
    given = QueryDict(query)
    found = TicketFilter(given, Ticket.objects.visible_to(user), request=Asker(user)).qs
    wanted = given.get("sort") or "due"
    column = SORTS.get(wanted.removeprefix("-"), "answer_due_at")
    order = f"-{column}" if wanted.startswith("-") else column
    related = found.select_related("account__customer", "account__unit", "assignee").order_by(order, "pk")
    reader, yes = Reader(user=user), str(_("yes"))
    for ticket in related.iterator(chunk_size=CHUNK):
        account = ticket.account
        yield (
            ticket.pk, ticket.title, ticket.get_kind_display(), matter(ticket), ticket.get_severity_display(), ticket.get_state_display(),
            account.number if account else "", reader.name(account.customer) if account else "", str(account.unit) if account else "",
            str(ticket.assignee or ""), ticket.opened_at, ticket.answer_due_at, ticket.answered_at, ticket.closed_at, ticket.reopened_count,
            ticket.satisfaction, yes if ticket.entitlement_id else "",
        )  # fmt: skip


def register():
    """Called once when the app starts."""
    register_export("tickets", _("Tickets"), COLUMNS, rows, permission="crm.view_ticket")

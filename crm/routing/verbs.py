"""How the audit trail tells what is done about routing, and what the page of jobs shows of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.tickets.models import Ticket


def register():
    """Called when the app starts."""
    SENTENCES.update({
        "crm.ticket routed": _("Routing gave ticket #%(id)s to %(to)s"),
        "crm.ticket changed severity": _("Routing set the severity of ticket #%(id)s to %(to)s"),
        "crm.routingrule added": _("%(who)s added the routing rule %(name)s"),
        "crm.routingrule changed": _("%(who)s changed the routing rule %(name)s"),
        "crm.routingrule moved": _("%(who)s moved the routing rule %(name)s"),
        "crm.routingrule switched on": _("%(who)s put the routing rule %(name)s in force"),
        "crm.routingrule switched off": _("%(who)s put the routing rule %(name)s out of force"),
        "crm.routingrule deleted": _("%(who)s deleted the routing rule %(name)s"),
        "crm.routingdesk named lead": _("%(who)s named the lead of the agents: %(to)s"),
        "crm.absence noted absence": _("%(who)s noted that %(person)s is away from %(starts_on)s to %(ends_on)s"),
        "crm.absence ended absence": _("%(who)s took back an absence of %(person)s"),
    })  # fmt: skip
    KIND_NAMES.update({"crm.routingrule": _("routing rule"), "crm.routingdesk": _("routing"), "crm.absence": _("absence")})


def waiting_tickets():
    """Tickets that wait to be routed, oldest first: `[(what, since, address)]`."""
    waiting = Ticket.objects.exclude(route_at=None).order_by("route_at")[:50]
    return [(f"#{ticket.pk}", ticket.opened_at, reverse("crm:ticket-detail", args=[ticket.pk])) for ticket in waiting]

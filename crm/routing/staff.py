"""Who is there to take tickets, read once for many of them."""

from django.db.models import Count, Q

from crm.people.models import User
from crm.routing.models import Absence, RoutingDesk, RoutingRule
from crm.routing.rules import WORKERS, Person, Router
from crm.tickets.models import Ticket


def people_on(day) -> list[Person]:
    """Active managers, supervisors and agents, with who is away that day. Two queries."""
    away = {row.person_id: row.substitute_id for row in Absence.objects.on(day).order_by("pk")}
    rows = User.objects.filter(is_active=True, role__in=WORKERS).values_list("pk", "role", "unit__code")
    return [Person(key, role, code or "", key in away, away.get(key)) for key, role, code in rows]


def open_tickets_of() -> dict[int, int]:
    """{person: open tickets assigned to them}."""
    held = Ticket.objects.open().exclude(assignee=None).order_by().values("assignee").annotate(count=Count("pk"))
    return {row["assignee"]: row["count"] for row in held}


def pool_lead() -> int | None:
    return RoutingDesk.objects.values_list("pool_lead_id", flat=True).first()


def rules_in_force() -> list[RoutingRule]:
    return list(RoutingRule.objects.filter(is_active=True).select_related("unit", "target_unit"))


def router_on(day, *, rules, rota) -> Router:
    """Four queries."""
    return Router(rules=rules, people=people_on(day), loads=open_tickets_of(), rota=rota, pool_lead=pool_lead())


def may_take() -> Q:
    """People a rule, an absence or a step may name."""
    return Q(is_active=True, role__in=WORKERS)

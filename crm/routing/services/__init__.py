"""What is done about routing, by verb."""

from crm.routing.services.deciding import route_due, wait_for_routing
from crm.routing.services.rules import delete_rule, lead_pool, move_rule, save_rule, switch_rule
from crm.routing.services.times_off import end_absence, note_absence
from crm.routing.services.trying import dry_run

__all__ = [
    "delete_rule", "dry_run", "end_absence", "lead_pool", "move_rule", "note_absence", "route_due", "save_rule", "switch_rule",
    "wait_for_routing",
]  # fmt: skip

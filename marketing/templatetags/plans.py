"""What pages of retention say of a plan whose tasks were read with it."""

from django import template

from crm.display import rules as display
from marketing.market.models import Outcome

register = template.Library()


@register.simple_tag
def next_task(plan):
    """The first task that is neither done nor cancelled, or None."""
    return next((task for task in plan.tasks.all() if not task.engagement.happened_on and not task.engagement.cancelled_at), None)


@register.simple_tag
def tasks_done(plan):
    """`2 / 5`."""
    tasks = plan.tasks.all()
    return f"{sum(bool(task.engagement.happened_on) for task in tasks)} / {len(tasks)}"


@register.filter
def points(ratio):
    """A difference of shares in percentage points, signed: 0.061 → `+6.1`."""
    return display.delta(ratio * 100, 1)


@register.filter
def outcome_label(code):
    return Outcome(code).label if code in Outcome.values else code

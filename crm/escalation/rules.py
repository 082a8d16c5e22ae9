"""Which chain holds for a ticket and when each of its steps is due. Pure: no Django, no clock of its own."""

import datetime as dt
from collections.abc import Iterable

from crm.calendar.clock import Measure, Target, WorkingCalendar, due_at, working_time_between

MINUTE = dt.timedelta(minutes=1)


def chain_for(chains: Iterable, *, kind: str, severity: str, level_id: int | None):
    """The most specific active chain: a green channel outweighs the severity, the severity the kind of ticket. None for none."""
    case = {"ticket_kind": kind, "severity": severity, "level_id": level_id}
    held = [chain for chain in chains if chain.is_active and all(getattr(chain, name) in ("", None, value) for name, value in case.items())]
    return max(held, key=lambda chain: (chain.level_id is not None, bool(chain.severity), bool(chain.ticket_kind)), default=None)


def moment_of(
    percent: int, *, began: dt.datetime, target: Target, pauses: Iterable[tuple[dt.datetime, dt.datetime]], calendar: WorkingCalendar
) -> dt.datetime:
    """When `percent` of the time a target allows has passed since `began`, in the target's own measure; above 100 it is past due.

    Five working days from Friday morning: half of them are over in the middle of the working time until the due time, not of the hours by
    the wall clock. Pauses do not count. Raises `CalendarNotLoaded` where the calendar ends.
    """
    if target.measure == Measure.WORKING_DAYS:
        whole = working_time_between(calendar, began, due_at(calendar, began, target)) / MINUTE
        measure = Measure.WORKING_MINUTES
    else:
        whole, measure = target.amount, target.measure
    return due_at(calendar, began, Target(round(whole * percent / 100), measure), pauses)

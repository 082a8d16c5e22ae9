"""When a proposal may be made, how many must agree, and what a green channel made of the answer times. Pure."""

import datetime as dt
from typing import NamedTuple

LONGEST_MONTHS = 36
# The rule every installation starts with, until the utility enters its own. [M]: to be checked.
SEED = {
    "valid_from": dt.date(2004, 1, 1), "two_levels_from_yuan": 10_000_000, "decide_within_days": 14, "remind_days_before": 30,
    "source": "Common practice, to be checked by the utility", "mark": "M",
}  # fmt: skip
FEW = 5


def levels_needed(revenue_12m_yuan: float | None, two_levels_from_yuan: int | None) -> int:
    """How many must approve: two from the limit on, one below it, and where revenue or limit is not known."""
    return 2 if revenue_12m_yuan is not None and two_levels_from_yuan is not None and revenue_12m_yuan >= two_levels_from_yuan else 1


class Side(NamedTuple):
    """Answered tickets of one kind with, or without, a green channel: how many, the median hours to the answer, the share in time."""

    n: int = 0
    median_hours: float | None = None
    kept: float | None = None


class Row(NamedTuple):
    kind: str
    green: Side
    plain: Side

    @property
    def enough(self) -> bool:
        """Both sides have the few tickets without which a median says nothing."""
        return self.green.n >= FEW and self.plain.n >= FEW

    @property
    def sooner_hours(self) -> float | None:
        """By how much the median answer came sooner with a green channel (negative: later); None where there are too few."""
        if not self.enough or self.plain.median_hours is None or self.green.median_hours is None:
            return None
        return self.plain.median_hours - self.green.median_hours


def matched(rows: list[Row]) -> tuple[float | None, int]:
    """`(hours sooner, tickets it rests on)` over all kinds, each weighed by its green tickets; kinds with too few are left out."""
    counted = [(row.sooner_hours, row.green.n) for row in rows if row.sooner_hours is not None]
    n = sum(weight for _hours, weight in counted)
    return (sum(hours * weight for hours, weight in counted) / n if n else None), n


def end_of(starts_on: dt.date, months: int) -> dt.date:
    """Last day of a period of whole months: 2026-11-22 + 12 months → 2027-11-21; the 31st becomes the month's last day."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    month += 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(starts_on.day, last)) - dt.timedelta(days=1)

"""When a proposal may be made and how long it waits. Pure."""

import datetime as dt

DECIDE_WITHIN = dt.timedelta(days=14)  # [M] an undecided proposal lapses; the utility may want another limit
LONGEST_MONTHS = 36


def end_of(starts_on: dt.date, months: int) -> dt.date:
    """Last day of a period of whole months: 2026-11-22 + 12 months → 2027-11-21; the 31st becomes the month's last day."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    month += 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(starts_on.day, last)) - dt.timedelta(days=1)

"""Weekly energy into calendar months. Pure arithmetic, no Django."""

import calendar
import datetime as dt
from functools import lru_cache

import numpy as np

DAYS_PER_WEEK = 7


def monthly_kwh(starts_on: dt.date, weekly_kwh: np.ndarray):
    """Day-weighted split: a week's kWh lie evenly on its seven days, a month is the sum of its days.

    `weekly_kwh`: float array of consecutive weeks, the first starting on `starts_on`; NaN where a week is unknown.
    Returns ([(first of month, kWh)] for months all of whose days are known, [(first of month, known days)] for the others).
    """
    months, edges, full = _days(starts_on, len(weekly_kwh))
    daily = np.repeat(weekly_kwh / DAYS_PER_WEEK, DAYS_PER_WEEK)
    known = ~np.isnan(daily)
    kwh = np.add.reduceat(np.where(known, daily, 0.0), edges)
    days = np.add.reduceat(known.astype(int), edges)
    complete = [(month, float(kwh[i])) for i, month in enumerate(months) if days[i] == full[i]]
    partial = [(month, int(days[i])) for i, month in enumerate(months) if days[i] != full[i]]
    return complete, partial


@lru_cache(maxsize=64)
def _days(starts_on, weeks):
    """(months touched, index of each month's first day, days each month has)."""
    days = np.datetime64(starts_on, "D") + np.arange(weeks * DAYS_PER_WEEK)
    found, edges = np.unique(days.astype("datetime64[M]"), return_index=True)
    months = [month.astype("datetime64[D]").item() for month in found]
    return months, edges, [calendar.monthrange(month.year, month.month)[1] for month in months]

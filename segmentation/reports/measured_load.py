"""The load of the accounts that are read by interval: when they draw power together, how evenly each does, what never sleeps.

Asked of the lake's readings in columns: a row a day of an account, its intervals in a list; added up by account, then over the accounts.
"""

import datetime as dt

import duckdb

from segmentation.lake.session import lake
from segmentation.readings.curve import NIGHT_HOURS
from segmentation.readings.models import ReadingsFile
from segmentation.readings.standing import files_of, newest_rows

DAYS = 28
FEWEST_DAYS = 7  # of an account, to speak of its load
HOURS = tuple(f"{hour:02d}:00" for hour in range(24))


def measured_load(session, as_of: dt.date) -> dict:
    """`{"load": {accounts, load_factor, night_share, together, hours}}` of the four weeks up to the day; None where nobody is read by interval."""
    for attempt in (1, 2):
        try:
            return {"load": _measured(session, as_of)}
        except (duckdb.IOException, duckdb.HTTPException):  # a file was folded into another in this moment: look again
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _measured(session, as_of):
    first = as_of - dt.timedelta(days=DAYS - 1)
    periods = {day.replace(day=1) for day in (first, as_of)}
    if not ReadingsFile.objects.filter(period__in=periods).exists():
        return None
    asked = f"not received and day between date '{first}' and date '{as_of}'"
    rows = newest_rows(files_of(lake(), periods), asked, "semi join people using (account_id)")
    hours = ", ".join(
        f"avg(list_sum(wh[{hour} * 60 // minutes + 1 : {hour + 1} * 60 // minutes])) / 1000 as h{hour}" for hour in range(len(HOURS))
    )
    session.execute(
        f"""create or replace temp table loads as
        select account_id, sum(list_sum(wh)) / 1000 as kwh, sum(list_count(wh) * minutes) / 60.0 as hours, max(list_max(wh) * 0.06 / minutes) as peak_kw,
            median(list_min(wh[1 : {NIGHT_HOURS} * 60 // minutes]) * 0.06 / minutes) as night_kw, {hours}
        from ({rows}) group by account_id having count(*) >= {FEWEST_DAYS}"""
    )
    day = ", ".join(f"sum(h{hour})" for hour in range(len(HOURS)))
    accounts, factor, night, peaks, *by_hour = session.execute(
        f"""select count(*), median(kwh / nullif(hours, 0) / nullif(peak_kw, 0)), median(night_kw / nullif(kwh / nullif(hours, 0), 0)), sum(peak_kw), {day}
        from loads where kwh > 0"""
    ).fetchone()
    if not accounts or any(value is None for value in by_hour):
        return None
    kept = [round(value, 3) for value in by_hour]
    return {
        "accounts": accounts, "load_factor": round(factor, 6), "night_share": night and round(night, 6),
        "together": round(max(by_hour) / peaks, 6) if peaks else None, "hours": kept,
    }  # fmt: skip

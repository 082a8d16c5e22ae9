"""Local days and the seconds in them. Pure: no Django, no clock of its own.

A day begins at local midnight and has as many seconds as really pass: 86,400, or an hour fewer or more where clocks are changed. Energy is
filed by the seconds that have passed since midnight, so nothing is lost or counted twice in the hour that is left out or repeated.
"""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

DAY_SECONDS = 86_400
EPOCH = dt.date(1970, 1, 1)


class NoSuchTime(ValueError):
    """Clocks were put forward over this local time: it never was."""


def number_of(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=int(number))


@lru_cache(maxsize=8192)
def midnight(zone: ZoneInfo, number: int) -> int:
    """The moment a local day begins, as seconds since 1970 UTC. Where midnight itself is skipped, the first moment of the day."""
    return int(dt.datetime.combine(day_of(number), dt.time(), zone).timestamp())


def seconds_in(zone: ZoneInfo, number: int) -> int:
    """86,400 but for days on which clocks are changed."""
    return midnight(zone, number + 1) - midnight(zone, number)


def moment_of(zone: ZoneInfo, naive: dt.datetime) -> tuple[int, int]:
    """(seconds since 1970 UTC, seconds until the same clock time comes again: 0 but in the hour that is repeated).

    Raises `NoSuchTime`.
    """
    first, again = (int(naive.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if again < first:
        raise NoSuchTime(naive)
    return first, again - first


def filed(zone: ZoneInfo, moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Moments (seconds since 1970 UTC) as (day numbers, seconds since that local midnight)."""
    if not len(moments):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    first, last = int(moments.min()) // DAY_SECONDS - 1, int(moments.max()) // DAY_SECONDS + 2
    midnights = np.array([midnight(zone, number) for number in range(first, last + 1)], np.int64)
    position = np.searchsorted(midnights, moments, "right") - 1
    return (position + first).astype(np.int32), (moments - midnights[position]).astype(np.int32)


def clock_times(zone: ZoneInfo, number: int, minutes: int) -> list[str]:
    """The clock time at which each interval of a day begins, `HH:MM`: as a wall clock shows it, the repeated hour twice."""
    start = midnight(zone, number)
    count = seconds_in(zone, number) // (minutes * 60)
    return [f"{dt.datetime.fromtimestamp(start + i * minutes * 60, zone):%H:%M}" for i in range(count)]

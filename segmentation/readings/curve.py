"""What a curve says: mean power by interval, load factor, peak, the load that never sleeps. Pure.

Power of an interval is its energy over its length (kWh / h = kW); intervals that are not known take no part.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from segmentation.readings.days import day_of
from segmentation.readings.matrix import UNKNOWN, Days

NIGHT_HOURS = 6  # from midnight: the hours in which only what always runs is running


@dataclass(frozen=True)
class Facts:
    """kwh: of the known intervals · load_factor: mean over peak power, 0..1, null without a peak · peak_kw, and when its interval began (day,
    seconds since midnight, minutes) · night_kw: middle of the lowest power of each night, midnight to six · known: share of intervals known."""

    days: int
    kwh: float
    load_factor: float | None
    peak_kw: float | None
    peak_day: dt.date | None
    peak_second: int | None
    night_kw: float | None
    known: float


def powers_kw(days: Days) -> np.ndarray:
    """Mean power of each interval, days x intervals; nan where not known."""
    return np.where(days.wh == UNKNOWN, np.nan, days.wh / 1000.0) * (60.0 / np.maximum(days.minutes, 1))[:, None]


def facts(days: Days) -> Facts:
    """Of the days given, all of one account and direction. Load factor: mean power of all known time over the highest interval's."""
    kw, hours = powers_kw(days), days.minutes / 60.0
    known = ~np.isnan(kw)
    energy = np.nansum(kw * hours[:, None])
    time = float((known * hours[:, None]).sum())
    if not time:
        return Facts(len(days), 0.0, None, None, None, None, None, 0.0)
    row, place = np.unravel_index(np.nanargmax(kw), kw.shape)
    peak = float(kw[row, place])
    return Facts(
        days=len(days), kwh=float(energy), load_factor=float(energy) / time / peak if peak else None, peak_kw=peak,
        peak_day=day_of(days.day[row]), peak_second=int(place) * int(days.minutes[row]) * 60, night_kw=_night(kw, days.minutes),
        known=float(known.sum() / days.slots.sum()),
    )  # fmt: skip


def _night(kw, minutes):
    lowest = []
    for row, length in zip(kw, minutes.tolist(), strict=True):
        night = row[: NIGHT_HOURS * 60 // length]
        if not np.isnan(night).all():
            lowest.append(np.nanmin(night))
    return float(np.median(lowest)) if lowest else None


def mean_day(days: Days) -> tuple[int, np.ndarray] | None:
    """(minutes, mean kW of each interval) over ordinary days of 24 hours; of several lengths of interval the one most days have."""
    ordinary = days.of(days.slots.astype(np.int64) * days.minutes == 24 * 60)
    if not len(ordinary):
        return None
    lengths, many = np.unique(ordinary.minutes, return_counts=True)
    minutes = int(lengths[np.argmax(many)])
    kw = powers_kw(ordinary.of(ordinary.minutes == minutes))[:, : 24 * 60 // minutes]
    known = ~np.isnan(kw)
    with np.errstate(invalid="ignore"):
        return minutes, np.where(known.any(axis=0), np.nansum(kw, axis=0) / known.sum(axis=0), np.nan)

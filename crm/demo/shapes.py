"""How a year and a day of each category look: monthly weights and the shares of the price bands.

Shapes within the day come from the German standard load profiles 2025 (BDEW, through `demandlib`: households H25, households with PV
P25, trade G25, farming L25). The year of a Chinese river plain has a cooling summer that those lack: `SEASON` puts it on top (own
estimate). Bands are Beijing's [1]: flat 7-10, 15-18, 21-23; peak 10-15, 18-21; valley 23-7; sharp 11-13 and 16-17 in July and August.
"""

import warnings
from functools import cache

import numpy as np

BANDS = ("sharp_kwh", "peak_kwh", "flat_kwh", "valley_kwh")
# Own estimate: use by month over the yearly mean, January to December, before the shape of the days is laid on.
SEASON = {
    "large_industrial": [0.97, 0.74, 1.00, 1.00, 1.02, 1.04, 1.08, 1.08, 1.03, 0.99, 1.01, 1.04],
    "general_commercial": [1.02, 0.86, 0.88, 0.86, 0.94, 1.10, 1.30, 1.32, 1.10, 0.86, 0.84, 0.92],
    "residential": [1.16, 1.02, 0.86, 0.78, 0.80, 0.98, 1.38, 1.46, 1.08, 0.78, 0.78, 0.92],
    "agricultural": [0.50, 0.52, 0.80, 1.15, 1.40, 1.55, 1.60, 1.50, 1.10, 0.80, 0.56, 0.52],
    "ev_charging": [1.06, 0.96, 0.95, 0.94, 0.96, 0.98, 1.06, 1.07, 0.99, 1.00, 0.98, 1.05],
    "other": [1.20, 1.10, 1.02, 0.93, 0.86, 0.82, 0.84, 0.89, 0.97, 1.06, 1.13, 1.18],
}
CATEGORIES = list(SEASON)
SUNSHINE = np.array([0.62, 0.70, 0.92, 1.10, 1.22, 1.18, 1.32, 1.28, 1.08, 0.98, 0.82, 0.78])


def band_of_hour(month, hour):
    """0 sharp, 1 peak, 2 flat, 3 valley."""
    if month in (7, 8) and hour in (11, 12, 16):
        return 0
    if 10 <= hour < 15 or 18 <= hour < 21:
        return 1
    return 3 if hour >= 23 or hour < 7 else 2


@cache
def day_shapes():
    """Mean use by month and hour, (category, 12, 24), each month's day summing to 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from demandlib.bdew import G25, H25, L25

        quarters = pd.date_range("2025-01-01", "2026-01-01", freq="15min", inclusive="left")
        home, trade, farm = (_month_hour(profile(quarters), quarters) for profile in (H25, G25, L25))
    even = np.full((12, 24), 1 / 24)
    hours = np.arange(24)
    night = np.where((hours >= 18) | (hours < 6), 1.0, 0.02) * np.ones((12, 1))
    charging = 0.5 * home + 0.5 * _normal(np.where((hours >= 22) | (hours < 6) | (hours == 12), 2.6, 0.7) * np.ones((12, 1)))
    mixed = {
        "large_industrial": 0.35 * trade + 0.65 * even,
        "general_commercial": trade,
        "residential": home,
        "agricultural": 0.6 * farm + 0.4 * even,
        "ev_charging": charging,
        "other": _normal(night),
    }
    return np.stack([mixed[name] for name in CATEGORIES])


@cache
def band_shares():
    """(category, 12, 4): share of the month's kWh in sharp, peak, flat, valley."""
    shares = np.zeros((len(CATEGORIES), 12, 4))
    for month in range(12):
        for hour in range(24):
            shares[:, month, band_of_hour(month + 1, hour)] += day_shapes()[:, month, hour]
    return shares


def month_weights(periods):
    """(category, month): use over the yearly mean, by season and days of the month. `periods`: datetime64[M]."""
    month = periods.astype(int) % 12
    season = np.array([SEASON[name] for name in CATEGORIES])
    season = season / season.mean(axis=1, keepdims=True)
    return season[:, month] * (days_in(periods) / 30.4375)


def days_in(periods):
    return ((periods + 1).astype("datetime64[D]") - periods.astype("datetime64[D]")).astype(int)


def _month_hour(values, quarters):
    means = values.groupby([quarters.month, quarters.hour]).mean().to_numpy().reshape(12, 24)
    return _normal(means)


def _normal(shape):
    return shape / shape.sum(axis=1, keepdims=True)

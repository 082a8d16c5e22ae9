"""kWh by account and month: size, season, trend, noise, and what the story says."""

import numpy as np

from crm.demo.shapes import SUNSHINE, month_weights
from crm.demo.supply import FARM, OTHER, RESIDENT, Story

NOISE = np.array([0.05, 0.07, 0.10, 0.14, 0.10, 0.03])


def monthly_kwh(plan, accounts, part, number):
    """kWh of the accounts in the slice `part`, (accounts, months); NaN where no bill is written: before the opening, after the closing."""
    random = plan.random("use", number)
    category, story, event = accounts.category[part], accounts.story[part], accounts.event[part]
    rows, months = len(category), plan.months
    base = accounts.kva[part] * 730 * accounts.utilisation[part]
    kwh = base[:, None] * month_weights(plan.periods)[category]
    kwh *= np.exp(NOISE[category][:, None] * random.standard_normal((rows, months)))
    trend = random.normal(0.015, 0.035, rows) + np.where(story == Story.GROWTH, 0.22, 0.0)
    kwh *= np.exp(np.log1p(trend)[:, None] * (np.arange(months) - months / 2) / 12)
    kwh *= _story(random, story, event, months)
    sun = np.nan_to_num(accounts.pv_kw[part])[:, None] * 85 * SUNSHINE[plan.periods.astype(int) % 12]
    since = np.where(story == Story.SELF_SUPPLY, event, 0)
    own = np.where(np.arange(months) >= since[:, None], sun, 0.0)
    kwh = np.maximum(kwh - own, 0.12 * kwh)
    # A place left empty for a month or two: homes mostly, farms out of season.
    empty = random.random((rows, months)) < np.where(np.isin(category, [RESIDENT, FARM, OTHER]), 0.0012, 0.0005)[:, None]
    kwh = np.round(np.where(empty, 0.0, kwh))
    return np.where(_billed(plan, accounts, part), kwh, np.nan)


def _story(random, story, event, months):
    """Factor by month."""
    after = np.maximum(np.arange(months) - event[:, None] + 1, 0)
    factor = np.ones((len(story), months))
    pace = random.uniform(0.04, 0.09, len(story))[:, None]
    factor = np.where((story == Story.FADING)[:, None], np.maximum(np.exp(-pace * after), 0.25), factor)
    factor = np.where((story == Story.COLLAPSE)[:, None] & (after > 0), 0.05, factor)
    factor = np.where((story == Story.RETURN)[:, None] & (after > 0) & (after <= 7), 0.03, factor)
    factor = np.where((story == Story.STOP)[:, None] & (after > 0), 0.0, factor)
    factor = np.where((story == Story.REDUCED)[:, None] & (after > 0), 0.6, factor)
    return np.where((story == Story.CLOSED)[:, None] & (np.arange(months) > event[:, None] - 4), 0.5, factor)


def _billed(plan, accounts, part):
    """A month is billed from the month after the opening to the month of the closing."""
    opened = accounts.opened[part].astype("datetime64[M]")
    closed = accounts.closed[part].astype("datetime64[M]")
    there = plan.periods[None, :] > opened[:, None]
    return there & (np.isnat(closed)[:, None] | (plan.periods[None, :] <= closed[:, None]))

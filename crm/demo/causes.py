"""Why things happen: lines that fail, trades that do badly, bills that stay unpaid. Complaints and departures follow from these."""

from dataclasses import dataclass

import numpy as np

from crm.demo import words
from crm.demo.plan import pick
from crm.demo.shapes import CATEGORIES

KINDS = {"large_industrial": "I", "general_commercial": "G", "agricultural": "A", "ev_charging": "E", "other": "O"}
OUTAGES = 2.2  # a year at a station of the usual strength; own estimate
RURAL_LINES = 1.4  # longer and above the ground
AFTER_AN_OUTAGE = 0.6  # share of those leaving for bad supply who do so in the three months after an outage of their station


@dataclass
class Outages:
    """One entry per outage of a station in the months told: local day, length in hours, whether it was announced."""

    station: np.ndarray
    day: np.ndarray
    hours: np.ndarray
    announced: np.ndarray

    def hours_by_station(self, stations):
        return np.bincount(self.station, self.hours, minlength=stations)


def outages(plan, organisation):
    """Some stations hang on weak lines and stay so; most outages last an hour or two, a few a day."""
    random = plan.random("outages")
    stations = len(organisation.station_ids)
    weak = random.gamma(2.0, 0.5, stations) * np.where(organisation.station_kinds != "urban", RURAL_LINES, 1.0)
    first = plan.periods[0].astype("datetime64[D]")
    days = int((plan.today - first).astype(int))
    station = np.repeat(np.arange(stations), random.poisson(OUTAGES * weak * days / 365.25))
    return Outages(
        station=station,
        day=first + random.integers(0, days + 1, len(station)).astype("timedelta64[D]"),
        hours=np.clip(np.exp(random.normal(0.3, 0.9, len(station))), 0.1, 30),
        announced=random.random(len(station)) < 0.3,
    )


def trades(random, category):
    """Index into `words.TRADES`; -2 and below an institution; -1 a person."""
    trade = np.full(len(category), -1)
    for name, letter in KINDS.items():
        fits = [n for n, row in enumerate(words.TRADES) if letter in row[3]]
        here = category == CATEGORIES.index(name)
        trade[here] = np.array(fits)[random.integers(0, len(fits), here.sum())]
    institution = (random.random(len(category)) < 0.06) & (category == CATEGORIES.index("general_commercial"))
    trade[institution] = -2 - random.integers(0, len(words.INSTITUTIONS), institution.sum())
    return trade


def hardship(plan, trade):
    """How badly the trade of each account does, 1 being usual: every trade has its own luck, people and institutions have none."""
    luck = np.exp(plan.random("trades").normal(0, 0.6, len(words.TRADES)))
    return np.where(trade >= 0, luck[np.maximum(trade, 0)] / luck.mean(), 1.0)


def story_odds(shares, factors):
    """How likely each story is at each account, (accounts, stories), not yet divided by their sum. `shares`: of all accounts by story;
    `factors`: {story: by account, how much likelier than usual}.

    The factors move stories from one account to another; how many there are of each stays as `shares` says.
    """
    rows = len(next(iter(factors.values())))
    weight = np.tile(np.asarray(shares, np.float32), (rows, 1))
    for story, factor in factors.items():
        weight[:, story] *= factor / factor.mean()
    weight[:, 0] = np.maximum(1 - weight[:, 1:].sum(axis=1), 0.05)
    return weight


def draw_stories(random, shares, factors):
    """One story per account, by `story_odds`."""
    reached = np.cumsum(story_odds(shares, factors), axis=1)
    return (reached < (random.random(len(reached)) * reached[:, -1])[:, None]).sum(axis=1)


def after_outages(random, plan, outages, station, event, who):
    """Months of the events, moved for most of `who` behind a long outage of their own station. `event`: month counted from the first."""
    order = np.argsort(outages.station, kind="stable")
    begin = np.searchsorted(outages.station[order], np.arange(station.max(initial=0) + 2))
    count = (begin[1:] - begin[:-1])[station]
    moved = np.flatnonzero(who & (count > 0) & (random.random(len(event)) < AFTER_AN_OUTAGE))
    tries = [order[begin[station[moved]] + (random.random(len(moved)) * count[moved]).astype(int)] for _ in range(2)]
    longer = np.where(outages.hours[tries[0]] >= outages.hours[tries[1]], *tries)
    month = outages.day[longer].astype("datetime64[M]").astype(int) - plan.periods[0].astype(int)
    month = month + 1 + pick(random, [0.5, 0.3, 0.2], len(moved))
    told = (month >= min(6, plan.months - 1)) & (month < plan.months)
    event = event.copy()
    event[moved[told]] = month[told]
    return event

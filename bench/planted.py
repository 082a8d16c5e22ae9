"""Does a model of leaving find the causes the synthetic utility was made with, and how near does it come to what can be known at all?

It learns up to a day, scores that day, and is held to the horizon after it. The bound is told every story whose sign stands in the bills
already and whether it ends in time, which nobody can fully know, and of the others the odds the generator drew them by. Complaints and ending
contracts are not in it.
"""

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from crm.demo import causes, staff, supply
from crm.demo.supply import Story
from segmentation.engine.churn import OUTCOMES, measures, snapshots
from segmentation.engine.churn.bundle import Bundle

HORIZON, REASONS = 90, 3
FALLS = {
    "growth", "recent_ratio", "earlier_ratio", "latest_ratio", "half_year_ratio", "base_ratio", "trend", "zero_months", "last_3_to_base", "months_to_zero",
    "bill_change", "capacity_use", "load_factor",
}  # fmt: skip
UNREST = {"complaints_3m", "complaints_12m", "tickets_3m", "tickets_12m", "faults_12m", "open_complaints"}
# What the generator makes of each story before it ends. A reduction is planted by the luck of a trade, which no feature tells: always missed.
SIGNS = {
    Story.FADING: FALLS, Story.COLLAPSE: FALLS, Story.RETURN: FALLS, Story.STOP: FALLS, Story.CLOSED: FALLS,
    Story.SWITCHED: {"contract_days_left", *UNREST}, Story.SELF_SUPPLY: {"own_pv", "substitutes", *UNREST},
}  # fmt: skip
CLOSING_SHOWS = 3  # months before its last that a closing account halves its use
EARLIEST = 6  # months told before a story may turn


@dataclass
class Drawn:
    """The utility as the generator drew it. `odds`: (accounts, stories)."""

    accounts: supply.Accounts
    odds: np.ndarray
    periods: np.ndarray


@dataclass
class Proof:
    """`first`, `among`: share of the leavers of the high band whose first reason, or one of the first three, is a planted one; `stayed` the
    latter of those in the band who stayed; `chance` of three columns drawn blindly."""

    leavers: int
    in_band: int
    held: int
    first: float
    among: float
    stayed: float
    chance: float
    by_story: dict
    auc: float
    ap: float
    ece: float
    best_auc: float
    best_ap: float
    best_ece: float


@contextmanager
def odds_heard():
    """A list that fills with the odds of the stories drawn meanwhile."""
    heard, draw = [], causes.draw_stories

    def drawn(random, shares, factors):
        odds = causes.story_odds(shares, factors)
        heard.append(odds / odds.sum(axis=1, keepdims=True))
        return draw(random, shares, factors)

    causes.draw_stories = drawn
    try:
        yield heard
    finally:
        causes.draw_stories = draw


def redrawn(plan, ids, kva):
    """The utility of the plan once more, under the keys it has in the database. Raises `ValueError` where it is another."""
    stations = [row for row in staff._tree(plan) if len(row[0]) == 11]
    organisation = SimpleNamespace(
        station_ids=np.arange(len(stations)), station_kinds=np.array([row[3] for row in stations]), managers=[[0]] * len(stations),
        industrial=np.array(["Industrial" in row[2] or "Development" in row[2] or "Harbour" in row[2] for row in stations]),
        city_of=np.array([int(row[0][5:7]) - 1 for row in stations]),
    )  # fmt: skip
    with odds_heard() as heard:
        accounts = supply.draw(plan, organisation)
    if np.mean(accounts.kva == kva) < 0.99:  # a few play a part in the demonstration and were given another size
        raise ValueError("The accounts in the database are not those this plan draws: it was made on another day or from another seed.")
    accounts.ids = ids
    return Drawn(accounts, heard[0], plan.periods)


def prove(drawn, on: dt.date, *, months=12, min_leavers=30, candidates=("logistic", "boosted"), bands=None) -> Proof:
    """On the lake in force. `on`: a month end a horizon before the data end; `bands`: those of probability unless told."""
    from django.conf import settings

    from segmentation.churn.learning import Facts, learn
    from segmentation.lake.services import open_tables
    from segmentation.lake.session import lake, open_session

    asked = {
        "until": on.isoformat(), "horizon_days": HORIZON, "months": months, "outcomes": OUTCOMES, "seed": 42, "min_leavers": min_leavers,
        "candidates": candidates,
    }  # fmt: skip
    bundle = Bundle.from_dict(learn(model=SimpleNamespace(pk=0, parameters=asked), tell=lambda *_: None).text, bands=bands)
    with open_session(of=lake(), spill_to=settings.VAR_DIR) as session:
        facts = Facts(open_tables(session=session, lake=lake()), session)
        found = snapshots.happened(facts.tables, facts.accounts, facts.changes, on + dt.timedelta(days=HORIZON))
        then = facts.snapshot(on)
    met, _before = snapshots.label(found, then["account_id"].to_numpy(), on, HORIZON)
    left = np.isin(met, [OUTCOMES.index(name) for name in bundle.models])
    at = np.searchsorted(drawn.accounts.ids, then["account_id"].to_numpy())
    best = bound(drawn, at, on, left, bundle.models)
    return _held(bundle, then, left, drawn.accounts.story[at], best)


def bound(drawn, at, on, left, outcomes):
    """The probability of leaving for one who is told the stories already to be seen in the bills, and the odds of all others."""
    story, event, odds = drawn.accounts.story[at], drawn.accounts.event[at], drawn.odds[at]
    issued = (drawn.periods + 1).astype("datetime64[D]") + 2
    last = int(np.searchsorted(issued, np.datetime64(on), side="right")) - 1  # the newest month billed by then
    shows = np.where(story == Story.CLOSED, event - CLOSING_SHOWS, event) <= last
    told = shows & ~np.isin(story, [Story.STEADY, Story.GROWTH, Story.NEW])
    ahead = (drawn.periods.astype("datetime64[D]") > np.datetime64(on)) & (
        drawn.periods.astype("datetime64[D]") <= np.datetime64(on) + HORIZON
    )
    months = np.flatnonzero(ahead)
    span = len(drawn.periods) - EARLIEST
    hidden = {"closed": (Story.CLOSED, 1.0, (months - CLOSING_SHOWS > last).sum())}
    hidden |= {"switched": (Story.SWITCHED, 1.0, len(months)), "self_supply": (Story.SELF_SUPPLY, 1.0, max(len(months) - 1, 0))}
    parts = [odds[:, one] * share * count / span for name, (one, share, count) in hidden.items() if name in outcomes]
    if "reduced" in outcomes:
        parts += [odds[:, one] * share * len(months) / span for one, share in ((Story.REDUCED, 1.0), (Story.STOP, 0.3))]
    return np.where(told, left.astype(float), sum(parts, np.zeros(len(at))))


def _held(bundle, then, left, story, best):
    scored = bundle.score(then)
    band = bundle.band(scored, then, np.ones(len(then), bool)) == "high"
    model, most = measures.all_of(left, scored.either), measures.all_of(left, best)
    rows = np.flatnonzero(band)
    if not len(rows) or not left[rows].any():
        raise ValueError("No true leaver stands in the high band: the utility is too small to judge reasons by.")
    names, points = bundle.reasons(then.take(rows))
    order = np.argsort(-points, axis=1, kind="stable")[:, :REASONS]
    raises = np.take_along_axis(points, order, axis=1) > 0
    names = np.array(names)
    planted = np.array([np.isin(names, list(SIGNS.get(Story(one), ()))) for one in story[rows]])
    hits = np.take_along_axis(planted, order, axis=1) & raises
    gone = left[rows]
    share = planted[gone].mean(axis=1)
    return Proof(
        leavers=int(left.sum()), in_band=int(band.sum()), held=int(gone.sum()),
        first=float(hits[gone, 0].mean()), among=float(hits[gone].any(axis=1).mean()),
        stayed=float(hits[~gone].any(axis=1).mean()) if (~gone).any() else float("nan"), chance=float((1 - (1 - share) ** REASONS).mean()),
        by_story={
            Story(one).name.lower(): (int((gone & (story[rows] == one)).sum()), round(float(hits[gone & (story[rows] == one)].any(axis=1).mean()), 3))
            for one in np.unique(story[rows][gone])
        },
        auc=model["auc"], ap=model["ap"], ece=model["ece"], best_auc=most["auc"], best_ap=most["ap"], best_ece=most["ece"],
    )  # fmt: skip

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
SUDDEN = {"latest_ratio", "recent_ratio", "last_3_to_base"}  # the months just gone, beside a year before or the best there was
STOPPED = SUDDEN | {"base_ratio_ahead"}  # and where they carry the year to
# The few columns that measure what the generator does in each story before it ends, and no others that move along. A reduction is planted by the
# luck of a trade, which no column tells: always missed.
SIGNS = {
    Story.FADING: {"base_ratio_ahead", "base_ratio", "recent_ratio", "trend"}, Story.COLLAPSE: STOPPED, Story.RETURN: STOPPED, Story.STOP: STOPPED | {"zero_months"},
    Story.CLOSED: SUDDEN, Story.SWITCHED: {"contract_days_left", "complaints_3m", "complaints_12m"}, Story.SELF_SUPPLY: {"own_pv", "substitutes"},
}  # fmt: skip
CLOSING_SHOWS = 3  # months before its last that a closing account halves its use
EARLIEST = 6  # months told before a story may turn


@dataclass
class Drawn:
    """The utility as the generator drew it. `odds`: (accounts, stories)."""

    accounts: supply.Accounts
    odds: np.ndarray
    periods: np.ndarray


@dataclass(frozen=True)
class Cause:
    """Of one planted cause: leavers in the high band, the share of them with one of its signs among the first reasons; the share of those in the band
    who stayed; and what as many columns drawn blindly would show."""

    leavers: int
    matched: float
    stayed: float
    chance: float


@dataclass
class Proof:
    """`first`: share of the leavers of the high band whose first reason is a planted one; `all`: every cause together, those who stayed by
    their own cause, if they have any."""

    leavers: int
    in_band: int
    held: int
    first: float
    all: Cause
    by_story: dict[str, Cause]
    model: dict
    best: dict

    def gap(self, measure):
        """How far the model stays behind what can be known."""
        return self.best[measure] - self.model[measure]


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
    gone, story = left[rows], story[rows]

    def hits(signs):
        """(accounts, first reasons): which are among the signs. `signs`: a row of flags by column, or one for each account."""
        return np.take_along_axis(np.broadcast_to(signs, points.shape), order, axis=1) & raises

    def cause(signs, who):
        found, share = hits(signs).any(axis=1), np.broadcast_to(signs, points.shape)[who].mean(axis=1)
        stayed = float(found[~gone].mean()) if (~gone).any() else float("nan")
        return Cause(int(who.sum()), float(found[who].mean()), stayed, float((1 - (1 - share) ** REASONS).mean()))

    signs_of = {one: np.isin(names, list(SIGNS.get(one, ()))) for one in Story}
    own = np.array([signs_of[Story(one)] for one in story])
    return Proof(
        leavers=int(left.sum()), in_band=int(band.sum()), held=int(gone.sum()), first=float(hits(own)[gone, 0].mean()), all=cause(own, gone),
        by_story={Story(one).name.lower(): cause(signs_of[Story(one)], gone & (story == one)) for one in np.unique(story[gone])},
        model=model, best=most,
    )  # fmt: skip

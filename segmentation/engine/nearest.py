"""One account looked at closely: every indicator's part in its score, and the nearest single change that would move its tier or quadrant.

The account's peers are handed over as columns, so its place among them is exact; the others are taken to stay as they are. What a whole
run decides for a peer set at once (weights, borders of tiers) is handed over from that run.
"""

from dataclasses import dataclass

import numpy as np

from . import tiers
from .policy import GROUPS, TIERS, ValuePolicy
from .value import weights_in_force

STEP = 0.1  # scores are told to one decimal; this much under a border is under it
NO_RISE = 25.0  # places among a hundred peers; a single change that asks for more is no advice


@dataclass(frozen=True)
class Change:
    """What one indicator would have to be, all else equal."""

    feature: str
    now: float
    needed: float
    step: float  # places among a hundred peers


@dataclass(frozen=True)
class Close:
    """The account among its peers. Arrays by indicator; nan: unknown."""

    policy: ValuePolicy
    values: np.ndarray
    others: list[np.ndarray]  # by indicator: the known values of its peers, without its own
    share: np.ndarray
    places: np.ndarray  # 0-100, high is high in the feature's own sense
    scaled: np.ndarray  # 0-100, high is good

    @property
    def effect(self) -> np.ndarray:
        """Points each indicator adds to 50."""
        return self.share * (self.scaled - 50)

    @property
    def score(self) -> float:
        return round(float(50 + np.nansum(self.effect)), 1)

    def side(self, group: str) -> float:
        """The score of current or potential value alone; nan where nothing of it is known."""
        parts = self.of_side(group)
        return round(float(np.nansum(parts * self.scaled)), 1) if np.nansum(parts) > 0 else float("nan")

    def of_side(self, group: str) -> np.ndarray:
        """Weights within one side, 0 for the other's indicators."""
        inside = np.zeros(len(self.values))
        members = self.policy.of_group(group)
        inside[members] = np.nan_to_num(self.share[members])
        whole = inside.sum()
        return inside / whole if whole > 0 else inside

    def at(self, column: int, candidates: np.ndarray) -> np.ndarray:
        """The scaled value the account would have with each of the candidate values, the others staying."""
        return _scaled(self.policy, column, _place(self.others[column], candidates))

    def nearest(self, gap: float, per_point: np.ndarray, most: float = np.inf) -> Change | None:
        """The one indicator that alone moves a score by at least `gap` points (negative: down) with the smallest step among peers.

        `per_point`: points of that score for each point of the indicator's scaled value.
        """
        found = None
        for column, indicator in enumerate(self.policy.indicators):
            if np.isnan(self.scaled[column]) or not per_point[column] > 0:
                continue
            wanted = self.scaled[column] + gap / per_point[column]
            if not -1e-9 <= wanted <= 100 + 1e-9:
                continue
            candidates = np.unique(self.others[column])
            reached = self.at(column, candidates)
            fits = reached >= wanted - 1e-9 if gap > 0 else reached <= wanted + 1e-9
            if not fits.any():
                continue
            best = np.argmin(np.where(fits, np.abs(reached - self.scaled[column]), np.inf))
            step = float(abs(reached[best] - self.scaled[column]))
            if step <= most and (found is None or step < found.step):
                found = Change(indicator.feature, float(self.values[column]), float(candidates[best]), step)
        return found


def close(own: np.ndarray, peers: np.ndarray, weights: np.ndarray, policy: ValuePolicy) -> Close:
    """`own`: the account's indicators; `peers`: those of the judged accounts it is compared with, itself left out; `weights` of the run."""
    others = [np.sort(column[~np.isnan(column)]) for column in peers.T]
    places = np.array([_place(others[it], own[it : it + 1])[0] if not np.isnan(own[it]) else np.nan for it in range(len(own))])
    scaled = np.array([_scaled(policy, column, places[column : column + 1])[0] for column in range(len(own))])
    share = weights_in_force(scaled[None, :], np.asarray(weights, dtype=float), policy)[0]
    return Close(policy, own, others, share, places * 100, scaled)


def _place(others, asked):
    below, through = np.searchsorted(others, asked, "left"), np.searchsorted(others, asked, "right")
    return (below + (through - below + 1) / 2) / (len(others) + 1)


def _scaled(policy, column, place):
    indicator = policy.indicators[column]
    good = place if indicator.better == "high" else 1 - place
    cut = policy.winsor_of(indicator)
    return np.clip((good - cut) / (1 - 2 * cut), 0, 1) * 100


def of_tier(it: Close, tier: str, borders: list) -> dict:
    """`rise` and `fall` of a tier by score: {to, points, change}; absent where there is nowhere to go.

    `borders`: lowest score of each level in the peer set, by level; nan (or None) where nobody reaches it.
    """
    level, out = TIERS.index(tier), {}
    lowest = [np.nan if border is None else border for border in borders]
    higher = [rank for rank in range(level + 1, len(TIERS)) if not np.isnan(lowest[rank])]
    if higher and (gap := max(lowest[higher[0]] - it.score, STEP)):
        out["rise"] = {"to": TIERS[higher[0]], "points": round(gap, 1), "change": it.nearest(gap, it.share, NO_RISE)}
    if level > 0 and not np.isnan(lowest[level]):
        over = it.score - lowest[level]
        lower = next((rank for rank in range(level - 1, -1, -1) if not np.isnan(lowest[rank])), 0)
        out["fall"] = {"to": TIERS[lower], "points": round(max(over, 0.0), 1), "change": it.nearest(-max(over, 0.0) - STEP, it.share)}
    return out


def of_quadrant(it: Close) -> list[dict]:
    """What each side would have to do to change the quadrant: {side, score, border, points, to, change}, the nearer first."""
    scores = {group: it.side(group) for group in GROUPS}
    found = []
    for group in GROUPS:
        border, score = it.policy.quadrant_cuts[group], scores[group]
        if np.isnan(score):
            continue
        gap = border - score if score < border else border - STEP - score
        moved = scores | {group: border if gap > 0 else border - STEP}
        to = tiers.quadrant(np.array([moved["current"]]), np.array([moved["potential"]]), it.policy)[0]
        change = it.nearest(gap, it.of_side(group))
        found.append(
            {"side": group, "score": score, "border": border, "points": round(abs(border - score), 1), "to": str(to), "change": change}
        )
    return sorted(found, key=lambda row: row["points"])

"""Tiers with hysteresis, the credit gate, the next tier and the quadrants. Tiers are levels 0 (standard) to 4 (diamond); -1 is unscored."""

from dataclasses import dataclass

import numpy as np

from .peers import Peers
from .policy import TIERS, UNSCORED, ValuePolicy

QUADRANTS = ("standard", "maintain", "potential_large", "key")  # current high: +1, potential high: +2
TOP = len(TIERS) - 1


@dataclass(frozen=True)
class Tiered:
    level: np.ndarray
    pressure: np.ndarray  # runs in a row that pointed elsewhere, + up, - down
    held: np.ndarray  # bool: the score points elsewhere, hysteresis keeps the tier
    gated: np.ndarray  # bool: credit keeps it from a higher one
    floored: np.ndarray  # bool: lifted, because the customer is an important one
    borders: np.ndarray  # accounts x 5: lowest score of each level in its peer set, nan: nobody reaches it


def names(level: np.ndarray) -> np.ndarray:
    return np.array([*TIERS, UNSCORED], dtype=object)[level]


def place(score, size, account_id, peers: Peers, judged, policy: ValuePolicy) -> tuple[np.ndarray, np.ndarray]:
    """Level of every account by score alone, and the borders of its peer set. Ties: the larger `size` (kWh) first, then account_id."""
    level = np.full(len(score), -1)
    borders = np.full((len(score), len(TIERS)), np.nan)
    for name, rows in peers.each():
        rows = rows[judged[rows]]
        if not len(rows):
            continue
        order = rows[np.lexsort((account_id[rows], -size[rows], -score[rows]))]
        lowest = _by_share(order, score, level, name, policy) if policy.tier_by == "share" else _by_cutoff(order, score, level, policy)
        borders[rows] = lowest
    return level, borders


def _by_share(order, score, level, name, policy):
    shares = policy.shares.get(name, policy.shares["default"])
    lowest, first, through = np.full(len(TIERS), np.nan), 0, 0.0
    for rank in range(TOP, 0, -1):
        through += shares[TIERS[rank]]
        past = max(first, int(np.floor(through * len(order) + 0.5)))
        level[order[first:past]] = rank
        if past > first:
            lowest[rank] = score[order[past - 1]]
        first = past
    level[order[first:]] = 0
    lowest[0] = 0.0
    return lowest


def _by_cutoff(order, score, level, policy):
    lowest = np.array([0.0, *[policy.cutoffs[tier] for tier in TIERS[1:]]])
    level[order] = np.searchsorted(lowest[1:], score[order], "right")
    return lowest


def settle(raw, borders, score, before, pressure_before, grade, important, policy: ValuePolicy) -> Tiered:
    """The tier an account gets: its own by score, unless hysteresis keeps the one before, credit bars it or importance lifts it.

    before: level in the standing before, -1 for none. A tier is left when the score is `margin` past the border crossed, or on the
    `runs`-th run in a row that points the same way. important: grade as an important customer; its floor holds against all of this.
    """
    compared = (before >= 0) & (raw >= 0)
    up, down = compared & (raw > before), compared & (raw < before)
    at = np.arange(len(raw))
    # Upward the border is the lowest score of the next tier that anybody holds; downward the lowest score of the tier being left.
    above = np.where(up, _next_border(borders, np.maximum(before, 0)), np.nan)
    below = borders[at, np.maximum(before, 0)]
    past = np.where(up, score - above, np.where(down, below - score, 0.0))
    streak = np.where(up, np.maximum(pressure_before, 0) + 1, np.where(down, np.minimum(pressure_before, 0) - 1, 0))
    # A tier nobody holds by score any more has no border: only runs decide.
    moves = (np.nan_to_num(past, nan=-1.0) >= policy.margin) | (np.abs(streak) >= policy.runs)
    held = (up | down) & ~moves
    level = np.where(held, before, raw)
    most = np.full(len(raw), TOP)
    for graded, tier in policy.gate.items():
        most[grade == graded] = TIERS.index(tier)
    gated = level > most
    level = np.where(gated, most, level)
    least = np.full(len(raw), -1)
    for graded, tier in policy.floor.items():
        least[important == graded] = TIERS.index(tier)
    floored = (level >= 0) & (level < least)  # who is not scored stays so
    return Tiered(np.where(floored, least, level), np.where(held, streak, 0), held & ~gated & ~floored, gated & ~floored, floored, borders)


def _next_border(borders, level):
    out = np.full(len(level), np.nan)
    for rank in range(TOP, 0, -1):
        out = np.where((rank > level) & ~np.isnan(borders[:, rank]), borders[:, rank], out)
    return out


def gap(tiered: Tiered, score) -> tuple[np.ndarray, np.ndarray]:
    """The next tier's level (-1: at the top, unscored or nobody above) and the points missing (at least 0.1)."""
    target = np.full(len(score), -1)
    for rank in range(TOP, 0, -1):
        target = np.where((rank > tiered.level) & (tiered.level >= 0) & ~np.isnan(tiered.borders[:, rank]), rank, target)
    missing = np.where(target >= 0, tiered.borders[np.arange(len(score)), np.maximum(target, 0)] - score, np.nan)
    return target, np.where(target >= 0, np.maximum(np.round(missing, 1), 0.1), np.nan)


def quadrant(current, potential, policy: ValuePolicy) -> np.ndarray:
    """key: both high; potential_large: only potential; maintain: only current; standard; unscored. Unknown potential is not high."""
    high = (current >= policy.quadrant_cuts["current"]).astype(int) + 2 * (potential >= policy.quadrant_cuts["potential"])
    return np.where(np.isnan(current), UNSCORED, np.array(QUADRANTS, dtype=object)[high])

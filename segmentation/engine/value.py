"""Customer value: current and potential, each a weighted mean of percentiles among peers, with what lifts and what pulls.

An indicator's share of the score is its weight x (percentile - 50): against the median peer. These shares add up to score - 50, so the
reasons are the score. Where an indicator is unknown its weight goes to the known ones of its group; without the needed one (kWh of 12
months) an account is unscored, which is its own answer and never the lowest tier.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from . import weights
from .peers import Peers, peer_sets, ranked, value_at
from .policy import GROUPS, ValuePolicy
from .strips import in_strips

REASONS = 3  # that lift, and as many that pull
REACH = 25.0  # places among a hundred peers that one change may be asked to climb; more is no advice
LEAST = 0.05  # points under this round to nothing


@dataclass(frozen=True)
class Valued:
    """Columns as arrays, one entry per account; nan: unscored or unknown."""

    peers: Peers
    judged: np.ndarray  # bool
    references: list[dict]  # by indicator: the sorted known values of every peer set
    values: np.ndarray  # accounts x indicators, as given
    places: np.ndarray  # percentile 0-100, high is high in the feature's own sense
    effect: np.ndarray  # accounts x indicators, points added to 50; nan where unknown
    share: np.ndarray  # accounts x indicators, the weight in force
    scaled: np.ndarray  # accounts x indicators, 0-100, high is good
    score: np.ndarray
    current: np.ndarray
    potential: np.ndarray
    weights: np.ndarray  # by indicator, where all are known


def assess(values: np.ndarray, categories: list, codes: np.ndarray, is_closed: np.ndarray, policy: ValuePolicy) -> Valued:
    """Score every account. `values`: accounts x `policy.indicators`, nan unknown; closed accounts are unscored and no one's peer."""
    needed = [it.feature for it in policy.indicators].index(policy.needed)
    judged = ~np.isnan(values[:, needed]) & ~is_closed
    peers = peer_sets(categories, codes, judged, policy.min_peers)
    scaled, places = np.full(values.shape, np.nan), np.full(values.shape, np.nan)

    peers.each()  # once for all threads
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # numpy lets go of the interpreter while it sorts
        found = list(pool.map(lambda column: ranked(np.ascontiguousarray(values[:, column]), peers, judged), range(len(policy.indicators))))
    for column, indicator in enumerate(policy.indicators):
        place = found[column][1]
        places[:, column] = place * 100
        good = place if indicator.better == "high" else 1 - place
        cut = policy.winsor_of(indicator)
        scaled[:, column] = np.clip((good - cut) / (1 - 2 * cut), 0, 1) * 100
    scaled[~judged] = np.nan
    base = base_weights(scaled[(~np.isnan(scaled)).any(axis=1)], policy)
    share, effect = np.empty_like(scaled), np.empty_like(scaled)
    total, current, potential = (np.empty(len(scaled)) for _ in range(3))

    def weigh(rows):
        share[rows] = weights_in_force(scaled[rows], base, policy)
        effect[rows] = share[rows] * (scaled[rows] - 50)
        total[rows] = np.round(np.where(judged[rows], 50 + np.nansum(effect[rows], axis=1), np.nan), 1)
        for group, score in zip(GROUPS, (current, potential), strict=True):
            score[rows] = np.round(_group_score(scaled[rows], share[rows], policy.of_group(group)), 1)

    in_strips(len(scaled), weigh)
    held = [it for it, _ in found]
    return Valued(peers, judged, held, values, places, effect, share, scaled, total, current, potential, base)


def base_weights(scaled: np.ndarray, policy: ValuePolicy) -> np.ndarray:
    """Weight of every indicator when all are known: they add up to 1 over both groups."""
    out = np.zeros(len(policy.indicators))
    group_share = {"current": policy.current_share, "potential": 1 - policy.current_share}
    for group in GROUPS:
        members = policy.of_group(group)
        if policy.method == "ahp":
            within = weights.ahp(policy.pairwise[group])[0]
        elif policy.method == "hand":
            within = weights.by_hand(policy.weights[group], len(members))
        elif policy.method == "entropy":
            within = weights.entropy(scaled[:, members])
        else:
            within = weights.combined(weights.ahp(policy.pairwise[group])[0], weights.entropy(scaled[:, members]))
        out[members] = within * group_share[group]
    return out


def weights_in_force(scaled, weights_of_all, policy):
    """Weights renormalised over what is known: first within a group, then over the groups that know anything."""
    known = ~np.isnan(scaled)
    base = weights_of_all * known
    whole = np.zeros(len(scaled))
    for group in GROUPS:
        members = policy.of_group(group)
        group_share = policy.current_share if group == "current" else 1 - policy.current_share
        have = base[:, members].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            base[:, members] *= np.where(have > 0, group_share / have, 0.0)[:, None]
        whole += np.where(have > 0, group_share, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, base / whole[:, None], np.nan)


def _group_score(scaled, share, members):
    have = np.nansum(share[:, members], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(have > 0, np.nansum(share[:, members] * scaled[:, members], axis=1) / have, np.nan)


def strongest(effect: np.ndarray, sign: int) -> np.ndarray:
    """Positions of the up to three indicators that lift (sign 1) or pull (-1) most, strongest first; -1: none. Accounts x 3."""
    pushed = np.where(np.isnan(effect), -np.inf, effect * sign)
    row, chosen = np.arange(len(effect)), []
    for _ in range(min(REASONS, effect.shape[1])):
        best = np.argmax(pushed, axis=1)
        chosen.append(np.where(pushed[row, best] >= LEAST, best, -1))
        pushed[row, best] = -np.inf
    chosen += [np.full(len(effect), -1)] * (REASONS - len(chosen))
    return np.column_stack(chosen)


def one_change(valued: Valued, gap: np.ndarray, policy: ValuePolicy) -> tuple[np.ndarray, np.ndarray]:
    """The one indicator that would close the gap (points, nan: none asked) with the smallest step among peers, and the value it needs.

    Position -1: no indicator alone can do it.
    """
    needed, which = np.empty_like(valued.scaled), np.empty(len(gap), np.int64)

    def choose(rows):
        with np.errstate(divide="ignore", invalid="ignore"):
            needed[rows] = valued.scaled[rows] + gap[rows, None] / valued.share[rows]
        step = np.where((needed[rows] <= 100) & np.isfinite(needed[rows]), needed[rows] - valued.scaled[rows], np.inf)
        step[step > REACH] = np.inf
        best = np.argmin(step, axis=1)
        which[rows] = np.where(np.isfinite(step[np.arange(len(step)), best]) & ~np.isnan(gap[rows]), best, -1)

    in_strips(len(gap), choose)
    target = np.full(len(gap), np.nan)
    for column, indicator in enumerate(policy.indicators):
        for name, rows in valued.peers.each():
            asked = rows[which[rows] == column]
            if not len(asked):
                continue
            cut = policy.winsor_of(indicator)
            place = cut + needed[asked, column] / 100 * (1 - 2 * cut)
            target[asked] = value_at(place if indicator.better == "high" else 1 - place, valued.references[column][name])
    return which, target

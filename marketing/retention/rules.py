"""The arithmetic of retention: which playbook fits, who is held out, what became of an account, and what that shows. No Django.

The difference of retained shares is weighed over strata by Mantel and Haenszel, its interval is Newcombe's hybrid of Wilson intervals, for
several strata as Yan and Su (2010) have it; with one stratum it is Newcombe's method 10 (1998) exactly. Both arms count as they were drawn,
whatever was done afterwards (intention to treat).
"""

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

ENOUGH_IN_EACH_ARM = 30
ENOUGH_LEAVERS = 5
CONFIDENCE = 0.95
RESAMPLES, LARGE = 1000, 2000
ENOUGH_TO_RESAMPLE = 10  # of each arm in a stratum: one account drawn over and over again would seem to be certain
DECLINED_BELOW, REDUCED_BELOW, SELF_SUPPLY_BELOW = 0.5, 0.9, 0.8
BANDS_HELD, HORIZON_DAYS, SHARE = ("high", "elevated"), 90, 0.15


# Playbooks


def fit(case: tuple[str, str, str], book: tuple[str, str, str]) -> int | None:
    """How specifically a playbook for `(outcome, band, tier)` fits a case: larger is better, None not at all; an empty part is any.

    The likely outcome says most about what to do, then the band, then the tier.
    """
    points = 0
    for weight, wanted, given in zip((4, 2, 1), book, case, strict=True):
        if wanted and wanted != given:
            return None
        points += weight if wanted else 0
    return points


# The lot


def stratum_of(band: str, tier: str, category: str) -> str:
    return f"{band}|{tier or 'unscored'}|{category}"


def held_out(accounts: Iterable[tuple[int, str]], *, share: float, seed: int, batch: str) -> set[int]:
    """Which of `(account, stratum)` are held out: in each stratum `share` of them, drawn at random; what is left of a whole one by lot.

    The same seed, batch and accounts give the same answer in any order.
    """
    strata: dict[str, list[int]] = {}
    for account, stratum in accounts:
        strata.setdefault(stratum, []).append(account)
    held: set[int] = set()
    for stratum, members in sorted(strata.items()):
        lot = random.Random(f"{seed}:{batch}:{stratum}")
        wanted = share * len(members)
        number = int(wanted) + (lot.random() < wanted - int(wanted))
        held.update(lot.sample(sorted(members), number))
    return held


# What became of an account


@dataclass(frozen=True)
class Facts:
    """Of one day. `kwh_12m` None: not known. `own_power`: PV, storage, captive plant and gas in one number that grows when any of them does."""

    closed: bool = False
    market_status: str = "regulated"
    contract_kva: float | None = None
    suspended: bool = False
    own_power: float = 0.0
    kwh_12m: float | None = None
    usage_state: str = ""


def outcome_of(before: Facts, after: Facts) -> str:
    """The typed outcome between two days, "" when the account was kept. The gravest first: an account that closed did not decline."""
    if after.closed:
        return "closed"
    if before.market_status in ("regulated", "agency") and after.market_status in ("retailer", "wholesale"):
        return "switched"
    use = after.kwh_12m / before.kwh_12m if before.kwh_12m and after.kwh_12m is not None else None
    if after.own_power > before.own_power and use is not None and use < SELF_SUPPLY_BELOW:
        return "self_supply"
    if use is not None and use < DECLINED_BELOW:
        return "declined"
    if after.usage_state in ("stopped", "collapsed") and before.usage_state not in ("stopped", "collapsed"):
        return "declined"
    if after.suspended and not before.suspended:
        return "reduced"
    if before.contract_kva and after.contract_kva is not None and after.contract_kva < REDUCED_BELOW * before.contract_kva:
        return "reduced"
    return ""


# What it shows


@dataclass(frozen=True)
class Lot:
    """One settled account: its stratum, arm, whether it was lost, and the yuan a year that went with it."""

    stratum: str
    treated: bool
    lost: bool
    yuan_lost: float = 0.0


@dataclass(frozen=True)
class Difference:
    """Retained share of treated minus held out, its interval, and the shares weighed as the difference is."""

    value: float
    low: float
    high: float
    treated: float
    holdout: float

    @property
    def is_shown(self) -> bool:
        """Whether nothing at all lies outside the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Money:
    """Yuan a year kept by treating those who were treated, with its interval by bootstrap within strata and arms."""

    kept: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """What may be said. `missing`: codes of what is lacking (`holdout`, `treated`, `leavers`, `strata`) with the number that is there."""

    n_treated: int
    n_holdout: int
    lost_treated: int
    lost_holdout: int
    missing: dict[str, int]
    difference: Difference | None = None
    money: Money | None = None


def wilson(successes: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    p, z2 = successes / n, z * z
    middle, half = p + z2 / (2 * n), z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def difference_of(strata: list[tuple[int, int, int, int]], *, confidence: float = CONFIDENCE) -> Difference:
    """`(kept treated, treated, kept held out, held out)` of each stratum; both arms must be there in every one."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    weights = [n1 * n0 / (n1 + n0) for _x1, n1, _x0, n0 in strata]
    weights = [weight / sum(weights) for weight in weights]
    one, other = [(x1, n1) for x1, n1, _x0, _n0 in strata], [(x0, n0) for _x1, _n1, x0, n0 in strata]
    p1, p0 = _share(one, weights), _share(other, weights)
    (low1, high1), (low0, high0) = _stratified_wilson(one, weights, z), _stratified_wilson(other, weights, z)
    spread1, spread0 = (sum(w * w / n for w, (_x, n) in zip(weights, arm, strict=True)) for arm in (one, other))
    low = p1 - p0 - z * sqrt(spread1 * low1 * (1 - low1) + spread0 * high0 * (1 - high0))
    high = p1 - p0 + z * sqrt(spread1 * high1 * (1 - high1) + spread0 * low0 * (1 - low0))
    return Difference(p1 - p0, max(-1.0, low), min(1.0, high), p1, p0)


def _share(arm, weights):
    return sum(weight * x / n for weight, (x, n) in zip(weights, arm, strict=True))


def _stratified_wilson(arm, weights, z):
    """The stratified Wilson interval of one arm: each stratum's at a z that makes the whole hold."""
    spreads = [sqrt(weight * weight * (x / n) * (1 - x / n) / n) for weight, (x, n) in zip(weights, arm, strict=True)]
    if not sum(spreads):  # every share is 0 or 1: as if each stratum had the same spread for its size
        spreads = [weight / sqrt(n) for weight, (_x, n) in zip(weights, arm, strict=True)]
    part = z * sqrt(sum(spread * spread for spread in spreads)) / sum(spreads)
    bounds = [wilson(x, n, part) for x, n in arm]
    return (
        sum(weight * low for weight, (low, _high) in zip(weights, bounds, strict=True)),
        sum(weight * high for weight, (_low, high) in zip(weights, bounds, strict=True)),
    )


def verdict(lots: list[Lot], *, confidence: float = CONFIDENCE, seed: int = 0) -> Verdict:
    """All that may be said of settled lots. Strata in which one arm is missing are pooled; never a claim with too few."""
    treated, holdout = [lot for lot in lots if lot.treated], [lot for lot in lots if not lot.treated]
    lost = sum(lot.lost for lot in treated), sum(lot.lost for lot in holdout)
    missing = {}
    if len(holdout) < ENOUGH_IN_EACH_ARM:
        missing["holdout"] = len(holdout)
    if len(treated) < ENOUGH_IN_EACH_ARM:
        missing["treated"] = len(treated)
    if sum(lost) < ENOUGH_LEAVERS:
        missing["leavers"] = sum(lost)
    if missing:
        return Verdict(len(treated), len(holdout), *lost, missing)
    counts = [_counts(members) for members in _pooled(lots).values()]
    return Verdict(
        len(treated),
        len(holdout),
        *lost,
        {},
        difference_of(counts, confidence=confidence),
        _money(list(_pooled(lots, least=ENOUGH_TO_RESAMPLE).values()), confidence=confidence, seed=seed),
    )


def _pooled(lots, least=1):
    """{stratum: lots}; what has fewer than `least` of an arm joins the strata of its band, then one of the rest."""
    strata: dict[str, list[Lot]] = {}
    for lot in lots:
        strata.setdefault(lot.stratum, []).append(lot)
    for coarser in (lambda name: name.split("|")[0], lambda name: "rest"):
        found: dict[str, list[Lot]] = {}
        for name, members in strata.items():
            both = _smaller_arm(members) >= least
            found.setdefault(name if both else coarser(name), []).extend(members)
        strata = found
    alone = {name: members for name, members in strata.items() if _smaller_arm(members) < least}
    for name, members in alone.items():  # at most the rest: into the largest stratum
        del strata[name]
        max(strata.values(), key=len).extend(members)
    return strata


def _smaller_arm(members):
    treated = sum(lot.treated for lot in members)
    return min(treated, len(members) - treated)


def _counts(members):
    one, other = [lot for lot in members if lot.treated], [lot for lot in members if not lot.treated]
    return sum(not lot.lost for lot in one), len(one), sum(not lot.lost for lot in other), len(other)


def _money(strata, *, confidence, seed):
    """What each treated account lost less than the held-out ones of its stratum, times the treated."""
    draw, resampled, kept = np.random.default_rng(seed), np.zeros(RESAMPLES), 0.0
    for members in strata:
        one = np.array([lot.yuan_lost for lot in members if lot.treated])
        other = np.array([lot.yuan_lost for lot in members if not lot.treated])
        kept += len(one) * (other.mean() - one.mean())
        means = [_resampled_means(arm, draw) for arm in (one, other)]
        resampled += len(one) * (means[1] - means[0])
    low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Money(float(kept), float(low), float(high))


def _resampled_means(arm, draw):
    """Means of `RESAMPLES` bootstrap samples; of thousands of accounts by their normal limit, which is then the same."""
    if len(arm) > LARGE:
        return draw.normal(arm.mean(), arm.std() / sqrt(len(arm)), RESAMPLES)
    return arm[draw.integers(0, len(arm), (RESAMPLES, len(arm)))].mean(axis=1)


def first_claim_on(due: list[tuple[dt.date, bool]]) -> dt.date | None:
    """From `(horizon ends on, is treated)` of lots: the day on which both arms will have enough, None if they never will as drawn."""
    seen = {True: 0, False: 0}
    for day, treated in sorted(due):
        seen[treated] += 1
        if min(seen.values()) >= ENOUGH_IN_EACH_ARM:
            return day
    return None

"""How many groups: every k is tried on the same sample, and what each is worth is told, not only the winner.

A k is worth its silhouette plus 1 / (1 + Davies-Bouldin): both lie between 0 and 1 and rise with better groups, so neither decides alone. A k
with a group below the floor is not chosen: nobody plans a campaign for three accounts. The k in force is kept unless another is better by `STAY`.
"""

from dataclasses import dataclass

import numpy as np

K_FROM, K_TO = 3, 8
SAMPLE = 20_000  # accounts the centres are sought on
JUDGED = 2_500  # accounts of those the silhouette is taken over: it compares each with each
RESTARTS = 5
SEED = 20_250_101
STAY = 0.02
DIGITS = 6


class CannotGroup(Exception):
    """`code` is too_few (accounts, needed), too_alike, or no_k (floor): the page puts it in words with `numbers`."""

    def __init__(self, code: str, **numbers):
        super().__init__(f"{code} {numbers}")
        self.code, self.numbers = code, numbers


@dataclass(frozen=True)
class Settings:
    """k: how many groups, None to choose · floor: smallest group as a share of the accounts, and at least `floor_accounts`."""

    k: int | None = None
    floor: float = 0.01
    floor_accounts: int = 10

    def least(self, accounts: int) -> int:
        return max(int(np.ceil(self.floor * accounts)), self.floor_accounts)


@dataclass(frozen=True)
class Candidate:
    """What one k came to. Sizes are of all accounts, largest first; worth is what the choice goes by."""

    k: int
    silhouette: float
    davies_bouldin: float
    sizes: tuple[int, ...]
    allowed: bool

    @property
    def worth(self):
        return self.silhouette + 1 / (1 + self.davies_bouldin)


def sample_of(account_id, most=SAMPLE) -> np.ndarray:
    """Places of at most `most` accounts, by a hash of the account: the same ones in every run, whoever else comes or goes."""
    if len(account_id) <= most:
        return np.arange(len(account_id))
    return np.sort(np.argpartition(_hash(account_id), most)[:most])


def _hash(account_id):
    """splitmix64: neighbouring numbers land far apart."""
    with np.errstate(over="ignore"):
        z = np.asarray(account_id).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def centres_of(values, k) -> np.ndarray:
    """k centres, rounded, in an order that does not depend on chance: most-used first column down."""
    from sklearn.cluster import KMeans

    fitted = KMeans(k, n_init=RESTARTS, random_state=SEED).fit(values).cluster_centers_
    rounded = np.round(fitted, DIGITS) + 0.0
    return rounded[np.lexsort(rounded.T[::-1])]


def assign(values, centres) -> np.ndarray:
    """The nearest centre of each row, the first of those equally near. A block at a time, so a million rows need no matrix of their own."""
    nearest = np.empty(len(values), np.int64)
    half = (centres * centres).sum(axis=1) / 2
    for start in range(0, len(values), 65_536):
        part = values[start : start + 65_536]
        nearest[start : start + 65_536] = np.round(half - part @ centres.T, 12).argmin(axis=1)
    return nearest


def quality(values, labels) -> tuple[float, float]:
    """(silhouette, Davies-Bouldin); the silhouette over a seeded part where there are many."""
    from sklearn.metrics import davies_bouldin_score, silhouette_score

    part = np.arange(len(values)) if len(values) <= JUDGED else np.random.default_rng(SEED).choice(len(values), JUDGED, replace=False)
    if len(np.unique(labels[part])) < 2:
        return 0.0, float("inf")
    return float(silhouette_score(values[part], labels[part])), float(davies_bouldin_score(values, labels))


def candidates(shapes, sample, settings: Settings):
    """(`Candidate`, centres, labels of all accounts) of every k that is tried. Raises `CannotGroup`."""
    least = settings.least(len(shapes))
    if len(shapes) < K_FROM * least:
        raise CannotGroup("too_few", accounts=len(shapes), needed=K_FROM * least)
    values = shapes.values[sample]
    distinct = len(np.unique(np.round(values, 4), axis=0))
    if distinct < K_FROM:
        raise CannotGroup("too_alike", accounts=len(shapes))
    tried = []
    for k in range(K_FROM, min(K_TO, distinct) + 1):
        centres = centres_of(values, k)
        labels = assign(shapes.values, centres)
        sizes = np.bincount(labels, minlength=k)
        silhouette, spread = quality(values, labels[sample])
        told = Candidate(k, round(silhouette, 4), round(spread, 4), tuple(sorted(sizes.tolist(), reverse=True)), bool(sizes.min() >= least))
        tried.append((told, centres, labels))
    return tried


def choose(tried, settings: Settings, k_before: int | None):
    """The one of `candidates` to take. Raises `CannotGroup` where no k leaves every group above the floor."""
    if settings.k:
        wanted = [one for one in tried if one[0].k == settings.k]
        if wanted:
            return wanted[0]
        raise CannotGroup("too_alike", accounts=0)
    allowed = [one for one in tried if one[0].allowed]
    if not allowed:
        raise CannotGroup("no_k", floor=settings.floor)
    best = max(allowed, key=lambda one: (round(one[0].worth, 4), -one[0].k))
    for one in allowed:
        if one[0].k == k_before and one[0].worth >= best[0].worth - STAY:
            return one
    return best

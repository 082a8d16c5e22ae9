"""Among peers: where an account stands in its peer set, by exact mid-rank percentiles. Pure numpy; null is nan throughout."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

ALL = "all"


@dataclass(frozen=True)
class Peers:
    """Who is compared with whom: names of the sets, and for every row the set it belongs to."""

    names: list[str]
    codes: np.ndarray

    def each(self):
        """(name, row positions) of every set, positions ascending."""
        return self._each

    @cached_property
    def _each(self):
        order = np.argsort(self.codes, kind="stable")
        bounds = np.searchsorted(self.codes[order], np.arange(len(self.names) + 1))
        found = []
        for index, name in enumerate(self.names):
            rows = order[bounds[index] : bounds[index + 1]]
            if len(rows):
                found.append((name, rows))
        return found


def peer_sets(categories: list, codes: np.ndarray, judged: np.ndarray, least: int) -> Peers:
    """Peer set of every row: its category, or "all" where fewer than `least` judged rows share it (code -1: no category, also "all")."""
    many = np.bincount(codes[judged & (codes >= 0)], minlength=len(categories))
    small = np.append(many < least, True)  # the last one answers for code -1
    everybody = len(categories)
    return Peers([*categories, ALL], np.where(small[codes], everybody, codes))


def ranked(values: np.ndarray, peers: Peers, judged: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The known values of every peer set, sorted, and the mid-rank percentile 0-1 of each value within its own set; nan where the value is nan.

    Rows of the "all" set stand against every judged row, whatever its own set. Equal values get equal percentiles: (values below + half of
    the equals) / values. Who is not judged stands among those who are.
    """
    known = ~np.isnan(values)
    references, out = {}, np.full(len(values), np.nan)
    for name, rows in peers.each():
        if name == ALL:
            continue
        own = rows[judged[rows] & known[rows]]
        order = np.argsort(values[own])
        references[name] = inorder = values[own[order]]
        if not len(inorder):
            continue
        out[own[order]] = _middles(inorder)
        asked = rows[known[rows] & ~judged[rows]]
        out[asked] = _rank(values[asked], inorder)
    references[ALL] = everybody = np.sort(values[judged & known])
    asked = dict(peers.each()).get(ALL, np.empty(0, np.int64))
    if len(everybody):
        asked = asked[known[asked]]
        out[asked] = _rank(values[asked], everybody)
    return references, out


def _middles(inorder):
    """Of values that are sorted, each one's own mid-rank: that of the run of equals it is in."""
    first = np.flatnonzero(np.append(True, inorder[1:] != inorder[:-1]))
    many = np.diff(np.append(first, len(inorder)))
    return np.repeat((first + many / 2) / len(inorder), many)


def _rank(asked, reference):
    return (np.searchsorted(reference, asked, "left") + np.searchsorted(reference, asked, "right")) / 2 / len(reference)


def value_at(percentile: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The value that stands at a percentile of a sorted reference (the lowest that reaches it)."""
    index = np.ceil(percentile * len(reference) - 0.5).astype(int)
    return reference[np.clip(index, 0, len(reference) - 1)]

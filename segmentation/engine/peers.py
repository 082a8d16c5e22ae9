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


def references(values: np.ndarray, peers: Peers, judged: np.ndarray) -> dict[str, np.ndarray]:
    """The known values of every peer set, sorted. Rows of the "all" set stand against every judged row, whatever its own set."""
    known = judged & ~np.isnan(values)
    out = {name: np.sort(values[rows[known[rows]]]) for name, rows in peers.each() if name != ALL}
    return out | {ALL: np.sort(values[known])}


def percentiles(values: np.ndarray, peers: Peers, references: dict[str, np.ndarray]) -> np.ndarray:
    """Mid-rank percentile 0-1 of each value within its peer set; nan where the value is nan.

    Equal values get equal percentiles: (values below + half of the equals) / values.
    """
    out = np.full(len(values), np.nan)
    for name, rows in peers.each():
        reference, asked = references[name], rows[~np.isnan(values[rows])]
        if len(reference):
            out[asked] = _rank(values[asked], reference)
    return out


def _rank(asked, reference):
    order = np.argsort(asked, kind="stable")
    inorder = asked[order]
    place = np.empty(len(asked))
    place[order] = (np.searchsorted(reference, inorder, "left") + np.searchsorted(reference, inorder, "right")) / 2 / len(reference)
    return place


def value_at(percentile: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The value that stands at a percentile of a sorted reference (the lowest that reaches it)."""
    index = np.ceil(percentile * len(reference) - 0.5).astype(int)
    return reference[np.clip(index, 0, len(reference) - 1)]

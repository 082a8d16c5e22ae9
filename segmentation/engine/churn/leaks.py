"""Does a feature know the future? Two questions, asked of every training.

A column that alone tells leavers from others nearly without fault (`too_good`) was most likely written after they left. A column of a past
snapshot that reads otherwise once later facts are at hand (`rewritten`) rests on them for certain.
"""

from dataclasses import dataclass

import numpy as np

from . import measures
from .encoding import columns_of, is_words, numbers, words

IMPLAUSIBLE = 0.985  # area under the curve of one column alone
LEAVERS = 20  # fewer may be told apart by chance


@dataclass(frozen=True)
class Leak:
    column: str
    why: str  # too_good, rewritten
    figure: float  # its area under the curve; the share of rows that differ


def too_good(X, left, limit=IMPLAUSIBLE, leavers=LEAVERS) -> list[Leak]:
    left = np.asarray(left, bool)
    if left.sum() < leavers or (~left).sum() < leavers:
        return []
    found = []
    for name, column in columns_of(X).items():
        score = _rates(column, left) if is_words(column) else numbers(column)
        gaps = np.isnan(score)
        if gaps.all():
            continue
        told = measures.auc(left, np.where(gaps, np.nanmin(score) - 1, score))
        gone = measures.auc(left, gaps.astype(float)) if gaps.any() else 0.5
        best = max(told, 1 - told, gone, 1 - gone)
        if best >= limit:
            found.append(Leak(name, "too_good", round(best, 4)))
    return found


def _rates(column, left):
    """Words as the share that left at each, which is the best one column can say."""
    codes = np.unique(np.array([str(it) for it in words(column).to_pylist()]), return_inverse=True)[1]
    return (np.bincount(codes, left) / np.bincount(codes))[codes]


def rewritten(then, later, key="account_id", tolerance=1e-6) -> list[Leak]:
    """`then`: a snapshot from the facts known on its day; `later`: the same day's snapshot from all facts there are now."""
    then, later = columns_of(then), columns_of(later)
    a, b = np.asarray(then[key]), np.asarray(later[key])
    _, left, right = np.intersect1d(a, b, return_indices=True)
    found = []
    for name in sorted(set(then) & set(later) - {key}):
        x, y = (_plain(column)[rows] for column, rows in ((then[name], left), (later[name], right)))
        differs = _differ(x, y, tolerance)
        if differs.any():
            found.append(Leak(name, "rewritten", round(float(differs.mean()), 4)))
    return found


def _plain(column):
    return np.array([str(it) for it in words(column).to_pylist()]) if is_words(column) else numbers(column)


def _differ(x, y, tolerance):
    if x.dtype.kind != "f" or y.dtype.kind != "f":
        return x.astype(str) != y.astype(str)
    both = ~np.isnan(x) & ~np.isnan(y)
    apart = np.isnan(x) != np.isnan(y)
    apart[both] |= np.abs(x - y)[both] > tolerance * np.maximum(1, np.abs(x[both]))
    return apart

"""Who is learned from and who is tested on. An account is on one side only, and the test lies later by a gap of a whole horizon."""

from dataclasses import dataclass

import numpy as np

from .refusals import PastTheData

TESTED = 0.4  # share of accounts kept for the test


@dataclass(frozen=True)
class Split:
    """Row numbers. `fit` and `test` share neither an account nor an outcome's window."""

    fit: np.ndarray
    test: np.ndarray
    first_test_day: object = None


def folds_of(groups, folds, seed) -> np.ndarray:
    """The fold of each row: all rows of a group in one, whatever else is in the table (so a later training splits alike)."""
    names, where = np.unique(np.asarray(groups), return_inverse=True)
    return (
        np.random.default_rng(seed).integers(0, folds, len(names))[where]
        if names.dtype.kind not in "iu"
        else _mixed(names, seed, folds)[where]
    )


def _mixed(keys, seed, folds):
    """A fold from the key alone (splitmix64)."""
    with np.errstate(over="ignore"):
        z = keys.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15) * np.uint64(seed + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) % np.uint64(folds)).astype(np.int64)


def by_time(periods, groups, horizon_days, seed, tested=TESTED) -> Split:
    """`periods`: the day of each snapshot (datetime64). The newest third of the days is the test; what is learned from ended its window before
    the first of them."""
    days = np.unique(periods)
    if len(days) < 2:
        raise PastTheData("One snapshot day alone leaves nothing later to test on.", days=len(days))
    gap = np.timedelta64(int(horizon_days), "D")
    for first in days[-max(1, len(days) // 3) :]:
        early, late = periods + gap <= first, periods >= first
        if early.any():
            side = folds_of(groups, 10, seed) < round(10 * tested)
            return Split(np.flatnonzero(early & ~side), np.flatnonzero(late & side), first)
    raise PastTheData(
        f"The snapshots span less than two horizons of {horizon_days} days: none ends its window before the newest begins.", days=len(days)
    )


def into_folds(left, groups, folds, seed):
    """(fit, test) row numbers of each fold: by group where groups are known, else with as many leavers in each."""
    if groups is not None:
        fold = folds_of(groups, folds, seed)
    else:
        fold = np.empty(len(left), np.int64)
        random = np.random.default_rng(seed)
        for side in (True, False):
            rows = random.permutation(np.flatnonzero(left == side))
            fold[rows] = np.arange(len(rows)) % folds
    return [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(folds)]

"""Names that stay: each new centre takes the number of the old one it is nearest to, all pairs together (Hungarian method)."""

from dataclasses import dataclass

import numpy as np

FAR = 0.2  # root mean square over the columns both have; farther is another group


@dataclass(frozen=True)
class Centroid:
    """A group as it was: its number, which never changes, and its centre by column."""

    number: int
    columns: tuple[str, ...]
    values: tuple[float, ...]


def numbers_for(columns, centres, before: list[Centroid], sizes) -> list[int]:
    """A number for each new centre. One that is near no old one gets a fresh number, the largest group first."""
    taken: dict[int, int] = {}
    if before:
        from scipy.optimize import linear_sum_assignment

        apart = np.array([[_apart(columns, centre, old) for old in before] for centre in centres])
        # Pairs that are too far apart cost the same whichever they are, so they never push near pairs away from each other.
        for new, old in zip(*linear_sum_assignment(np.where(apart <= FAR, apart, 10.0)), strict=True):
            if apart[new, old] <= FAR:
                taken[int(new)] = before[old].number
    fresh = max((old.number for old in before), default=0)
    for new in sorted(set(range(len(centres))) - set(taken), key=lambda place: (-sizes[place], place)):
        fresh += 1
        taken[new] = fresh
    return [taken[place] for place in range(len(centres))]


def _apart(columns, centre, old):
    shared = [name for name in columns if name in old.columns]
    if not shared:
        return float("inf")
    new_values = np.array([centre[columns.index(name)] for name in shared])
    old_values = np.array([old.values[old.columns.index(name)] for name in shared])
    return float(np.sqrt(np.mean((new_values - old_values) ** 2)))


def stability(account_id, numbers, before) -> float | None:
    """Adjusted Rand index of the accounts in both, 1: nobody parted from anybody. None where there is nothing to compare with."""
    from sklearn.metrics import adjusted_rand_score

    ids_before, numbers_before = before
    _shared, here, there = np.intersect1d(account_id, ids_before, assume_unique=True, return_indices=True)
    if len(here) < 2:
        return None
    return round(float(adjusted_rand_score(np.asarray(numbers_before)[there], np.asarray(numbers)[here])), 4)

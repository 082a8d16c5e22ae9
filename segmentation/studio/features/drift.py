"""How far a distribution moved: the population stability index. Pure."""

import numpy as np

BINS = 10
LEAST = 50  # known or unknown accounts on either side; fewer say nothing
TINY = 1e-4
SHIFTED, CHANGED = 0.1, 0.25


def psi(before, now) -> float | None:
    """Over the tenths of `before`, and what is unknown as one more bin; 0 is the same, from 0.25 it is another population. None: too few."""
    if before is None or len(before) < LEAST or len(now) < LEAST:
        return None
    known = before[~np.isnan(before)]
    inner = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.empty(0)
    old, new = (_shares(values, inner) for values in (before, now))
    return round(float(((new - old) * np.log(new / old)).sum()), 4)


def _shares(values, inner):
    place = np.where(np.isnan(values), len(inner) + 1, np.searchsorted(inner, np.nan_to_num(values), side="left"))
    return np.maximum(np.bincount(place, minlength=len(inner) + 2) / len(values), TINY)


def band(value: float | None) -> str:
    """steady, shifted, changed, or empty where nothing can be said."""
    if value is None:
        return ""
    return "changed" if value >= CHANGED else "shifted" if value >= SHIFTED else "steady"

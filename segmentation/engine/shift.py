"""How far a column has shifted between two runs. Pure numpy; null is nan.

Population stability index: over the tenths of the column before, sum of (share after - share before) x ln(share after / share before); the
unknown are a class of their own. Customary reading: under 0.1 steady, under 0.25 shifted, above strongly shifted.
"""

import numpy as np

STEADY, SHIFTED = 0.1, 0.25
LEAST = 1e-4  # a class that is empty on one side counts as one in ten thousand


def shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of the values in each class between the inner `edges`, and of the unknown last."""
    known = values[~np.isnan(values)]
    counted = np.bincount(np.searchsorted(edges, known, "right"), minlength=len(edges) + 1)
    return np.append(counted, len(values) - len(known)) / max(len(values), 1)


def psi(before: np.ndarray, after: np.ndarray, classes: int = 10) -> float | None:
    """None where either side is empty. 0: alike. Equal values are never parted, so a column of few values has fewer classes."""
    if not len(before) or not len(after):
        return None
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.arange(1, classes) / classes)) if len(known) else np.array([])
    old, new = (np.maximum(shares(it, edges), LEAST) for it in (before, after))
    return float(((new - old) * np.log(new / old)).sum())


def histogram(values: np.ndarray, width: int = 5) -> list[int]:
    """Scores from 0 to 100 by classes of `width`; 100 belongs to the last."""
    known = values[~np.isnan(values)]
    return np.bincount(np.minimum(known // width, 100 // width - 1).astype(int), minlength=100 // width).tolist()

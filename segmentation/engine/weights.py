"""Weights of indicators: by pairwise judgement (AHP), by what the data tell apart (entropy), by both, or by hand. Pure numpy.

AHP after Saaty: the principal eigenvector of the pairwise matrix; its consistency ratio must stay under 0.1. Entropy: an indicator on
which all accounts look alike says nothing and gets no weight. Combined: the product of the two, normalised.
"""

import numpy as np

# Mean consistency index of random reciprocal matrices, by size (Saaty 1980).
RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
LIMIT = 0.1
METHODS = ("ahp", "entropy", "combined", "hand")


class Inconsistent(ValueError):
    """The pairwise judgements contradict each other too much, or are no pairwise judgements at all."""


def ahp(matrix) -> tuple[np.ndarray, float]:
    """Weights (they add up to 1) and the consistency ratio of a pairwise matrix: row over column, 1 on the diagonal.

    Raises `Inconsistent` for a matrix that is not square, positive and reciprocal (within 2 %), or whose ratio is 0.1 or more.
    """
    judged = np.asarray(matrix, dtype=float)
    size = len(judged)
    if judged.ndim != 2 or judged.shape != (size, size) or not 1 <= size < len(RANDOM_INDEX):
        raise Inconsistent(f"A pairwise matrix must be square, of 1 to {len(RANDOM_INDEX) - 1} indicators; this one is {judged.shape}.")
    if not (np.isfinite(judged).all() and (judged > 0).all()):
        raise Inconsistent("Every pairwise judgement must be a number above 0.")
    off = np.abs(judged * judged.T - 1) > 0.02
    if off.any():
        row, column = np.argwhere(off)[0] + 1
        raise Inconsistent(f"Row {row}, column {column} says {judged[row - 1, column - 1]:g}; its mirror must be one over that.")
    values, vectors = np.linalg.eig(judged)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    ratio = 0.0
    if size > 2:
        ratio = max(0.0, float((values[first].real - size) / (size - 1) / RANDOM_INDEX[size]))
    if ratio >= LIMIT:
        raise Inconsistent(f"The pairwise judgements contradict each other: consistency ratio {ratio:.2f}, it must be under {LIMIT}.")
    return weights / weights.sum(), ratio


def entropy(scaled: np.ndarray) -> np.ndarray:
    """Weights from an accounts x indicators array of scores at or above 0; nan is unknown. Equal weights when nothing tells apart."""
    filled = np.where(np.isnan(scaled), 0.0, scaled)
    known = (~np.isnan(scaled)).sum(axis=0)
    sums = filled.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = filled / sums
        disorder = -np.where(share > 0, share * np.log(share), 0.0).sum(axis=0) / np.log(known)
    says = np.where((known > 1) & (sums > 0), 1 - disorder, 0.0)
    says = np.clip(says, 0.0, None)
    return says / says.sum() if says.sum() > 1e-12 else np.full(scaled.shape[1], 1 / scaled.shape[1])


def by_hand(given, size: int) -> np.ndarray:
    """Weights as somebody wrote them: one for each of `size` indicators, none negative, adding up to 1 (within 0.001). Raises `Inconsistent`."""
    weights = np.asarray(list(given), dtype=float)
    if len(weights) != size:
        raise Inconsistent(f"{size} weights are wanted, one for each indicator; there are {len(weights)}.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise Inconsistent("No weight may be negative.")
    if abs(weights.sum() - 1) > 0.001:
        raise Inconsistent(f"The weights add up to {100 * weights.sum():.1f} %, not 100 %.")
    return weights / weights.sum()


def combined(judged: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Product of both, normalised; the judged weights alone where the data contradict all of them."""
    product = judged * measured
    return product / product.sum() if product.sum() > 1e-12 else judged

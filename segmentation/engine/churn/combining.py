"""Competing outcomes as one: whoever meets the first of them is gone, so together they never pass 1.

Each outcome's probability is read as what would be seen if it alone could happen: a hazard over the horizon. The hazards add up; "any" is
1 - exp(-sum), and each outcome's share of it is its share of the hazards.
"""

import numpy as np

MOST = 1 - 1e-9


def combine(by_outcome: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """({outcome: its part}, any); the parts add up to `any`, which is below 1."""
    hazards = {name: -np.log1p(-np.clip(np.asarray(p, float), 0, MOST)) for name, p in by_outcome.items()}
    whole = np.sum(list(hazards.values()), axis=0)
    either = -np.expm1(-whole)
    scale = np.divide(either, whole, out=np.ones_like(whole), where=whole > 0)
    return {name: hazard * scale for name, hazard in hazards.items()}, either

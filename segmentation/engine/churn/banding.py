"""From probabilities to bands: by what a team can do, or by how likely."""

from dataclasses import dataclass, field

import numpy as np

NAMES = ("high", "elevated", "watch")
UNKNOWN, LOW = "unknown", "low"


@dataclass(frozen=True)
class Bands:
    """`how` is "probability" (`from_` by band) or "capacity": each team's first `capacity` accounts are high, the next elevated, the next two
    watch, but nobody below `least`. A team is the first `team_digits` of the unit's code."""

    how: str = "probability"
    from_: dict[str, float] = field(default_factory=lambda: {"high": 0.30, "elevated": 0.15, "watch": 0.05})
    capacity: int = 200
    team_digits: int = 7
    least: float = 0.02


def band(bands: Bands, p, units, account_id, judged) -> np.ndarray:
    """The band of each account; ties in the order of the accounts."""
    out = np.where(judged, LOW, UNKNOWN).astype(object)
    p = np.where(judged, p, -1.0)
    if bands.how == "probability":
        for name in reversed(NAMES):
            out[p >= bands.from_[name]] = name
        return out
    team = np.unique([unit[: bands.team_digits] for unit in units], return_inverse=True)[1]
    order = np.lexsort((account_id, -p, team))
    starts = np.searchsorted(team[order], np.arange(team.max(initial=0) + 1))
    place = np.arange(len(order)) - starts[team[order]]
    rank = np.empty(len(order), np.int64)
    rank[order] = place // max(bands.capacity, 1)
    called = judged & (p >= bands.least)
    for name, first, past in (("high", 0, 1), ("elevated", 1, 2), ("watch", 2, 4)):
        out[called & (rank >= first) & (rank < past)] = name
    return out


def expected(bands_of, p, judged) -> dict[str, dict]:
    """{band: {"accounts", "expected"}}: how many true leavers each band should hold."""
    return {
        name: {"accounts": int((bands_of == name).sum()), "expected": round(float(p[(bands_of == name) & judged].sum()), 1)}
        for name in (*NAMES, LOW)
    }

"""How far a feature moved between two runs, in three words."""

from segmentation.engine import shift

LEAST = 50  # accounts on either side; fewer say nothing
SHIFTED, CHANGED = shift.STEADY, shift.SHIFTED


def psi(before, now) -> float | None:
    """The population stability index. None: too few accounts on a side, or no run before."""
    if before is None or len(before) < LEAST or len(now) < LEAST:
        return None
    moved = shift.psi(before, now)
    return None if moved is None else round(moved, 4)


def band(value: float | None) -> str:
    """steady, shifted, changed, or empty where nothing can be said."""
    if value is None:
        return ""
    return "changed" if value >= CHANGED else "shifted" if value >= SHIFTED else "steady"

"""Who may become a large customer: which accounts are looked at, and how many points each sign is worth. Pure; all numbers are ours.

Looked at: supplied for business, below the gold tier, in use, potential value 60 and more, and use rising both over the year and lately.
"""

from dataclasses import dataclass

POTENTIAL_FROM, GROWTH_FROM, RECENT_FROM = 60, 0.10, 1.05
SMALL_TIERS = ("silver", "standard")
INDUSTRY_FROM = 10  # accounts with two years of use, before the growth of an industry is said
INDUSTRY_LETTERS = 3  # GB/T 4754: a letter and two digits name the division


@dataclass(frozen=True)
class Sign:
    """Evidence that gives 0 points at `low` and `points` at `high`, evenly between. What is not known gives none."""

    name: str
    low: float
    high: float
    points: int

    def worth(self, value) -> float:
        if value is None:
            return 0.0
        return self.points * min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


SIGNS = (
    Sign("growth", 0.0, 0.5, 30),
    Sign("capacity_use", 0.5, 1.0, 25),
    Sign("potential_score", 60.0, 100.0, 20),
    Sign("requests_12m", 0.0, 2.0, 15),
    Sign("industry_growth", 0.0, 0.1, 10),
)


def strength(evidence) -> float:
    """0 to 100."""
    return round(sum(sign.worth(evidence.get(sign.name)) for sign in SIGNS), 1)


OPEN = ("watching", "contacted", "developing", "proposed")
# From a state, where to: a step of work, or the end. Proposing, deciding and dropping have verbs of their own.
STEPS = {"watching": ("contacted",), "contacted": ("developing", "watching"), "developing": ("contacted",)}

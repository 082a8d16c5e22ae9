"""Ask for a training, do it, decide about what came of it."""

from .deciding import bring_back, may_promote, promote, propose, refuse, retire, set_shadow
from .terms import edit_terms
from .trainings import ask, cancel, claim_and_train, sweep

__all__ = [
    "ask", "bring_back", "cancel", "claim_and_train", "edit_terms", "may_promote", "promote", "propose", "refuse", "retire", "set_shadow", "sweep",
]  # fmt: skip

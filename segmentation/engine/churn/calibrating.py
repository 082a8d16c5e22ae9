"""From a score to a probability: isotonic regression, centred so that two scores in one step of it keep their order.

Plain isotonic regression gives whole ranges one value and so loses what the model knew inside them; here each step's value stands at
the centre of its scores and the line runs straight between (centred isotonic regression, Oron and Flournoy 2017).
"""

from dataclasses import dataclass, field

import numpy as np
from sklearn.isotonic import IsotonicRegression

LEAST = 1e-6


@dataclass
class Calibration:
    """`at` margins (log-odds), `to` probabilities; both rising. Empty: the margin's own probability."""

    at: list[float] = field(default_factory=list)
    to: list[float] = field(default_factory=list)

    @classmethod
    def learn(cls, margin, left) -> "Calibration":
        margin, left = np.asarray(margin, float), np.asarray(left, float)
        steps = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit_transform(margin, left)
        values, where, count = np.unique(steps, return_inverse=True, return_counts=True)
        centres = np.bincount(where, weights=margin) / count
        # A step at 0 or 1 rests on finitely many: one more of the other kind is thought to be there.
        values = np.clip(values, 0.5 / (count + 1), 1 - 0.5 / (count + 1))
        values = np.maximum.accumulate(values)
        values = np.minimum(values, np.maximum.accumulate(values[::-1])[::-1])
        ends = np.array([margin.min(), margin.max()])
        at, to = _with_ends(centres, values, ends)
        return cls(at.tolist(), to.tolist())

    def __call__(self, margin) -> np.ndarray:
        margin = np.asarray(margin, float)
        if not self.at:
            return 1 / (1 + np.exp(-np.clip(margin, -40, 40)))
        inside = np.interp(margin, self.at, self.to)
        # Beyond what was seen, and in the last bits, order goes on: so little that no shown digit changes.
        return np.clip(inside + 1e-9 * np.tanh(margin / 20), LEAST, 1 - LEAST)

    def to_dict(self):
        return {"at": self.at, "to": self.to}


def _with_ends(centres, values, ends):
    keep = np.concatenate([[True], np.diff(centres) > 1e-12])
    centres, values = centres[keep], values[keep]
    at, to = [ends[0] - 1e-9, *centres, ends[1] + 1e-9], [values[0], *values, values[-1]]
    return np.array(at), np.array(to)

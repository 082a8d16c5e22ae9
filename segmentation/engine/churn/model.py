"""`ChurnModel`: one outcome within one horizon, as a scikit-learn classifier usable alone."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_feature_names, check_is_fitted, column_or_1d, validate_data

from . import measures
from .calibrating import Calibration
from .candidates import CANDIDATES, read
from .encoding import Encoding, columns_of, is_words, numbers, words
from .refusals import OneClass, TooFewLeavers
from .splitting import by_time, into_folds

FEW = 20  # of either kind: no choice between candidates and no calibration can be learned; the simplest is taken as it is
FOLDS = 3
STAYED_LEAST, STAYED_PER_LEAVER = (
    100_000,
    8,
)  # of those who stayed, at most so many are learned from, each for several: leavers are what is rare
LARGE = 60_000  # rows from which one held-out third calibrates instead of three folds
VERSION = 1


class Reason(NamedTuple):
    """What a column adds to the log-odds of leaving, the value it has, and how many points of probability would be gone without it."""

    column: str
    value: object
    contribution: float
    points: float


class ChurnModel(ClassifierMixin, BaseEstimator):
    """The probability that an account meets `outcome` within `horizon_days` of its snapshot.

    `fit(X, y)` compares the `candidates` on rows they did not learn from, takes the one with the best average precision (within one
    standard error of it the simplest), calibrates it on such rows and learns it again from all. `periods` (days of the snapshots) makes the
    comparison one in time; `groups` (accounts) keeps the rows of one together. X: a pandas frame, an Arrow table, a mapping of columns or a matrix; numbers,
    words and gaps. Raises `refusals.CannotLearn` and its kinds, all of them ValueErrors.

    Learned: `classes_`, `champion_`, `candidates_` (a list of measures), `evaluation_` (rows, left, p, margin of the comparison, by what was
    learned before it), `encoding_`, `calibration_`.
    """

    def __init__(
        self,
        outcome="any",
        horizon_days=90,
        *,
        candidates=("logistic", "forest", "boosted"),
        seed=42,
        min_leavers=2,
        threads=None,
        listen=None,
    ):
        self.outcome = outcome
        self.horizon_days = horizon_days
        self.candidates = candidates
        self.seed = seed
        self.min_leavers = min_leavers
        self.threads = threads
        self.listen = listen

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = tags.input_tags.categorical = True
        return tags

    def fit(self, X, y, *, groups=None, periods=None):
        columns = self._columns(X, reset=True)
        y = column_or_1d(np.asarray(y), warn=True)
        left = self._left(y)
        rows = len(next(iter(columns.values())))
        if rows != len(left):
            raise ValueError(f"X has {rows} samples, y has {len(left)}.")
        self.encoding_ = Encoding.learn(columns)
        matrix = self.encoding_.matrix(columns)
        if min(left.sum(), (~left).sum()) < FEW and periods is None:
            return self._plainly(matrix, left)
        split = by_time(np.asarray(periods, "datetime64[D]"), groups, self.horizon_days, self.seed) if periods is not None else None
        compared = self._compare(matrix, left, groups, split)
        self.champion_ = self._choose(compared, left)
        margin, rows = compared[self.champion_]
        self.calibration_, p = self._calibrate(matrix, left, groups, split, margin)
        self.evaluation_ = {"rows": rows, "left": left[rows], "margin": margin, "p": p}
        self._say("final")
        self.model_ = self._learn(self.champion_, matrix, left)
        return self

    def _left(self, y):
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported. Classes found: {self.classes_.tolist()}")
        if len(self.classes_) < 2:
            raise OneClass(f"y holds one class only ({self.classes_[0]!r}): nothing can be told apart.", count=len(y))
        left = y == self.classes_[1]
        if left.sum() < self.min_leavers:
            raise TooFewLeavers(
                f"{left.sum()} left; {self.min_leavers} are needed to learn from.", found=int(left.sum()), needed=self.min_leavers
            )
        return left

    def _plainly(self, matrix, left):
        self.champion_, self.calibration_, self.candidates_ = "logistic", Calibration(), []
        self.model_ = self._learn("logistic", matrix, left)
        margin = self.model_.margin(self.encoding_, matrix)
        self.evaluation_ = {"rows": np.arange(0), "left": left[:0], "margin": margin[:0], "p": margin[:0]}
        return self

    def _say(self, what):
        if self.listen:
            self.listen(what)

    def _learn(self, name, matrix, left):
        if left.all() or not left.any():
            raise OneClass("Among the rows learned from nobody left, or everybody did.", count=len(left))
        rows, weight = self._some(left)
        learner = CANDIDATES[name](seed=self.seed, threads=self.threads, listen=self.listen)
        if weight is None:
            return learner.fit(self.encoding_, matrix, left.astype(float))
        return learner.fit(self.encoding_, matrix[rows], left[rows].astype(float), weight)

    def _some(self, left):
        """(rows, weights): all that left, and of those who stayed a drawn part that weighs as much as all (King and Zeng 2001)."""
        stayed = np.flatnonzero(~left)
        most = max(STAYED_LEAST, STAYED_PER_LEAVER * int(left.sum()))
        if len(stayed) <= most:
            return None, None
        drawn = np.random.default_rng(self.seed).choice(stayed, most, replace=False)
        rows = np.sort(np.concatenate([np.flatnonzero(left), drawn]))
        return rows, np.where(left[rows], 1.0, len(stayed) / most)

    def _compare(self, matrix, left, groups, split):
        """{candidate: (margin, rows)} over rows it did not learn from."""
        out = {}
        for name in self.candidates:
            self._say(name)
            if split:
                learned = self._learn(name, matrix[split.fit], left[split.fit])
                out[name] = learned.margin(self.encoding_, matrix[split.test]), split.test
            else:
                out[name] = self._across(name, matrix, left, groups), np.arange(len(left))
        return out

    def _across(self, name, matrix, left, groups, rows=None):
        """Margins of every row by a model that learned from the other folds; from a third of very many rows only, elsewhere NaN."""
        margin = np.full(len(left), np.nan)
        for fit, test in into_folds(left, groups, FOLDS, self.seed + 1)[: 1 if len(left) > LARGE else FOLDS]:
            margin[test] = self._learn(name, matrix[fit], left[fit]).margin(self.encoding_, matrix[test])
        return margin

    def _choose(self, compared, left):
        _, rows = next(iter(compared.values()))
        known = ~np.isnan(next(iter(compared.values()))[0])
        held, scores = left[rows[known]], {name: margin[known] for name, (margin, _) in compared.items()}
        if not held.any() or held.all():
            raise TooFewLeavers(
                "Among the accounts kept for the test nobody left (or everybody did).", found=int(held.sum()), needed=self.min_leavers
            )
        spread = measures.precision_behind(held, scores, self.seed)
        self.candidates_ = [
            {"name": name, "ap": measures.average_precision(held, score), "behind": spread[name], "auc": measures.auc(held, score),
             "lift10": measures.lift(held, score)}
            for name, score in scores.items()
        ]  # fmt: skip
        best = max(it["ap"] for it in self.candidates_)
        good = [it for it in self.candidates_ if it["ap"] >= best - it["behind"]]
        return min(good, key=lambda it: CANDIDATES[it["name"]].simplicity)["name"]

    def _calibrate(self, matrix, left, groups, split, margin):
        """The calibration for use, and the champion's probabilities of the rows compared, which had no part in their own calibration
        where the comparison was one in time."""
        self._say("calibrate")
        if not split:
            known = ~np.isnan(margin)
            calibration = Calibration.learn(margin[known], left[known])
            return calibration, calibration(np.where(known, margin, np.nan))
        early = self._across(self.champion_, matrix[split.fit], left[split.fit], None if groups is None else np.asarray(groups)[split.fit])
        known = ~np.isnan(early)
        before = Calibration.learn(early[known], left[split.fit][known])
        both = np.concatenate([early[known], margin])
        return Calibration.learn(both, np.concatenate([left[split.fit][known], left[split.test]])), before(margin)

    def _columns(self, X, reset=False):
        if isinstance(X, pa.Table) or type(X) is dict:
            names = list(X.column_names if isinstance(X, pa.Table) else X)
            if reset:
                self.n_features_in_, self.feature_names_in_ = len(names), np.array(names, dtype=object)
            columns = columns_of(X)
        elif hasattr(X, "iloc") and hasattr(X, "columns"):
            if reset:
                _check_feature_names(self, X, reset=True)
                self.n_features_in_ = X.shape[1]
            columns = columns_of(X)
        else:
            columns = columns_of(validate_data(self, X, reset=reset, ensure_all_finite="allow-nan"))
        if not columns or not len(next(iter(columns.values()))):
            raise ValueError(
                f"0 sample(s) or 0 feature(s) (shape=({0 if columns else ''}, {len(columns)})) while a minimum of 1 is required."
            )
        return columns

    def _matrix(self, X):
        check_is_fitted(self, "model_")
        return self.encoding_.matrix(self._columns(X))

    def decision_function(self, X):
        """Log-odds before calibration; contributions add up to it."""
        matrix = self._matrix(X)
        return self.model_.margin(self.encoding_, matrix)

    def predict_proba(self, X):
        margin = self.decision_function(X)  # first: it says so where nothing was learned yet
        p = self.calibration_(margin)
        return np.column_stack([1 - p, p])

    def predict(self, X):
        left = self.predict_proba(X)[:, 1] > 0.5
        return self.classes_[left.astype(int)]

    def contributions(self, X) -> np.ndarray:
        """(rows, columns + 1), exact: each row adds up to its `decision_function`. Columns as `encoding_.names`; the last is the start."""
        return self.model_.contributions(self.encoding_, self._matrix(X))

    def points(self, found) -> np.ndarray:
        """Contributions as points of probability: how much lower it would be without each."""
        margin = found.sum(axis=1)
        without = self.calibration_((margin[:, None] - found[:, :-1]).ravel()).reshape(found[:, :-1].shape)
        return 100 * (self.calibration_(margin)[:, None] - without)

    def explain(self, X, top=5) -> list[list[Reason]]:
        """The columns that raise each row's probability most, strongest first; fewer than `top` where fewer do."""
        found = self.contributions(X)
        columns = self._columns(X)
        points, names = self.points(found), self.encoding_.names
        values = {name: words(columns[name]).to_pylist() if is_words(columns[name]) else numbers(columns[name]) for name in names}
        best = np.argsort(-found[:, :-1], axis=1, kind="stable")[:, :top]
        return [
            [
                Reason(names[at], values[names[at]][row], float(found[row, at]), float(points[row, at]))
                for at in best[row]
                if found[row, at] > 0
            ]
            for row in range(len(found))
        ]

    def to_dict(self) -> dict:
        """Everything needed to score, as text and numbers."""
        check_is_fitted(self, "model_")
        return {
            "v": VERSION, "outcome": self.outcome, "horizon_days": self.horizon_days, "seed": self.seed, "champion": self.champion_,
            "classes": self.classes_.tolist(), "encoding": self.encoding_.to_dict(), "calibration": self.calibration_.to_dict(), "model": self.model_.to_dict(),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, held, threads=None) -> "ChurnModel":
        it = cls(held["outcome"], held["horizon_days"], seed=held["seed"], threads=threads)
        it.champion_, it.classes_ = held["champion"], np.array(held["classes"])
        it.encoding_, it.calibration_ = Encoding.from_dict(held["encoding"]), Calibration(**held["calibration"])
        it.model_ = read(held["model"], threads)
        it.n_features_in_ = len(it.encoding_.names)
        return it

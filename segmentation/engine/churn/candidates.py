"""The three kinds of model that compete, simplest first. Each learns from an encoded matrix, gives log-odds and exact contributions to
them, and is text or plain numbers once learned: nothing is pickled.

The random forest is LightGBM's (`boosting_type="rf"`): bagged trees without boosting, which has a text form like the boosted one.
"""

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

from .encoding import Encoding

FEW_ROWS = 20_000
QUIET = {"verbosity": -1, "deterministic": True, "force_row_wise": True}


class Logistic:
    """L2-regularised logistic regression; a contribution is coefficient x distance from the mean, summed over a column's parts."""

    name, simplicity = "logistic", 0

    def __init__(self, seed=42, threads=None, listen=None, size=None):
        self.seed, self.threads = seed, threads

    def fit(self, encoding: Encoding, matrix, left, weight=None):
        rows = encoding.linear(matrix)
        learned = LogisticRegression(C=1.0, max_iter=400, random_state=self.seed).fit(rows, left, weight)
        self.weights, self.start = learned.coef_[0], float(learned.intercept_[0])
        self.means = rows.mean(axis=0)
        return self

    def margin(self, encoding, matrix):
        return encoding.linear(matrix) @ self.weights + self.start

    def contributions(self, encoding, matrix):
        """(rows, columns + 1): what each column adds to the log-odds; the last is what everybody starts from."""
        parts = (encoding.linear(matrix) - self.means) * self.weights
        out = np.zeros((len(matrix), len(encoding.names) + 1))
        np.add.at(out.T, encoding.owners, parts.T)
        out[:, -1] = self.start + self.means @ self.weights
        return out

    def to_dict(self):
        return {"kind": self.name, "weights": self.weights.tolist(), "start": self.start, "means": self.means.tolist()}

    def read(self, held):
        self.weights, self.start, self.means = np.array(held["weights"]), held["start"], np.array(held["means"])
        return self


class _Trees:
    def __init__(self, seed=42, threads=None, listen=None, size=None):
        self.seed, self.threads, self.listen, self.size = seed, threads, listen, size

    def parameters(self, rows, leavers):
        raise NotImplementedError

    def fit(self, encoding: Encoding, matrix, left, weight=None):
        parameters, trees = self.parameters(len(matrix), int(left.sum()))
        parameters |= QUIET | {"objective": "binary", "seed": self.seed, "num_threads": self._threads(len(matrix))}
        data = lightgbm.Dataset(
            matrix,
            left,
            weight=weight,
            feature_name=[f"f{n}" for n in range(matrix.shape[1])],
            categorical_feature=encoding.categorical,
            free_raw_data=True,
        )
        heard = [_hear(self.listen)] if self.listen else []
        self.booster = lightgbm.train(parameters, data, num_boost_round=trees, callbacks=heard)
        return self

    def _threads(self, rows):
        """Threads over few rows wait for one another longer than they work."""
        return self.threads or (1 if rows < FEW_ROWS else 0)

    def margin(self, encoding, matrix):
        return self.booster.predict(matrix, raw_score=True, num_threads=self._threads(len(matrix)))

    def contributions(self, encoding, matrix):
        found = self.booster.predict(matrix, pred_contrib=True, num_threads=self._threads(len(matrix)))
        off = self.margin(encoding, matrix) - found.sum(axis=1)
        found[:, -1] += off  # rounding of the last bits belongs to nobody
        return found

    def to_dict(self):
        return {"kind": self.name, "trees": self.booster.model_to_string()}

    def read(self, held):
        self.booster = lightgbm.Booster(model_str=held["trees"])
        return self


class Forest(_Trees):
    name, simplicity = "forest", 1

    def parameters(self, rows, leavers):
        leaf = max(5, min(200, rows // 400))
        told = {
            "boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.5, "num_leaves": 63 if rows >= FEW_ROWS else 31,
            "min_data_in_leaf": leaf, "lambda_l2": 1.0, "max_bin": 127,
        }  # fmt: skip
        return told, self.size or (60 if rows > 300_000 or rows < FEW_ROWS else 100)


class Boosted(_Trees):
    name, simplicity = "boosted", 2

    def parameters(self, rows, leavers):
        small = rows < FEW_ROWS
        told = {
            "learning_rate": 0.05 if small else 0.08, "num_leaves": 7 if small else 23, "min_data_in_leaf": 20 if small else 100,
            "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 127,
        }  # fmt: skip
        if rows < 60:
            told["min_data_in_leaf"] = 3
        return told, self.size or 120


def _hear(listen):
    def callback(env):
        if env.iteration % 10 == 0:
            listen(env.iteration)

    callback.order = 5
    return callback


CANDIDATES = {it.name: it for it in (Logistic, Forest, Boosted)}


def read(held, threads=None):
    return CANDIDATES[held["kind"]](threads=threads).read(held)

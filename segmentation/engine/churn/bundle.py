"""What a run scores with: the models of all outcomes learned in one training, and the way their probabilities become bands.

Text and numbers only (`to_dict`, `from_dict`). `judge` turns a run's features into the columns of the standing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import measures
from .banding import Bands, band
from .combining import combine
from .snapshots import columns_to_learn

if TYPE_CHECKING:
    from .model import ChurnModel

TOP = 2000  # accounts whose reasons are worked out from the model
PSI_ALARM = 0.25
SCORE_EDGES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 0.75]


@dataclass
class Scored:
    """By account of the table scored: `parts` {outcome: probability}, `either` any of them; NaN where nothing is judged."""

    parts: dict[str, np.ndarray]
    either: np.ndarray

    @property
    def likely(self) -> np.ndarray:
        """Index into the bundle's outcomes."""
        return np.argmax(np.column_stack(list(self.parts.values())), axis=1)


@dataclass
class Bundle:
    version: int
    horizon_days: int
    models: dict[str, ChurnModel]
    reference: dict = field(default_factory=dict)  # {"columns": {name: {edges, shares, months}}, "score": {edges, shares}}
    bands: Bands = field(default_factory=Bands)
    top: int = TOP

    @property
    def columns(self) -> list[str]:
        return sorted({name for model in self.models.values() for name in model.encoding_.names})

    def score(self, features: pa.Table) -> Scored:
        """Raises `ColumnsDiffer`."""
        columns = columns_to_learn(features)
        each = {name: model.predict_proba(columns)[:, 1] for name, model in self.models.items()}
        each = {name: np.where(met(features, name), 0.0, p) for name, p in each.items()}
        parts, either = combine(each)
        return Scored(parts, either)

    def reasons(self, features: pa.Table) -> tuple[list[str], np.ndarray]:
        """(columns, points): by how many points "any" would be lower without what each column says. Exact, for every row given."""
        columns = columns_to_learn(features)
        names = self.columns
        margins, found = {}, {}
        for outcome, model in self.models.items():
            parts = model.contributions(columns)
            margins[outcome] = parts.sum(axis=1)
            found[outcome] = {name: parts[:, place] for place, name in enumerate(model.encoding_.names)}
        never = {outcome: met(features, outcome) for outcome in self.models}

        def either(without=None):
            each = {}
            for outcome, model in self.models.items():
                less = found[outcome].get(without, 0.0) if without else 0.0
                each[outcome] = np.where(never[outcome], 0.0, model.calibration_(margins[outcome] - less))
            return combine(each)[1]

        whole = either()
        return names, 100 * np.column_stack([whole - either(name) for name in names])

    def band(self, scored: Scored, features: pa.Table, judged) -> np.ndarray:
        units = np.array(["" if it is None else it for it in features["unit_code"].to_pylist()])
        return band(self.bands, scored.either, units, features["account_id"].to_numpy(), judged)

    def drift(self, features: pa.Table, scored: Scored, judged, month: int = 0) -> list[dict]:
        """PSI of each column and of the score against what was learned from, largest first. `month`: of the year, to compare with the same
        season where that was learned from."""
        columns = columns_to_learn(features)
        found = [{"column": "", "psi": _psi(self.reference["score"], scored.either[judged])}] if self.reference.get("score") else []
        for name, held in self.reference.get("columns", {}).items():
            if name in columns.column_names:
                found.append({"column": name, "psi": _psi(held, _values(columns[name], held)[judged], month)})
        return sorted(found, key=lambda it: -it["psi"])

    def to_dict(self) -> dict:
        return {
            "version": self.version, "horizon_days": self.horizon_days, "models": {name: it.to_dict() for name, it in self.models.items()},
            "reference": self.reference,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, held, *, version=None, bands=None, top=TOP, threads=None) -> Bundle:
        from .model import ChurnModel

        models = {name: ChurnModel.from_dict(it, threads) for name, it in held["models"].items()}
        return cls(
            version if version is not None else held["version"], held["horizon_days"], models, held["reference"], bands or Bands(), top
        )


def met(features: pa.Table, outcome: str) -> np.ndarray:
    """Accounts that cannot meet the outcome any more: they buy on the market already, or have declined already."""
    if outcome == "switched" and "market_status" in features.column_names:
        return np.isin(np.array(features["market_status"].to_pylist(), dtype=object), ("retailer", "wholesale"))
    if outcome == "declined" and "base_ratio" in features.column_names:
        base = features["base_ratio"].cast(pa.float64()).to_numpy()
        return np.nan_to_num(base, nan=1.0) < 0.5
    return np.zeros(len(features), bool)


def reference_of(columns: pa.Table, month, scores) -> dict:
    """What later accounts are held against: shares of each column in its bins, over all rows and by `month` of the year, and of the scores the
    model gives, in bins of probability (bins of equally many would part hair: most scores are one and the same small number)."""
    held: dict[str, dict] = {}
    for name in columns.column_names:
        if pa.types.is_string(columns[name].type):
            levels = sorted(set(columns[name].drop_null().to_pylist()))[:60]
            values = _levels(columns[name], levels)
            held[name] = {"levels": levels, "edges": list(range(1, len(levels)))}
        else:
            values = columns[name].to_numpy()
            held[name] = {"edges": measures.edges(values)}
        edges = held[name]["edges"]
        held[name]["shares"] = measures.shares(values, edges)
        held[name]["months"] = {str(each): measures.shares(values[month == each], edges) for each in np.unique(month)}
    return {"columns": held, "score": {"edges": SCORE_EDGES, "shares": measures.shares(scores, SCORE_EDGES)}}


def _values(column, held):
    return _levels(column, held["levels"]) if "levels" in held else column.to_numpy()


def _levels(column, levels):
    return pc.index_in(column, value_set=pa.array(levels, pa.string())).to_numpy().astype(float)


def _psi(held, values, month=0):
    then = held.get("months", {}).get(str(month)) or held["shares"]
    return round(measures.stability(then, measures.shares(values, held["edges"])), 4)

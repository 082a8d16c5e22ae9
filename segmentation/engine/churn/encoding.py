"""A table of numbers, words and gaps as one matrix: learned once, written down as JSON, the same ever after.

Words become whole numbers (a level the model did not see counts as a gap of its own, "other"); gaps of numbers stay NaN, which trees read as
such. `linear` gives the logistic regression what it needs: standardised numbers cut at the 0.5 % ends, a gap as the median beside a mark that it was one,
a column per level. A constant or wholly missing column is left out and named in `dropped`.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .refusals import ColumnsDiffer, NoColumns

MOST_LEVELS = 60
OTHER = -1
CONSTANT, MISSING, ALL_DIFFERENT = "constant", "missing", "all_different"


def columns_of(X) -> dict[str, pa.Array | np.ndarray]:
    """Columns by name, of a pandas frame, an Arrow table, a mapping or a matrix (whose columns are called x0, x1, ...)."""
    if isinstance(X, pa.Table):
        return {name: _flat(X[name]) for name in X.column_names}
    if type(X) is dict:
        return dict(X)
    if hasattr(X, "columns") and hasattr(X, "iloc"):
        return {str(name): _of_series(X.iloc[:, place]) for place, name in enumerate(X.columns)}
    X = np.asarray(X)
    return {f"x{place}": X[:, place] for place in range(X.shape[1])}


def _flat(column):
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _of_series(series):
    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    return series.to_numpy() if isinstance(series.dtype, np.dtype) and kind in "biuf" else pa.Array.from_pandas(series)


def is_words(column) -> bool:
    if isinstance(column, np.ndarray):
        return column.dtype.kind in "OUS"
    kind = column.type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind) or pa.types.is_null(kind)


def numbers(column) -> np.ndarray:
    """float64 with NaN for a gap; infinities are gaps too."""
    if isinstance(column, np.ndarray):
        found = column.astype(np.float64)
    else:
        found = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return np.where(np.isfinite(found), found, np.nan) if not np.isfinite(found).all() else found


def words(column) -> pa.Array:
    if isinstance(column, np.ndarray):
        return pa.array([None if it is None or it != it else str(it) for it in column.tolist()], pa.string())
    return column.cast(pa.string()) if not pa.types.is_null(column.type) else pa.nulls(len(column), pa.string())


@dataclass
class Encoding:
    """`names` in the order of the matrix; `levels` of those that hold words; `dropped`: {column: why}."""

    names: list[str] = field(default_factory=list)
    levels: dict[str, list[str]] = field(default_factory=dict)
    centre: list[float] = field(default_factory=list)
    spread: list[float] = field(default_factory=list)
    ends: list[list[float]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    dropped: dict[str, str] = field(default_factory=dict)

    @classmethod
    def learn(cls, columns) -> "Encoding":
        it = cls()
        for name, column in columns.items():
            why = it._learn_words(name, column) if is_words(column) else it._learn_numbers(name, column)
            if why:
                it.dropped[name] = why
        if not it.names:
            raise NoColumns(
                f"No column tells anything: {', '.join(f'{name} is {why}' for name, why in it.dropped.items())}.", dropped=it.dropped
            )
        return it

    def _learn_words(self, name, column):
        found = words(column).drop_null()
        counted = found.value_counts()
        levels = sorted(
            zip(counted.field("counts").to_pylist(), counted.field("values").to_pylist(), strict=True), key=lambda it: (-it[0], it[1])
        )
        if len(levels) < 2:
            return CONSTANT if len(found) == len(column) and levels else (MISSING if not levels else self._constant_with_gaps(name, levels))
        if len(levels) > MOST_LEVELS and len(levels) > len(found) / 2:
            return ALL_DIFFERENT
        self._add(name)
        self.levels[name] = [level for _, level in levels[:MOST_LEVELS]]
        return ""

    def _constant_with_gaps(self, name, levels):
        self._add(name)
        self.levels[name] = [levels[0][1]]
        return ""

    def _learn_numbers(self, name, column):
        found = numbers(column)
        known = found[~np.isnan(found)]
        if not len(known):
            return MISSING
        low, high = known.min(), known.max()
        if low == high and len(known) == len(found):
            return CONSTANT
        some = known if len(known) <= 200_000 else known[:: len(known) // 200_000]
        first, centre, last = np.quantile(some, [0.005, 0.5, 0.995])
        if first == last:
            first, last = low, high
        cut = np.clip(some, first, last)
        self._add(name, float(centre), float(cut.std()) or 1.0, [float(first), float(last)])
        if len(known) < len(found):
            self.gaps.append(name)
        return ""

    def _add(self, name, centre=0.0, spread=1.0, ends=(0.0, 0.0)):
        self.names.append(name)
        self.centre.append(centre)
        self.spread.append(spread)
        self.ends.append(list(ends))

    @property
    def categorical(self) -> list[int]:
        return [place for place, name in enumerate(self.names) if name in self.levels]

    def matrix(self, columns) -> np.ndarray:
        """(rows, names) float64. Raises `ColumnsDiffer` where a column is gone or holds words instead of numbers."""
        gone = [name for name in self.names if name not in columns]
        if gone:
            new = sorted(set(columns) - set(self.names) - set(self.dropped))
            raise ColumnsDiffer(
                f"The model learned from {', '.join(gone)}, which the table lacks (renamed?); it has {', '.join(new) or 'nothing else'}.",
                gone=gone, new=new,
            )  # fmt: skip
        rows = len(columns[self.names[0]])
        out = np.empty((rows, len(self.names)))
        for place, name in enumerate(self.names):
            out[:, place] = self._codes(name, columns[name]) if name in self.levels else self._numbers(name, columns[name])
        return out

    def _codes(self, name, column):
        found = pc.index_in(words(column), value_set=pa.array(self.levels[name], pa.string()))
        return found.to_numpy(zero_copy_only=False).astype(np.float64)

    def _numbers(self, name, column):
        if is_words(column) and not (isinstance(column, pa.Array) and pa.types.is_null(column.type)):
            try:
                return numbers(np.asarray(column.to_pylist() if isinstance(column, pa.Array) else column, dtype=np.float64))
            except (TypeError, ValueError) as error:
                raise ColumnsDiffer(
                    f"Column {name} held numbers when the model learned; now it holds words.", gone=[name], new=[]
                ) from error
        return numbers(column)

    def unseen(self, columns) -> dict[str, list[str]]:
        """Levels the model has not met, by column: they count as a gap."""
        out = {}
        for name, levels in self.levels.items():
            if name in columns:
                new = set(pc.unique(words(columns[name]).drop_null()).to_pylist()) - set(levels)
                if new:
                    out[name] = sorted(new)[:10]
        return out

    def linear(self, matrix) -> np.ndarray:
        """The matrix as the logistic regression reads it; `owners` says which column each of its columns belongs to."""
        parts = []
        for place, name in enumerate(self.names):
            column = matrix[:, place]
            if name in self.levels:
                parts.append((column[:, None] == np.arange(len(self.levels[name]))[None, :]).astype(np.float64))
                continue
            low, high = self.ends[place]
            parts.append(
                ((np.clip(np.where(np.isnan(column), self.centre[place], column), low, high) - self.centre[place]) / self.spread[place])[
                    :, None
                ]
            )
            if name in self.gaps:
                parts.append(np.isnan(column).astype(np.float64)[:, None])
        return np.hstack(parts)

    @property
    def owners(self) -> np.ndarray:
        out = []
        for place, name in enumerate(self.names):
            out += [place] * (len(self.levels[name]) if name in self.levels else 1 + (name in self.gaps))
        return np.array(out)

    def to_dict(self) -> dict:
        return {key: getattr(self, key) for key in ("names", "levels", "centre", "spread", "ends", "gaps", "dropped")}

    @classmethod
    def from_dict(cls, held) -> "Encoding":
        return cls(**held)

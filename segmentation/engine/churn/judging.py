"""A run's early warning by a learned model in place of the rules: the same columns, told from probabilities.

Rules go on giving the state of use, and the reasons of accounts beyond the `top`; an account's score, band and likely outcome are the model's.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .bundle import Bundle, Scored

LEAST = 0.005  # below, no outcome is called likely
POINTS_LEAST = 0.3  # points of probability not worth a line


def warn(bundle: Bundle, features: pa.Table, warned: pa.Table) -> tuple[pa.Table, dict, Scored]:
    """(the warning's columns with the model's in place, what `reasons.write` tells, the scores)."""
    scored = bundle.score(features)
    judged = warned["risk_score"].is_valid().to_numpy(zero_copy_only=False)
    outcomes = list(bundle.models)
    tenths = np.round(100 * scored.either, 1)
    likely = np.array(outcomes)[scored.likely]
    columns = {
        "risk_score": pa.array(tenths, mask=~judged),
        "risk_band": pa.array(bundle.band(scored, features, judged).tolist(), pa.string()),
        "risk_outcome": pa.array(likely.tolist(), pa.string(), mask=~judged | (scored.either < LEAST)),
        "risk_model": pa.array(np.full(len(judged), bundle.version), pa.int64(), mask=~judged),
    }
    for name, column in columns.items():
        at = warned.column_names.index(name) if name in warned.column_names else -1
        warned = warned.set_column(at, name, column) if at >= 0 else warned.append_column(name, column)
    return warned, _told(bundle, features, scored, judged), scored


def _told(bundle, features, scored, judged):
    order = np.argsort(np.where(judged, -scored.either, 2.0), kind="stable")
    rows = np.sort(order[: min(bundle.top, int(judged.sum()))])
    names, points = bundle.reasons(features.take(pa.array(rows))) if len(rows) else (bundle.columns, np.zeros((0, len(bundle.columns))))
    return {
        "rows": rows, "names": names, "points": np.where(points >= POINTS_LEAST, points, 0.0), "features": features,
        "parts": {name: np.round(100 * part, 1) for name, part in scored.parts.items()}, "judged": judged,
        "version": bundle.version, "horizon": bundle.horizon_days,
    }  # fmt: skip


def entries(told):
    """(entries, columns) as `reasons._ranked` reads them: one per number, one per level of a word."""
    part = told["features"].take(pa.array(told["rows"]))
    listed, columns = [], {}
    for place, name in enumerate(told["names"]):
        points = told["points"][:, place]
        if pa.types.is_string(part[name].type):
            for level in sorted(set(part[name].drop_null().to_pylist())):
                key = f"points_{name}_{level}"
                columns[key] = np.where(pc.fill_null(pc.equal(part[name], level), False).to_numpy(zero_copy_only=False), points, 0.0)
                listed.append((f"model_{name}_{level}", key, ()))
            continue
        columns |= {f"points_{name}": points, name: part[name].cast(pa.float64()).to_numpy()}
        listed.append((f"model_{name}", f"points_{name}", (name,)))
    return listed, columns

"""Time to leaving: Kaplan-Meier by group, and Cox on a few features. Accounts that have not left are censored, not left out."""

import numpy as np
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from .encoding import numbers

POINTS = 60
FEWEST = 20  # accounts in a group that gets a curve
MOST_ROWS = 40_000  # of a Cox fit; all that left and a share of the others


def kaplan_meier(days, left, groups) -> dict[str, dict]:
    """{group: {"days", "staying", "low", "high", "accounts", "leavers"}} with a 95 % band."""
    days, left, groups = np.asarray(days, float), np.asarray(left, bool), np.asarray(groups).astype(str)
    out = {}
    for group in np.unique(groups):
        here = (groups == group) & (days > 0)
        if here.sum() < FEWEST or not left[here].any():
            continue
        curve = SurvfuncRight(days[here], left[here].astype(int))
        at = np.linspace(0, len(curve.surv_times) - 1, min(POINTS, len(curve.surv_times))).astype(int)
        staying, error = curve.surv_prob[at], curve.surv_prob_se[at]
        out[group] = {
            "days": curve.surv_times[at].astype(int).tolist(), "staying": staying.round(5).tolist(),
            "low": np.clip(staying - 1.96 * error, 0, 1).round(5).tolist(), "high": np.clip(staying + 1.96 * error, 0, 1).round(5).tolist(),
            "accounts": int(here.sum()), "leavers": int(left[here].sum()),
        }  # fmt: skip
    return out


def differs(days, left, groups) -> float | None:
    """p-value of the log-rank test that all groups leave alike; None where there is one group."""
    groups = np.asarray(groups).astype(str)
    if len(np.unique(groups)) < 2 or not np.any(left):
        return None
    return float(survdiff(np.asarray(days, float), np.asarray(left, int), groups)[1])


def cox(days, left, columns: dict, seed=42) -> list[dict]:
    """[{"column", "ratio", "low", "high", "p"}]: hazard ratio of one standard deviation more of each column, the others held."""
    days, left = np.asarray(days, float), np.asarray(left, bool)
    rows = _some(left, seed)
    names, held = [], []
    for name, column in columns.items():
        values = numbers(column)[rows]
        values = np.where(np.isnan(values), np.nanmedian(values) if not np.isnan(values).all() else 0.0, values)
        low, high = np.quantile(values, [0.01, 0.99])
        values = np.clip(values, low, high)
        if values.std() > 1e-9:
            names.append(name)
            held.append((values - values.mean()) / values.std())
    if not names or left[rows].sum() < 5 * len(names):
        return []
    with np.errstate(all="ignore"):
        found = PHReg(np.maximum(days[rows], 0.5), np.column_stack(held), status=left[rows].astype(int), ties="breslow").fit(disp=0)
    if not np.isfinite(found.params).all() or not np.isfinite(found.bse).all():
        return []  # one column parts those who left from the others: no ratio is finite
    low, high = found.conf_int().T
    return [
        {
            "column": name,
            "ratio": float(np.exp(found.params[n])),
            "low": float(np.exp(low[n])),
            "high": float(np.exp(high[n])),
            "p": float(found.pvalues[n]),
        }
        for n, name in enumerate(names)
    ]


def _some(left, seed):
    if len(left) <= MOST_ROWS:
        return np.arange(len(left))
    stayed = np.random.default_rng(seed).choice(np.flatnonzero(~left), MOST_ROWS, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(left)[:MOST_ROWS], stayed]))

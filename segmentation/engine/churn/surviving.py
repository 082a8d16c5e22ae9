"""Time to leaving: Kaplan-Meier by group, and Cox on a few features. Accounts that have not left are censored, not left out."""

import numpy as np
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from .encoding import numbers

POINTS = 60
FEWEST = 20  # accounts in a group that gets a curve
MOST_ROWS = 40_000  # of a Cox fit; all that left and a share of the others
LEAVERS_A_COLUMN = 10  # the usual rule of ten events a variable
RIDGE = 1.0
FARTHEST = 4.0  # a hazard 55 times as high for one standard deviation is a column that parts them, no ratio to be read
STEPS = 60


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


def cox(days, left, columns: dict, seed=42) -> dict:
    """{"rows": [{"column", "ratio", "low", "high", "p"}], "penalty", "apart", "left_out", "leavers", "needed"}.

    A ratio is the hazard of one standard deviation more of a column, the others held. With few leavers the last columns are left out. Where the
    plain fit finds no finite ratio, because a column (`apart`) parts those who left from the others, a ridge penalty holds all of them finite.
    """
    days, left = np.asarray(days, float), np.asarray(left, bool)
    rows = _some(left, seed)
    days, left = np.maximum(days[rows], 0.5), left[rows]
    leavers, scaled = int(left.sum()), {}
    for name, column in columns.items():
        if (values := _scaled(numbers(column)[rows])) is not None:
            scaled[name] = values
    names = list(scaled)[: leavers // LEAVERS_A_COLUMN]
    rows_told: list[dict] = []
    told: dict = {
        "rows": rows_told, "penalty": 0.0, "apart": "", "left_out": [name for name in columns if name not in names], "leavers": leavers,
        "needed": LEAVERS_A_COLUMN,
    }  # fmt: skip
    if not names:
        return told
    X = np.column_stack([scaled[name] for name in names])
    found = _hazards(days, left, X, 0.0)
    if found is None:
        told["penalty"] = RIDGE
        found = _hazards(days, left, X, RIDGE)
        assert found is not None, "a penalised partial likelihood has one finite maximum"
        told["apart"] = names[int(np.abs(found[0]).argmax())]
    beta, error = found
    for name, b, e in zip(names, beta, error, strict=True):
        low, high = np.exp([b - 1.96 * e, b + 1.96 * e])
        rows_told.append(
            {"column": name, "ratio": float(np.exp(b)), "low": float(low), "high": float(high), "p": float(2 * norm.sf(abs(b / e)))}
        )
    return told


def _scaled(values):
    """Gaps at the median, ends drawn in, in standard deviations; None where nothing varies."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    values = np.where(np.isnan(values), np.median(known), values)
    values = np.clip(values, *np.quantile(values, [0.01, 0.99]))
    return (values - values.mean()) / values.std() if values.std() > 1e-9 else None


def _hazards(days, left, X, penalty):
    """(log ratios, their standard errors) at the maximum of Breslow's partial likelihood, by Newton's method; None where it has no finite one.
    `penalty`: of the squares, as if each log ratio were known beforehand to lie around 0 with variance 1 / `penalty`."""
    order = np.argsort(-days, kind="stable")  # the longest watched first: who is at risk on a day stands before it
    X, left, days = X[order], left[order], days[order]
    last = np.searchsorted(-days, -days[left], side="right") - 1  # row up to which everybody was at risk on the day of each who left
    squares = np.einsum("ni,nj->nij", X, X)
    beta, reached = np.zeros(X.shape[1]), -np.inf
    step = beta
    for _ in range(STEPS):
        weight = np.exp(np.clip(X @ beta, -50, 50))
        at_risk, mean = np.cumsum(weight)[last], np.cumsum(weight[:, None] * X, axis=0)[last]
        mean = mean / at_risk[:, None]
        gained = (X[left] @ beta).sum() - np.log(at_risk).sum() - penalty / 2 * beta @ beta
        if gained < reached - 1e-9 * abs(reached):  # too far: half the way
            step = step / 2
            beta = beta - step
            continue
        reached = gained
        spread = np.cumsum(weight[:, None, None] * squares, axis=0)[last] / at_risk[:, None, None] - np.einsum("ni,nj->nij", mean, mean)
        curve = spread.sum(axis=0) + penalty * np.eye(len(beta))
        slope = (X[left] - mean).sum(axis=0) - penalty * beta
        if np.linalg.cond(curve) > 1e12:
            return None
        step = np.linalg.solve(curve, slope)
        if np.abs(step).max() < 1e-7:
            return beta, np.sqrt(np.diag(np.linalg.inv(curve)))
        beta = beta + step
        if np.abs(beta).max() > FARTHEST and not penalty:
            return None
    return None if not penalty else (beta, np.sqrt(np.diag(np.linalg.inv(curve))))


def _some(left, seed):
    if len(left) <= MOST_ROWS:
        return np.arange(len(left))
    stayed = np.random.default_rng(seed).choice(np.flatnonzero(~left), MOST_ROWS, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(left)[:MOST_ROWS], stayed]))

"""From labelled snapshots to a bundle with its card: what was learned, how good it is on later months, and what was refused and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from . import measures
from .bundle import Bundle, met, reference_of
from .combining import combine
from .leaks import Leak, too_good
from .model import ChurnModel
from .outcomes import OUTCOMES
from .refusals import CannotLearn, OneClass, PastTheData, TooFewLeavers
from .snapshots import RULES, columns_to_learn
from .splitting import by_time

TESTED_LEAST = 5  # leavers of an outcome that the test must hold


@dataclass
class Trained:
    bundle: Bundle
    card: dict
    refused: dict[str, dict] = field(default_factory=dict)  # {outcome: {code, detail}}


def train(
    table: pa.Table, *, horizon_days: int, outcomes=OUTCOMES, version=0, seed=42, min_leavers=30, candidates=("logistic", "forest", "boosted"),
    leaks: Sequence[Leak] = (), verified=frozenset(), threads=None, listen: Callable[[str], None] = lambda what: None,
) -> Trained:  # fmt: skip
    """`table`: `snapshots.labelled` of several days end to end. Raises `CannotLearn` when no outcome can be learned."""
    periods, groups = table["on"].to_numpy().astype("datetime64[D]"), table["account_id"].to_numpy()
    if not len(table):
        raise PastTheData("No account stood on any snapshot day.", days=0)
    found = np.asarray(table["outcome"].to_numpy())
    columns = columns_to_learn(table)
    if not (found >= 0).any():
        raise OneClass("Nobody left within the horizon of any snapshot.", count=len(table))
    split = by_time(periods, groups, horizon_days, seed)
    leaks = [*leaks, *_suspects(table, columns, found, outcomes, verified)]
    columns = columns.select([name for name in columns.column_names if name not in {leak.column for leak in leaks}])
    models, refused = {}, {}
    for outcome in outcomes:
        left = found == OUTCOMES.index(outcome)
        at_risk = ~table[f"before_{outcome}"].to_numpy(zero_copy_only=False) & ~met(table, outcome)
        try:
            models[outcome] = _one(
                outcome, columns, left, at_risk, periods, groups, split, horizon_days, seed, min_leavers, candidates, threads, listen
            )
        except CannotLearn as error:
            refused[outcome] = {"code": error.code, "message": str(error), "detail": _plain(error.detail)}
    if not models:
        first = next(iter(refused.values()))
        raise TooFewLeavers(
            "No outcome can be learned: " + "; ".join(f"{name}: {it['message']}" for name, it in refused.items()), **first["detail"]
        )
    tested = _tested(models, table, columns, found, split)
    bundle = Bundle(version, horizon_days, models)
    bundle.reference = _reference(bundle, table, columns, periods)
    return Trained(bundle, _card(bundle, table, columns, split, tested, leaks, refused), refused)


def _reference(bundle, table, columns, periods, most=200_000):
    """Columns of a part of the rows; scores as the finished model gives them to the accounts of the newest day."""
    rows = np.sort(np.random.default_rng(1).choice(len(table), min(len(table), most), replace=False))
    months = periods[rows].astype("datetime64[M]").astype(int) % 12 + 1
    return reference_of(columns.take(pa.array(rows)), months, bundle.score(table.filter(pa.array(periods == periods.max()))).either)


def _suspects(table, columns, found, outcomes, verified):
    """Columns that alone tell too much, but for those proved to say the same from the facts of their day (`leaks.rewritten`)."""
    asked = columns.select([name for name in columns.column_names if name not in verified])
    seen: dict[str, Leak] = {}
    for outcome in outcomes if asked.num_columns else ():
        at_risk = pa.array(~table[f"before_{outcome}"].to_numpy(zero_copy_only=False) & ~met(table, outcome))
        for leak in too_good(asked.filter(at_risk), (found == OUTCOMES.index(outcome))[at_risk.to_numpy(zero_copy_only=False)]):
            seen.setdefault(leak.column, leak)
    return list(seen.values())


def _one(outcome, columns, left, at_risk, periods, groups, split, horizon_days, seed, min_leavers, candidates, threads, listen):
    leavers = len(np.unique(groups[left & at_risk]))
    if leavers < min_leavers:
        raise TooFewLeavers(f"{leavers} accounts met it; {min_leavers} are needed.", found=leavers, needed=min_leavers)
    for side in (split.fit, split.test):
        held = int((left & at_risk)[side].sum())
        if held < TESTED_LEAST:
            raise TooFewLeavers(f"Only {held} met it on one side of the split in time.", found=held, needed=TESTED_LEAST)
    listen(outcome)
    rows = np.flatnonzero(at_risk)
    model = ChurnModel(outcome, horizon_days, candidates=candidates, seed=seed, threads=threads, listen=listen)
    model.fit(columns.take(pa.array(rows)), left[rows], groups=groups[rows], periods=periods[rows])
    model.evaluation_["rows"] = rows[model.evaluation_["rows"]]
    return model


def _tested(models, table, columns, found, split):
    """Probabilities of the test rows by what was learned before them; 0 where an outcome is no longer possible."""
    each = {}
    for outcome, model in models.items():
        p = np.zeros(len(table))
        p[model.evaluation_["rows"]] = model.evaluation_["p"]
        each[outcome] = p[split.test]
    parts, either = combine(each)
    wanted = [OUTCOMES.index(outcome) for outcome in models]
    return {"parts": parts, "either": either, "left": np.isin(found[split.test], wanted), "outcome": found[split.test]}


def _card(bundle, table, columns, split, tested, leaks, refused):
    rules = table[RULES].to_numpy()[split.test]
    left, either = tested["left"], tested["either"]
    test = table.take(pa.array(split.test))
    return {
        "rows": len(table), "columns": columns.column_names, "days": [str(day) for day in np.unique(table["on"].to_numpy())],
        "tested_from": str(split.first_test_day), "fitted": len(split.fit), "tested": len(split.test),
        "any": measures.all_of(left, either) if left.any() else {},
        "rules": _rank_only(left, rules),
        "outcomes": {name: _of_outcome(name, model, tested) for name, model in bundle.models.items()},
        "calibration": measures.calibration(left, either), "gain": measures.gain(left, either), "rules_gain": measures.gain(left, rules),
        "by_category": _by(test["category"].to_pylist(), left, either), "by_unit": _by([(it or "")[:7] for it in test["unit_code"].to_pylist()], left, either),
        "leaks": [{"column": it.column, "why": it.why, "figure": it.figure} for it in leaks],
        "dropped": {name: why for model in bundle.models.values() for name, why in model.encoding_.dropped.items()},
        "refused": refused, "top": _top(bundle, test, either),
    }  # fmt: skip


def _rank_only(left, score):
    """Points are no probabilities: only their order is measured."""
    measured = {"auc": measures.auc(left, score), "ap": measures.average_precision(left, score), "lift10": measures.lift(left, score)}
    return {name: measures.known(value) for name, value in measured.items()}


def _of_outcome(name, model, tested):
    left = tested["outcome"] == OUTCOMES.index(name)
    return {"champion": model.champion_, "candidates": model.candidates_, **measures.all_of(left, tested["parts"][name])}


def _by(names, left, p, fewest=200):
    names = np.array(["" if it is None else it for it in names])
    out = []
    for name in np.unique(names):
        here = names == name
        if here.sum() >= fewest:
            out.append({"name": str(name), **measures.all_of(left[here], p[here])})
    return out


def _top(bundle, test, either, most=3000, shown=20):
    """Columns by the mean size of what they add or take, in points, over the likeliest tested."""
    rows = np.argsort(-either, kind="stable")[:most]
    names, points = bundle.reasons(test.take(pa.array(rows)))
    size = np.abs(points).mean(axis=0)
    order = np.argsort(-size)[:shown]
    return [
        {"column": names[at], "points": round(float(size[at]), 3), "raises": round(float((points[:, at] > 0).mean()), 3)} for at in order
    ]


def _plain(detail):
    return {key: value if isinstance(value, str | int | float | list | dict) else str(value) for key, value in detail.items()}

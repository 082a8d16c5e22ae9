"""How good probabilities are. Never accuracy alone: on rare leavers it is the majority class that scores high."""

import numpy as np

BINS = 10


def order(score) -> np.ndarray:
    """Rows from the highest score; ties in the order of the rows, so that every machine agrees."""
    return np.argsort(-np.asarray(score, float), kind="stable")


def auc(left, score) -> float:
    left, score = np.asarray(left, bool), np.asarray(score, float)
    positive, negative = left.sum(), (~left).sum()
    if not positive or not negative:
        return float("nan")
    _, where, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[where]
    return float((rank[left].sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(left, score) -> float:
    left, score = np.asarray(left, float), np.asarray(score, float)
    if not left.sum():
        return float("nan")
    at = order(score)
    hits, sorted_score = np.cumsum(left[at]), score[at]
    last = np.flatnonzero(np.append(np.diff(sorted_score) != 0, True))  # ties are called together
    found = hits[last]
    precision, gained = found / (last + 1), np.diff(np.concatenate([[0], found])) / left.sum()
    return float((precision * gained).sum())


def precision_behind(left, scores: dict, seed=42, times=40, most=8_000) -> dict[str, float]:
    """Standard error of how far each score's average precision lies behind the best one's, by drawing the same rows anew for all of them.

    Rows are shared, so what makes a draw easy makes it easy for all: the difference is known far better than either figure.
    """
    left = np.asarray(left, bool)
    random = np.random.default_rng(seed)
    gone, stayed = np.flatnonzero(left), np.flatnonzero(~left)
    weight = max(1.0, len(stayed) / most) / max(1.0, len(gone) / most)
    drawn: dict[str, list] = {name: [] for name in scores}
    for _ in range(times):
        a = random.choice(gone, min(len(gone), most))
        b = random.choice(stayed, min(len(stayed), most))
        rows, marks = np.concatenate([a, b]), np.concatenate([np.ones(len(a)), np.zeros(len(b))])
        for name, score in scores.items():
            drawn[name].append(_weighted_precision(marks, score[rows], weight))
    means = {name: np.mean(values) for name, values in drawn.items()}
    best = np.array(drawn[max(means, key=lambda name: means[name])])
    return {name: float(np.std(best - np.array(values))) for name, values in drawn.items()}


def _weighted_precision(left, score, weight):
    at = order(score)
    hits, misses = np.cumsum(left[at]), np.cumsum(1 - left[at]) * weight
    return float((left[at] * hits / (hits + misses)).sum() / left.sum())


def brier(left, p) -> float:
    return float(np.mean((np.asarray(p, float) - np.asarray(left, float)) ** 2))


def lift(left, score, share=0.1) -> float:
    """Leavers among the `share` called first, over what chance would find there."""
    left = np.asarray(left, float)
    first = max(1, round(len(left) * share))
    return float(left[order(score)[:first]].mean() / left.mean()) if left.sum() else float("nan")


def calibration(left, p, bins=BINS) -> list[dict]:
    """Bins of equally many: mean said, share that left, how many."""
    left, p = np.asarray(left, float), np.asarray(p, float)
    at = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(at, min(bins, len(at))) if len(part)]
    return [{"said": float(p[part].mean()), "left": float(left[part].mean()), "count": len(part)} for part in parts]


def calibration_error(left, p, bins=BINS) -> float:
    """Expected calibration error over bins of equally many."""
    curve = calibration(left, p, bins)
    return float(sum(it["count"] * abs(it["said"] - it["left"]) for it in curve) / sum(it["count"] for it in curve))


def gain(left, score, points=20) -> list[dict]:
    """Share of the leavers found by calling the first share of accounts."""
    left = np.asarray(left, float)
    found = np.cumsum(left[order(score)]) / max(left.sum(), 1)
    shares = np.linspace(0, 1, points + 1)
    return [{"called": float(share), "found": float(found[max(round(share * len(left)) - 1, 0)]) if share else 0.0} for share in shares]


def all_of(left, p, score=None) -> dict:
    """Every measure of one set of probabilities; `score` orders where it tells more apart than `p`."""
    by = p if score is None else score
    left = np.asarray(left, bool)
    return {
        "rows": len(left), "leavers": int(left.sum()), "base": float(left.mean()) if len(left) else None,
        "auc": known(auc(left, by)), "ap": known(average_precision(left, by)), "brier": brier(left, p),
        "lift10": known(lift(left, by)), "ece": calibration_error(left, p),
    }  # fmt: skip


def known(value):
    return None if value != value else round(float(value), 5)


def edges(values, bins=BINS) -> list[float]:
    """Inner borders of bins of equally many, for `stability`."""
    found = np.asarray(values, float)
    found = found[~np.isnan(found)]
    return sorted(set(np.quantile(found, np.linspace(0, 1, bins + 1)[1:-1]).tolist())) if len(found) else []


def shares(values, borders) -> list[float]:
    """Share in each bin, the last one for gaps."""
    found = np.asarray(values, float)
    gap = np.isnan(found)
    counts = np.bincount(np.searchsorted(borders, found[~gap], side="right"), minlength=len(borders) + 1)
    return (np.append(counts, gap.sum()) / max(len(found), 1)).tolist()


def stability(then, now) -> float:
    """Population stability index of two lists of shares: under 0.1 nothing moved, from 0.25 on the model speaks of another population."""
    a, b = np.maximum(np.asarray(then, float), 1e-4), np.maximum(np.asarray(now, float), 1e-4)
    return float(((b - a) * np.log(b / a)).sum())


def beats_the_rules(card) -> bool:
    """May it take the place of the rules? Not where it finds leavers worse than they do on the same test."""
    return bool(card.get("any")) and (card["any"]["ap"] or 0) >= ((card.get("rules") or {}).get("ap") or 0)

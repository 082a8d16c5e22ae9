"""From shapes to groups: the centres, who is nearest to which, their numbers, and a shallow tree that says who belongs."""

from dataclasses import dataclass

import numpy as np

from .choosing import SEED, Candidate, Settings, candidates, choose, sample_of
from .matching import Centroid, numbers_for, stability
from .shapes import Shapes
from .words import suggest

DEPTH = 3
RULES_PER_GROUP = 2
LEAF = 0.01


@dataclass(frozen=True)
class FoundGroup:
    """`number` stays between runs; `rules` [{"conditions": [[measure, low, high]], "share", "right"}] largest first: the share of the group it
    holds, and how many of those it names are in the group; null bounds are open. `shape`: what `words.suggest` made of the centre."""

    number: int
    size: int
    centre: tuple[float, ...]
    rules: list
    shape: list


@dataclass(frozen=True)
class Found:
    kind: str
    columns: tuple[str, ...]
    account_id: np.ndarray
    number: np.ndarray
    groups: list[FoundGroup]
    tried: list[Candidate]
    chosen: Candidate
    fidelity: float
    stability: float | None
    left_out: int
    notes: dict


def get_ready():
    """Load what grouping takes of scikit-learn: a second, which a run has to spare at its beginning."""
    import sklearn.cluster
    import sklearn.metrics
    import sklearn.tree  # noqa: F401


def group(shapes: Shapes, settings: Settings | None = None, *, before: list[Centroid] | None = None, labels_before=None) -> Found:
    """`before`: every group there ever was, so that no number is given twice; `labels_before`: (account_id, number) of the run in force."""
    from threadpoolctl import threadpool_limits

    # One thread: sums in one order give the same digits everywhere, and for so few rows threads wait longer than they work.
    with threadpool_limits(1):
        return _group(shapes, settings or Settings(), before or [], labels_before)


def _group(shapes, settings, before, labels_before):
    sample = sample_of(shapes.account_id)
    tried = candidates(shapes, sample, settings)
    held = set() if labels_before is None else set(np.unique(labels_before[1]).tolist())
    chosen, centres, labels = choose(tried, settings, len(held) or None)
    sizes = np.bincount(labels, minlength=chosen.k)
    numbers = np.array(numbers_for(shapes.columns, centres, before, sizes))
    told, fidelity = _told(shapes, labels, sample, chosen.k)
    usual = shapes.values.mean(axis=0)
    shapes_said = suggest(shapes.kind, shapes.columns, centres, usual)
    groups = [
        FoundGroup(int(numbers[at]), int(sizes[at]), tuple(centres[at].tolist()), told[at], shapes_said[at]) for at in range(chosen.k)
    ]
    own = numbers[labels].astype(np.int32)
    return Found(
        shapes.kind, shapes.columns, shapes.account_id, own, sorted(groups, key=lambda it: (-it.size, it.number)), [one[0] for one in tried],
        chosen, fidelity, stability(shapes.account_id, own, labels_before) if held else None, shapes.left_out, shapes.notes,
    )  # fmt: skip


def _told(shapes, labels, sample, k):
    """(rules by group, fidelity): a tree of depth `DEPTH` grown on half of the sample, its fidelity taken on the other half."""
    from sklearn.tree import DecisionTreeClassifier

    grown, held = sample[::2], sample[1::2]
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=max(2, int(LEAF * len(grown))), random_state=SEED)
    tree.fit(shapes.shown[grown], labels[grown])
    fidelity = float((tree.predict(shapes.shown[held]) == labels[held]).mean()) if len(held) else 1.0
    leaf_of, group_of = tree.apply(shapes.shown[sample]), labels[sample]
    rules: list[list] = [[] for _ in range(k)]
    for leaf, bounds in _leaves(tree.tree_):
        inside = group_of[leaf_of == leaf]
        if not len(inside):
            continue
        number = int(tree.classes_[tree.tree_.value[leaf][0].argmax()])
        many, whole = int((inside == number).sum()), int((group_of == number).sum())
        conditions = [[shapes.said[at], *[None if not np.isfinite(end) else round(float(end), 4) for end in ends]] for at, ends in bounds]
        if whole and many:
            rules[number].append({"conditions": conditions, "share": round(many / whole, 4), "right": round(many / len(inside), 4)})
    return [sorted(told, key=lambda it: -it["share"])[:RULES_PER_GROUP] for told in rules], round(fidelity, 4)


def _leaves(tree):
    """(leaf, [(measure, (low, high))]) of every leaf: the bounds a path puts on each measure, taken together."""
    waiting = [(0, {})]
    while waiting:
        node, bounds = waiting.pop()
        if tree.children_left[node] < 0:
            yield node, sorted(bounds.items())
            continue
        at, cut = int(tree.feature[node]), float(tree.threshold[node])
        low, high = bounds.get(at, (-np.inf, np.inf))
        waiting.append((tree.children_left[node], bounds | {at: (low, min(high, cut))}))
        waiting.append((tree.children_right[node], bounds | {at: (max(low, cut), high)}))

"""Learning from the labelled phrases. scikit-learn is needed here and not where a text is read."""

import datetime as dt
import random
from dataclasses import dataclass

import numpy as np

from crm.triage import classifier, corpus
from crm.triage.rules import major_by_rule


@dataclass(frozen=True)
class Trained:
    """`accuracy`: share of phrases guessed right by models that had not seen them, per task (of synthetic phrases: a hint, no promise)."""

    version: str
    examples: int
    accuracy: dict[str, float]


def phrases() -> dict[str, list[tuple[str, str]]]:
    """`{task: [(phrase, label)]}` as they stand in the corpus."""
    return {
        "matter": [(phrase, label) for label, told in corpus.MATTERS.items() for phrase in told.split("|")],
        "kind": [(phrase, label) for label, told in corpus.KINDS.items() for phrase in told.split("|")],
        "severity": [(phrase, "major") for phrase in corpus.MAJOR.split("|")]
        + [(phrase, "normal") for phrase in corpus.ORDINARY.split("|")]
        # What people usually complain about is usually no major case.
        + [(phrase, "normal") for told in corpus.MATTERS.values() for phrase in told.split("|") if not major_by_rule(phrase)],
    }


def examples(task: str, *, seed: int = 7) -> list[tuple[str, str, int]]:
    """`[(text, label, number of the phrase)]`: each phrase dressed in ways people begin and end, and beside a phrase of another task, so that
    what decides is the phrase. Variants of one phrase share its number: they must not stand on both sides of a test."""
    draw, found, known = random.Random(seed), [], phrases()
    others = [phrase for name, rows in known.items() if name != task for phrase, _label in rows]
    for number, (phrase, label) in enumerate(known[task]):
        chinese = not phrase.isascii()
        beside = [other for other in others if other.isascii() != chinese]
        found.append((phrase, label, number))
        for _ in range(4):
            opening, ending = draw.choice(corpus.OPENINGS), draw.choice(corpus.ENDINGS)
            company = draw.choice(beside) if task == "kind" and draw.random() < 0.5 else ""
            joined = f"{opening}{phrase}{'，' if chinese else ', '}{company}{ending}" if company else f"{opening}{phrase}{ending}"
            found.append((joined, label, number))
    return found


def _matrix(texts):
    from scipy.sparse import csr_matrix

    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        buckets, weights, _named = classifier.features(text)
        rows += [row] * len(buckets)
        columns += buckets.tolist()
        values += weights.tolist()
    return csr_matrix((values, (rows, columns)), shape=(len(texts), classifier.BUCKETS))


def _model():
    from sklearn.svm import LinearSVC

    return LinearSVC(C=0.5, class_weight="balanced", random_state=7)


def train(*, path=classifier.WEIGHTS, on: dt.date) -> Trained:
    """Learn every task, test it on phrases held back, write the weights; deterministic."""
    arrays: dict[str, np.ndarray] = {}
    accuracy, count = {}, 0
    for task in classifier.TASKS:
        rows = examples(task)
        known, labels, numbers = _matrix([text for text, _, _ in rows]), [label for _, label, _ in rows], [number for *_, number in rows]
        accuracy[task], warmth = _tested(known, labels, numbers)
        arrays |= _weights(task, _model().fit(known, labels), warmth)
        count += len(rows)
    version = f"{on:%Y-%m-%d}"
    np.savez_compressed(path, version=np.array(version), **arrays)  # type: ignore[arg-type]  # the stubs know no names of one's own
    classifier.load.cache_clear()
    return Trained(version, count, accuracy)


def _tested(known, labels, numbers):
    """The share guessed right of phrases held back, and by how much scores are stretched so that a confidence means what it says (Platt's idea
    with one number: the likeliest for the phrases held back)."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    scores = cross_val_predict(_model(), known, labels, groups=numbers, cv=GroupKFold(5), method="decision_function")
    _classes, true = np.unique(labels, return_inverse=True)
    if scores.ndim == 1:
        scores = np.column_stack([-scores / 2, scores / 2])
    right = float((scores.argmax(axis=1) == true).mean())
    stretches = np.geomspace(0.5, 20, 40)
    return round(right, 3), float(max(stretches, key=lambda stretch: _likelihood(scores * stretch, true)))


def _likelihood(scores, true):
    scores = scores - scores.max(axis=1, keepdims=True)
    return float((scores[np.arange(len(true)), true] - np.log(np.exp(scores).sum(axis=1))).mean())


def _weights(task, model, warmth):
    """Two labels have one line in scikit-learn: minus and plus half of it gives the same odds."""
    lines, bias = model.coef_ * warmth, model.intercept_ * warmth
    if len(model.classes_) == 2:
        lines, bias = np.vstack([-lines / 2, lines / 2]), np.concatenate([-bias / 2, bias / 2])
    return {
        f"{task}_labels": np.array(model.classes_, dtype=str),
        f"{task}_weights": np.where(np.abs(lines) < 0.05, 0, lines).astype(np.float16),
        f"{task}_bias": bias.astype(np.float32),
    }

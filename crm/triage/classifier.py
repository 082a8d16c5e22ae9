"""A small linear classifier over character n-grams: no segmenter, so Chinese and English are read alike. Pure: NumPy, no Django.

Weights are plain arrays (`weights.npz`, read without pickle), made by `manage.py train_triage` from labelled synthetic phrases.
"""

import math
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).with_name("weights.npz")
BUCKETS = 1 << 13
READ = 600  # characters of a text: what matters is said at the beginning
TASKS = ("kind", "matter", "severity")


@dataclass(frozen=True)
class Guess:
    """`confidence`: 0 to 1. `words`: the parts of the text that spoke for it most."""

    label: str
    confidence: float
    words: tuple[str, ...] = ()


RUNS = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
EVERYWHERE = frozenset(
    (
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "at",
        "on",
        "is",
        "are",
        "was",
        "were",
        "i",
        "my",
        "me",
        "and",
        "it",
        "or",
        "for",
        "not",
        "no",
        "be",
    )
)


def grams(text: str) -> list[str]:
    """What a text is made of: of Latin script words and their runs of four letters, of Chinese runs of one to three characters."""
    found: list[str] = []
    for run in RUNS.findall(text[:READ].lower()):
        if run.isascii():
            if run not in EVERYWHERE:
                found.append(run)
                found += [run[at : at + 4] for at in range(len(run) - 3) if len(run) > 4]
        else:
            found += [run[at : at + length] for length in (1, 2, 3) for at in range(len(run) - length + 1)]
    return found


def features(text: str) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """`(buckets, values, gram of each bucket)`: dampened counts of unit length."""
    counts: dict[int, int] = {}
    named: dict[int, str] = {}
    for gram in grams(text):
        bucket = zlib.crc32(gram.encode()) % BUCKETS
        counts[bucket] = counts.get(bucket, 0) + 1
        named[bucket] = gram
    values = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
    norm = float(np.linalg.norm(values)) or 1.0
    return np.fromiter(counts, dtype=np.int64, count=len(counts)), values / norm, named


@lru_cache(maxsize=1)
def load(path: Path = WEIGHTS) -> tuple[dict[str, tuple[list[str], np.ndarray, np.ndarray]], str]:
    """`{task: (labels, weights, intercepts)}` and the model's version."""
    with np.load(path, allow_pickle=False) as arrays:
        # Buckets first: a text touches a few hundred rows, which then lie together in memory.
        tasks = {
            task: (
                [str(label) for label in arrays[f"{task}_labels"]],
                np.ascontiguousarray(arrays[f"{task}_weights"].astype(np.float32).T),
                arrays[f"{task}_bias"].astype(np.float32),
            )
            for task in TASKS
        }
        return tasks, str(arrays["version"])


def guess(text: str) -> dict[str, Guess]:
    """`{"kind": Guess, "matter": Guess, "severity": Guess}`; empty for a text without words. `matter` is `class/topic`."""
    buckets, values, named = features(text)
    if len(buckets) < 4:
        return {}
    tasks, _version = load()
    whole = set(RUNS.findall(text[:READ].lower()))
    return {task: _best(*tasks[task], buckets, values, named, whole) for task in tasks}


def _best(labels, weights, bias, buckets, values, named, whole):
    touched = weights[buckets]
    scores = values @ touched + bias
    odds = np.exp(scores - scores.max())
    best = int(scores.argmax())
    pulled = values * touched[:, best]
    strongest = [named[int(buckets[at])].strip() for at in np.argsort(-pulled)[:12] if pulled[at] > 0]
    return Guess(labels[best], round(float(odds[best] / odds.sum()), 3), _plain(strongest, whole))


def _plain(strongest, whole):
    """Three of them that a person can read: whole words, Chinese of two characters and more, none part of another."""
    kept: list[str] = []
    for gram in sorted(dict.fromkeys(strongest), key=len, reverse=True):
        readable = gram in whole or (not gram.isascii() and len(gram) > 1)
        if readable and not any(gram in other for other in kept):
            kept.append(gram)
    return tuple(sorted(kept, key=strongest.index)[:3])


def version() -> str:
    return load()[1]

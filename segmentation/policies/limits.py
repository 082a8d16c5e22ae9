"""What a new version of a credit policy may say, number by number. Pure: a fault is a code with its numbers; `credit_words.py` says it.

Older than these limits are the published versions, which the engine goes on reading as they are.
"""

from collections.abc import Mapping
from math import isfinite

POINTS = 100.0  # an account begins with them, and cannot lose more
# Points lost each time, and the most of them.
WITHIN = (
    ("late_points", "late_most"),
    ("day_points", "day_most"),
    ("arrears_points", "arrears_most"),
    ("arrears_month_points", "arrears_most"),
)
MOST = ("late_most", "day_most", "arrears_most")
# Whole numbers and spans, with the least and the largest that means anything.
SPANS = {"forced_debt_months": (1, 12), "theft_years": (0, 20), "new_years": (0, 10), "new_bills": (0, 36)}

Fault = tuple[str, str, dict]  # (number, code, what to say)


def faults(body: Mapping) -> list[Fault]:
    """[(number, code, numbers)] of a whole body; empty: it may be drafted."""
    numbers = {
        name: value for name, value in body.items() if not isinstance(value, bool) and isinstance(value, int | float) and isfinite(value)
    }
    if unread := [(name, "not_a_number", {}) for name in body if name not in numbers]:
        return unread
    return [*_borders(numbers), *_points(numbers), *_spans(numbers)]


def _borders(it):
    if not 0 < it["b_from"] < POINTS:
        yield "b_from", "border_of_b", {}
    elif not it["b_from"] < it["a_from"] <= POINTS:
        yield "a_from", "border_of_a", {"b_from": it["b_from"]}
    elif not it["b_from"] <= it["start"] < it["a_from"]:
        yield "start", "start_outside_b", {"b_from": it["b_from"], "a_from": it["a_from"]}


def _points(it):
    wrong = {name for pair in WITHIN for name in pair if not 0 <= it[name] <= POINTS}
    yield from ((name, "not_points", {}) for name in sorted(wrong))
    if wrong:
        return
    for each, most in WITHIN:
        if it[each] > it[most]:
            yield each, "over_its_limit", {"most": it[most]}
    if (whole := sum(it[name] for name in MOST)) > POINTS:
        yield "arrears_most", "too_many_points", {"sum": whole}


def _spans(it):
    for name, (least, largest) in SPANS.items():
        if not least <= it[name] <= largest:
            yield name, "out_of_span", {"least": least, "largest": largest}
        elif name in ("forced_debt_months", "new_bills") and it[name] != int(it[name]):
            yield name, "not_whole", {}


def lowest(body: Mapping) -> float:
    """The score of an account that does everything late."""
    return max(POINTS - sum(body[name] for name in MOST), 0.0)

"""The numbers of a policy as rows people read and edit: what each is called, in which unit, where it comes from.

Marks: V a verified public rule, 1 one published source, U our own starting value, to be confirmed by the utility.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.display.rules import number
from segmentation.engine.explain import label as indicator_label
from segmentation.engine.policy import GROUPS, Indicator
from segmentation.engine.weights import ahp

VERIFIED, ONE_SOURCE, OURS = "V", "1", "U"


@dataclass(frozen=True)
class Number:
    """`path` into the body; `unit` "%" means the stored share is shown and typed in percent."""

    path: tuple[str, ...]
    label: str
    unit: str = ""
    mark: str = OURS
    group: str = ""

    def stored(self, body: dict):
        for key in self.path:
            body = body[key]
        return body

    def shown(self, body: dict):
        value = self.stored(body)
        return round(value * 100, 6) if self.unit == "%" else value

    @property
    def name(self) -> str:
        return "__".join(self.path)


def plain(value) -> str:
    """A number of a policy as people write it: `3` rather than `3.0`."""
    return number(value, 0 if value == int(value) else len(f"{value:.4f}".rstrip("0").partition(".")[2]))


def mark_words() -> dict[str, str]:
    return {
        VERIFIED: _("Public rule"),
        ONE_SOURCE: _("One published source"),
        OURS: _("Our starting value, to be confirmed by the utility"),
    }


def tier_words() -> dict[str, str]:
    return {"diamond": _("Diamond"), "platinum": _("Platinum"), "gold": _("Gold"), "silver": _("Silver")}


def numbers_of(kind: str, body: dict) -> list[Number]:
    """The numbers of a body that people edit on the page, in reading order."""
    return list({"value": _value, "credit": _credit, "warning": _warning}[kind](body))


def _value(body) -> Iterator[Number]:
    tiers = tier_words()
    peers = {"default": _("Share of accounts: all categories but homes"), "residential": _("Share of accounts: residential")}
    for peer, shares in body["shares"].items():
        for tier in tiers:
            if tier in shares:
                yield Number(("shares", peer, tier), tiers[tier], "%", OURS, peers.get(peer, peer))
    for tier in tiers:
        yield Number(("cutoffs", tier), tiers[tier], _("points"), OURS, _("Score a tier begins at, where tiers go by score"))
    hysteresis = _("Leaving a tier")
    yield Number(("margin",), _("Points past the border that move an account at once"), _("points"), OURS, hysteresis)
    yield Number(("runs",), _("Runs in a row that move it otherwise"), "", OURS, hysteresis)
    score = _("Score")
    yield Number(("current_share",), _("Weight of current value; the rest is potential value"), "%", OURS, score)
    yield Number(("winsor",), _("Cut off at either end before scaling"), "%", OURS, score)
    yield Number(("min_peers",), _("A set of peers with fewer accounts is compared with everybody"), _("accounts"), OURS, score)
    quadrant = _("Quadrants")
    yield Number(("quadrant_cuts", "current"), _("High current value from"), _("points"), OURS, quadrant)
    yield Number(("quadrant_cuts", "potential"), _("High potential value from"), _("points"), OURS, quadrant)


def _credit(body) -> Iterator[Number]:
    grades, late, debt, forced = _("Grades"), _("Late payment"), _("Overdue now"), _("Forced grade C and new accounts")
    points = _("points")
    yield Number(("a_from",), _("Grade A from"), points, ONE_SOURCE, grades)
    yield Number(("b_from",), _("Grade B from"), points, ONE_SOURCE, grades)
    yield Number(("start",), _("A new account starts at"), points, OURS, grades)
    yield Number(("late_points",), _("Lost for each late bill of 12 months"), points, OURS, late)
    yield Number(("late_most",), _("Lost for late bills at most"), points, OURS, late)
    yield Number(("day_points",), _("Lost for each mean day late"), points, OURS, late)
    yield Number(("day_most",), _("Lost for days late at most"), points, OURS, late)
    yield Number(("arrears_points",), _("Lost when something is overdue"), points, OURS, debt)
    yield Number(("arrears_month_points",), _("Lost for each 30 days of the oldest debt"), points, OURS, debt)
    yield Number(("arrears_most",), _("Lost for debt at most"), points, OURS, debt)
    yield Number(("forced_debt_months",), _("Months of this year's debt that force C"), _("months"), ONE_SOURCE, forced)
    yield Number(("theft_years",), _("Grade C after theft for"), _("years"), ONE_SOURCE, forced)
    yield Number(("new_years",), _("An account is new for"), _("years"), OURS, forced)
    yield Number(("new_bills",), _("An account is new until this many bills"), _("bills"), OURS, forced)


def warning_words() -> dict[str, str]:
    return {
        "stopped": _("Use has stopped"),
        "collapsed": _("Use has collapsed"),
        "returned": _("Use came back after a collapse"),
        "usage_down": _("Last 3 months below the year before"),
        "month_down": _("Latest month below the year before"),
        "worsening": _("The fall is speeding up"),
        "base_down": _("A year's use below its best year"),
        "young_down": _("Last 3 months below the 3 before"),
        "self_supply": _("Own generation and falling use"),
        "price_up": _("Average price rose"),
        "capacity_idle": _("Contract capacity idle"),
        "contract_end": _("Contract ends soon"),
        "arrears": _("Arrears"),
        "complaints": _("Complaints in 90 days"),
        "open_complaints": _("Complaints still open"),
    }


def _warning(body) -> Iterator[Number]:
    bands, points = _("Bands"), _("points")
    for band, label in (("high", _("High risk from")), ("elevated", _("Elevated risk from")), ("watch", _("Watch from"))):
        yield Number(("bands", band), label, points, OURS, bands)
    for key, label in warning_words().items():
        if isinstance(body.get(key), dict):
            yield Number((key, "points"), label, points, OURS, _("Most points a rule gives"))
        elif key in body:
            yield Number((key,), label, points, OURS, _("Points of a state of use"))


def weights_of(body: dict, language: str) -> list[dict]:
    """Indicators of a value policy with their share in the whole score, by group: for the bars. Entropy weights are known only to a run."""
    groups = []
    for group in GROUPS:
        indicators = [Indicator(**it) for it in body["indicators"] if it["group"] == group]
        weights, ratio = _within(body, group, len(indicators))
        share = body["current_share"] if group == "current" else 1 - body["current_share"]
        rows = [
            {
                "label": indicator_label(it.feature, language),
                "better": it.better,
                "weight": weight,
                "of_whole": None if weight is None else weight * share,
            }
            for it, weight in zip(indicators, weights, strict=True)
        ]
        groups.append(
            {"label": side_words()[group], "share": share, "consistency": ratio, "rows": rows, "method": method_words()[body["method"]]}
        )
    return groups


def _within(body, group, many):
    if body["method"] == "hand":
        return list(body["weights"][group]), None
    if body["method"] == "ahp":
        return ahp(body["pairwise"][group])
    return [None] * many, ahp(body["pairwise"][group])[1] if body["method"] == "combined" else None


def side_words() -> dict[str, str]:
    return {"current": _("Current value"), "potential": _("Potential value")}


def method_words() -> dict[str, str]:
    return {
        "ahp": _("Pairwise judgement"),
        "entropy": _("Entropy: by what tells accounts apart"),
        "combined": _("Judgement times entropy"),
        "hand": _("By hand"),
    }


def peer_words() -> dict[str, str]:
    return {
        "category": _("Accounts of the same category"),
        "voltage": _("High voltage among high, low among low"),
        "branch": _("Accounts of the same branch"),
        "everybody": _("Everybody"),
    }


def tier_by_words() -> dict[str, str]:
    return {"share": _("By share of the peers"), "cutoff": _("By score")}


def important_words() -> dict[str, str]:
    return {"special": _("Special important customer"), "1": _("Important customer, grade 1"), "2": _("Important customer, grade 2"),
            "temporary": _("Temporarily important customer")}  # fmt: skip


def rules_of(body: dict) -> list[dict]:
    """What a value policy chooses, and its gates, as rows: label, what it says, why."""
    tiers = tier_words() | {"standard": _("Standard")}
    rows = [
        {"label": _("Weights"), "says": method_words()[body["method"]], "why": ""},
        {"label": _("Compared with"), "says": peer_words()[body["peers_by"]], "why": ""},
        {"label": _("Tiers"), "says": tier_by_words()[body["tier_by"]], "why": ""},
    ]
    for grade, tier in sorted(body["gate"].items()):
        rows.append(
            {
                "label": _("Credit grade %(grade)s") % {"grade": grade},
                "says": _("at most %(tier)s") % {"tier": tiers[tier]},
                "why": gate_why(),
            }
        )
    for grade, tier in sorted(body["floor"].items()):
        rows.append({"label": important_words()[grade], "says": _("at least %(tier)s") % {"tier": tiers[tier]}, "why": floor_why()})
    return rows


def gate_why() -> str:
    return _("Who pays badly gets no best service, however much is used; it holds at once.")


def floor_why() -> str:
    return _("An interruption there endangers lives or the public; it comes before credit and score.")


def steps_of(policy) -> list[dict]:
    """The way of a version as a stepper: label, whether it is done, and where it stands now."""
    states = ["draft", "simulated", "submitted", "published"]
    labels = [_("Draft"), _("Simulated"), _("Submitted"), _("In force")]
    at = states.index("published" if policy.state == "retired" else policy.state)
    return [{"label": label, "done": place < at or at == 3, "now": place == at} for place, label in enumerate(labels)]


def differences(kind: str, body: dict, other: dict) -> list[dict]:
    """Numbers that differ between two bodies of a kind: label, unit, before (in `other`), after (in `body`)."""
    found = []
    for it in numbers_of(kind, body):
        try:
            before = it.shown(other)
        except KeyError:
            before = None
        if before != it.shown(body):
            told = {"before": None if before is None else plain(before), "after": plain(it.shown(body))}
            found.append({"label": it.label, "group": it.group, "unit": it.unit, **told})
    return [*_chosen_otherwise(body, other), *found] if kind == "value" else found


def _chosen_otherwise(body, other):
    """Choices, gates and weights of a value policy that differ."""
    rules, weights = _("Choices and gates"), _("Weights")
    said = [{rule["label"]: rule["says"] for rule in rules_of(it)} for it in (other, body)]
    shares = [
        {f"{side['label']}: {row['label']}": row["of_whole"] for side in weights_of(it, get_language()) for row in side["rows"]}
        for it in (other, body)
    ]
    for group, (before, after), unit in ((rules, said, ""), (weights, shares, "%")):
        for label in dict.fromkeys([*before, *after]):
            old, new = before.get(label), after.get(label)
            if old != new:
                yield {"label": label, "group": group, "unit": unit, "before": _percent(old), "after": _percent(new)}


def _percent(value):
    return round(value * 100, 1) if isinstance(value, float) else value

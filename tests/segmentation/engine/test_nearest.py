"""The nearest change, tried: with the value it names the score does what it says, and with the one before it does not."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from segmentation.engine import nearest, nearest_credit, nearest_words
from segmentation.engine.judge import KEPT, assess, stages, used_of
from segmentation.engine.policy import GROUPS, TIERS, CreditPolicy, Policy
from segmentation.engine.tiers import quadrant

from .facts import AS_OF
from .made_utility import made

POLICY = Policy()
NAMES = [it.feature for it in POLICY.value.indicators]


@pytest.fixture(scope="module")
def judged():
    return dict(stages(made(accounts=150), as_of=AS_OF))


@pytest.fixture(scope="module")
def looked(judged):
    """(row, Close, standing) of every judged account."""
    features, rows = judged["features"], judged["standing"].to_pylist()
    values = np.column_stack([features[name].cast(pa.float64()).to_numpy() for name in NAMES])
    sets = np.array([row["peer_set"] for row in rows], dtype=object)
    scored = np.array([row["value_score"] is not None for row in rows])
    used = used_of(judged["value"])[""]

    def look(at):
        peers = scored & (np.arange(len(rows)) != at) & ((sets == sets[at]) if sets[at] != "all" else True)
        return nearest.close(values[at], values[peers], used["weights"], POLICY.value)

    return [(at, look(at), rows[at], used["borders"][rows[at]["peer_set"]]) for at in np.flatnonzero(scored)]


def with_change(features, at, change):
    """The table with one account's one value changed."""
    column = features[change.feature].to_pylist()
    column[at] = int(change.needed) if pa.types.is_integer(features.schema.field(change.feature).type) else change.needed
    place = features.column_names.index(change.feature)
    return features.set_column(place, change.feature, pa.array(column, features.schema.field(place).type))


def test_an_account_looked_at_alone_has_the_score_the_run_gave_it(looked):
    for _at, close, row, _borders in looked:
        assert close.score == pytest.approx(row["value_score"], abs=0.051)
        assert close.side("current") == pytest.approx(row["current_score"], abs=0.051)


def test_the_change_that_would_move_a_tier_does_move_the_score_past_its_border(judged, looked):
    tried = 0
    for at, close, row, borders in looked[::3]:
        found = nearest.of_tier(close, row["tier"], borders)
        for way, it in found.items():
            if it["change"] is None:
                continue
            score = assess(with_change(judged["features"], at, it["change"]), POLICY)[0].score[at]
            border = borders[TIERS.index(it["to"] if way == "rise" else row["tier"])]
            assert (score >= border - 0.051) if way == "rise" else (score < border), (row["account_id"], way, it)
            tried += 1
    assert tried > 10


def test_no_smaller_change_of_that_indicator_would_do(looked):
    for _at, close, row, borders in looked[::5]:
        rise = nearest.of_tier(close, row["tier"], borders).get("rise")
        if not rise or rise["change"] is None:
            continue
        column = NAMES.index(rise["change"].feature)
        smaller = [
            it
            for it in np.unique(close.others[column])
            if abs(it - close.values[column]) < abs(rise["change"].needed - close.values[column])
        ]
        reached = close.at(column, np.array(smaller)) if smaller else np.array([])
        assert (close.share[column] * (reached - close.scaled[column]) < rise["points"] + 0.051).all()


def test_the_change_that_would_move_a_quadrant_does_move_it(judged, looked):
    tried = 0
    for at, close, row, _borders in looked[::4]:
        for it in nearest.of_quadrant(close):
            assert it["to"] != row["quadrant"] or abs(it["points"]) < 0.1
            if it["change"] is None:
                continue
            valued = assess(with_change(judged["features"], at, it["change"]), POLICY)[0]
            moved = quadrant(valued.current[at : at + 1], valued.potential[at : at + 1], POLICY.value)[0]
            if abs(getattr(valued, it["side"])[at] - it["border"]) > 0.1:
                assert moved == it["to"], (row["account_id"], it)
                tried += 1
    assert tried > 10


CREDIT = CreditPolicy()
FACTS = {"late_count_12m": 0, "dues_12m_count": 12, "days_late_mean": None, "arrears_fen": 0, "arrears_days": None, "debt_months": 0,
         "old_debt_fen": 0, "tenure_years": 5.0, "theft_on": None, "hazard_open": False, "debt_plan_signed": None, "prepaid": False}  # fmt: skip


@pytest.fixture(scope="module")
def one(judged):
    """`one(late_count_12m=5)`: the kept features of one account with these facts."""
    kept = judged["features"].select(list(KEPT)).slice(0, 1)

    def make(**facts):
        row = kept
        for name, value in (FACTS | facts).items():
            place = row.column_names.index(name)
            row = row.set_column(place, name, pa.array([value], row.schema.field(place).type))
        return row

    return make


@pytest.mark.parametrize(
    ("facts", "grade", "rise", "fall"),
    [
        ({}, "A", None, ("more_late", 4, "B")),
        ({"late_count_12m": 5, "days_late_mean": 2.0}, "B", ("fewer_late", 2, "A"), ("more_late", 5, "C")),
        ({"arrears_fen": 500_000, "arrears_days": 40}, "B", ("pay", 500_000, "A"), ("more_late", 5, "C")),
        ({"arrears_fen": 500_000, "arrears_days": 95, "debt_months": 3}, "C", ("pay", 500_000, "A"), None),
        ({"hazard_open": True}, "C", None, None),
    ],
)
def test_the_smallest_change_of_a_grade_is_what_the_rules_say(one, facts, grade, rise, fall):
    found = nearest_credit.of_grade(one(**facts), None, AS_OF, CREDIT)
    assert found["grade"] == grade
    assert (found["rise"] and (found["rise"]["code"], found["rise"]["number"], found["rise"]["to"])) == rise
    assert (found["fall"] and (found["fall"]["code"], found["fall"]["number"], found["fall"]["to"])) == fall
    for language in ("en", "zh-hans"):
        assert all(line and "{" not in line for line in nearest_words.grade_words(found, language))


def test_two_steps_at_once_are_not_promised(one):
    found = nearest_credit.of_grade(one(arrears_fen=500_000, arrears_days=95, debt_months=3), "C", AS_OF, CREDIT)
    assert found["rise"]["to"] == "B"


def test_what_bars_a_grade_is_said_where_nothing_paid_helps(one):
    found = nearest_credit.of_grade(one(theft_on=AS_OF - dt.timedelta(days=90)), None, AS_OF, CREDIT)
    assert found["bars"] == ["theft"]
    assert nearest_words.grade_words(found, "en") == [
        "Nothing it pays raises the grade while this holds: Theft of electricity within two years: grade C"
    ]


def test_the_words_hold_the_numbers(looked):
    for _at, close, row, borders in looked[::10]:
        found = nearest.of_tier(close, row["tier"], borders)
        for language in ("en", "zh-hans"):
            said = nearest_words.tier_words(found, POLICY.value, language)
            assert set(said) == set(found)
            assert all(f"{found[way]['points']:.1f}" in said[way] for way in found)
            sides = nearest.of_quadrant(close)
            assert 1 <= len(sides) <= len(GROUPS), "a side of which nothing is known has no border to cross"
            lines = nearest_words.quadrant_words(sides, language)
            assert all(f"{row['points']:.1f}" in line for row, line in zip(sides, lines, strict=True))

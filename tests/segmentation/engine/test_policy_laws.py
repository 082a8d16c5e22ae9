"""What must hold of any policy: laws, tried on drawn numbers."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.engine import tiers
from segmentation.engine.judge import KEPT, rejudge, stages
from segmentation.engine.peers import peer_sets, ranked
from segmentation.engine.policy import Policy, PolicyError, ValuePolicy
from segmentation.engine.value import assess
from segmentation.engine.weights import Inconsistent, ahp, by_hand, entropy

from .facts import AS_OF
from .made_utility import made

positive = st.floats(0.05, 20)


@given(st.lists(positive, min_size=2, max_size=9))
def test_consistent_judgements_give_back_the_weights_they_were_made_from(importance):
    matrix = [[row / column for column in importance] for row in importance]
    weights, ratio = ahp(matrix)
    assert weights == pytest.approx(np.array(importance) / sum(importance), rel=1e-6)
    assert ratio == pytest.approx(0, abs=1e-6)


@given(st.lists(st.floats(0.8, 1.25), min_size=3, max_size=3), st.lists(positive, min_size=3, max_size=3))
def test_ahp_weights_are_the_eigenvector(slips, importance):
    matrix = np.array([[row / column for column in importance] for row in importance])
    for slip, (row, column) in zip(slips, itertools.combinations(range(3), 2), strict=True):
        matrix[row, column] *= slip
        matrix[column, row] = 1 / matrix[row, column]
    weights, _ratio = ahp(matrix)
    stretched = matrix @ weights / weights
    assert stretched == pytest.approx(np.full(3, stretched.mean()), rel=1e-8)


@given(st.lists(st.lists(st.floats(0.01, 100), min_size=3, max_size=3), min_size=2, max_size=30))
def test_entropy_is_its_closed_form(rows):
    scaled = np.array(rows)
    share = scaled / scaled.sum(axis=0)
    says = np.clip(1 + (share * np.log(share)).sum(axis=0) / np.log(len(rows)), 0, None)
    expected = says / says.sum() if says.sum() > 1e-12 else np.full(3, 1 / 3)
    assert entropy(scaled) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60))
def test_a_higher_value_never_has_a_lower_percentile(values):
    column = np.array(values)
    everyone = np.ones(len(column), bool)
    peers = peer_sets(["x"], np.zeros(len(column), int), everyone, least=2)
    order = np.argsort(column, kind="stable")
    assert (np.diff(ranked(column, peers, everyone)[1][order]) >= 0).all()


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_rows(random):
    policy, drawn = ValuePolicy(), np.random.default_rng(5)
    values, codes = drawn.gamma(2, 100, (80, len(policy.indicators))), np.arange(80) % 3
    order = list(range(80))
    random.shuffle(order)
    one = assess(values, ["a", "b", "c"], codes, np.zeros(80, bool), policy)
    other = assess(values[order], ["a", "b", "c"], codes[order], np.zeros(80, bool), policy)
    assert other.score == pytest.approx(one.score[order])


@given(st.lists(st.floats(-0.99, 0.99), min_size=1, max_size=12), st.floats(58, 88))
def test_noise_smaller_than_half_the_margin_never_makes_a_tier_flap(noise, score):
    """Of a steady score shaken by less than the margin the tier is left at most once: when it was wrong to begin with."""
    policy = ValuePolicy(tier_by="cutoff", margin=2.0, runs=99)
    borders = np.array([[0.0, *[policy.cutoffs[tier] for tier in ("silver", "gold", "platinum", "diamond")]]])
    level, held = -1, []
    for shake in noise:
        shaken = np.array([score + shake])
        raw = np.searchsorted(borders[0, 1:], shaken, "right")
        level = tiers.settle(raw, borders, shaken, np.array([level]), np.array([0]), np.array(["A"]), np.array([""]), policy).level[0]
        held.append(level)
    assert len(set(held)) == 1


@pytest.fixture(scope="module")
def utility():
    return made(accounts=150)


@pytest.fixture(scope="module")
def judged(utility):
    return dict(stages(utility, as_of=AS_OF))


def test_judging_again_from_what_a_run_kept_says_what_the_run_said(judged):
    again = rejudge(judged["features"].select(list(KEPT)), as_of=AS_OF, policy=Policy())
    for column in ("tier", "value_score", "current_score", "quadrant", "credit_grade", "credit_score", "tier_pressure_runs"):
        assert again[column].to_pylist() == judged["standing"][column].to_pylist(), column


def test_judging_again_by_another_policy_says_what_a_run_by_it_would(utility, judged):
    policy = Policy.from_dict({
        "value": {"method": "hand", "weights": {"current": [0.9, 0.1, 0, 0, 0], "potential": [0, 1, 0, 0]}, "peers_by": "everybody",
                  "tier_by": "cutoff", "gate": {"C": "silver"}},
        "credit": {"late_points": 9.0},
    })  # fmt: skip
    before = judged["standing"].select(["account_id", "tier", "value_score", "tier_pressure_runs", "credit_grade"])
    again = rejudge(judged["features"].select(list(KEPT)), as_of=AS_OF, policy=policy, previous=before)
    whole = dict(stages(utility, as_of=AS_OF, policy=policy, previous=before))["standing"]
    for column in ("tier", "value_score", "quadrant", "credit_grade", "tier_pressure_runs"):
        assert again[column].to_pylist() == whole[column].to_pylist(), column
    assert again["tier"].to_pylist() != judged["standing"]["tier"].to_pylist()


@pytest.mark.parametrize(
    ("peers_by", "sets"), [("voltage", {"high_voltage", "low_voltage"}), ("branch", {"33401"}), ("everybody", {"all"})]
)
def test_peers_are_who_the_policy_says(judged, peers_by, sets):
    again = rejudge(judged["features"].select(list(KEPT)), as_of=AS_OF, policy=Policy.from_dict({"value": {"peers_by": peers_by}}))
    assert set(again["peer_set"].to_pylist()) == sets


def test_a_special_important_customer_never_falls_below_its_floor_and_the_reason_says_so(judged):
    features = judged["features"].select(list(KEPT))
    place = features.column_names.index("important_grade")
    special = features.set_column(place, "important_grade", pa.array(["special"] * features.num_rows))
    again = rejudge(special, as_of=AS_OF, policy=Policy()).to_pylist()
    assert {row["tier"] for row in again if row["tier"] != "unscored"} <= {"gold", "platinum", "diamond"}
    assert any('"floor":["special","gold"]' in row["reasons"] for row in again)
    assert not any('"floor"' in row["reasons"] for row in again if row["tier"] in ("diamond", "platinum", "unscored"))


@pytest.mark.parametrize(
    ("given_weights", "says"), [([0.5, 0.4], "add up to 90.0 %"), ([1.5, -0.5], "negative"), ([1.0], "2 weights are wanted")]
)
def test_weights_by_hand_that_are_no_weights_are_refused(given_weights, says):
    with pytest.raises(Inconsistent, match=says):
        by_hand(given_weights, 2)


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        ({"peers_by": "colour"}, "peers_by"),
        ({"floor": {"special": "copper"}}, "floor"),
        ({"indicators": [{"feature": "kwh_12m", "group": "current"}] * 2 + [{"feature": "growth", "group": "potential"}]}, "twice"),
        ({"indicators": [{"feature": "growth", "group": "potential"}, {"feature": "cv", "group": "current"}]}, "needed"),
        ({"cutoffs": {"diamond": 60.0, "platinum": 80.0, "gold": 70.0, "silver": 58.0}}, "cut-off"),
        ({"min_peers": 0}, "min_peers"),
    ],
)
def test_what_cannot_be_a_value_policy_is_refused_by_name(stored, says):
    with pytest.raises(PolicyError, match=says):
        Policy.from_dict({"value": stored})

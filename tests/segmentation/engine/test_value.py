"""Value, tiers and their reasons."""

import json

import numpy as np
import pytest

from segmentation.engine import tiers
from segmentation.engine.peers import ALL, peer_sets, ranked, value_at
from segmentation.engine.policy import Policy, PolicyError, ValuePolicy
from segmentation.engine.value import assess, one_change
from segmentation.engine.weights import Inconsistent

from .facts import bills, judged, table, tables

POLICY = ValuePolicy()
NAN = float("nan")


def crowd(many, category="general_commercial", first=1, **more):
    """Accounts whose use grows with their number: account `first` uses least."""
    accounts = [{"account_id": first + it, "category": category, **more} for it in range(many)]
    rows = [row for it in range(many) for row in bills(first + it, [100 + 10 * it] * 24)]
    return accounts, rows


def test_equal_values_share_their_percentile_and_the_unknown_has_none():
    peers = peer_sets(["a"], np.zeros(5, int), np.ones(5, bool), least=1)
    values = np.array([1.0, 2.0, 2.0, 3.0, NAN])
    found = ranked(values, peers, np.ones(5, bool))[1]
    assert found[:4] == pytest.approx([0.125, 0.5, 0.5, 0.875])
    assert np.isnan(found[4])


def test_a_category_with_too_few_is_compared_with_everybody():
    codes = np.array([0] * 9 + [1])
    peers = peer_sets(["many", "few"], codes, np.ones(10, bool), least=5)
    assert [peers.names[code] for code in peers.codes[[0, 9]]] == ["many", ALL]
    found = ranked(np.arange(10.0), peers, np.ones(10, bool))[1]
    assert found[9] == pytest.approx(0.95)
    assert found[8] == pytest.approx(8.5 / 9)


def test_value_at_is_the_lowest_value_that_reaches_the_percentile():
    reference = np.array([10.0, 20.0, 30.0, 40.0])
    assert value_at(np.array([0.125, 0.4, 0.375, 0.99]), reference).tolist() == [10.0, 30.0, 20.0, 40.0]


def test_reasons_add_up_to_the_score():
    rng = np.random.default_rng(7)
    values = rng.gamma(2, 100, (200, len(POLICY.indicators)))
    values[rng.random(values.shape) < 0.2] = NAN
    values[:, 0] = np.abs(rng.normal(size=200))
    valued = assess(values, ["x"], np.zeros(200, int), np.zeros(200, bool), POLICY)
    assert valued.score == pytest.approx(50 + np.nansum(valued.effect, axis=1), abs=0.051)
    assert np.nansum(valued.share, axis=1) == pytest.approx(np.ones(200))


def test_an_unknown_indicator_gives_its_weight_to_the_known_ones_and_never_counts_as_zero():
    values = np.tile(np.arange(100.0)[:, None], (1, len(POLICY.indicators)))
    whole = assess(values, ["x"], np.zeros(100, int), np.zeros(100, bool), POLICY)
    values[99, 1:5] = NAN
    values[99, 5:] = NAN
    valued = assess(values, ["x"], np.zeros(100, int), np.zeros(100, bool), POLICY)
    assert valued.score[99] == 100 > whole.score[99]
    assert valued.potential[99] != valued.potential[99]  # nan: nothing of its potential is known


@pytest.mark.parametrize("method", ["ahp", "entropy", "combined"])
def test_every_way_to_weigh_scores_everybody(method):
    accounts, rows = crowd(40)
    standing = judged(tables(accounts, rows), policy=Policy.from_dict({"value": {"method": method}}))
    assert all(0 <= it["value_score"] <= 100 for it in standing.values())
    assert standing[40]["value_score"] > standing[1]["value_score"]


def test_an_account_without_use_known_is_unscored_and_not_in_the_lowest_tier():
    accounts, rows = crowd(30)
    row = judged(tables([*accounts, {"account_id": 99, "category": "general_commercial"}], rows))[99]
    assert (row["value_score"], row["tier"], row["quadrant"], row["risk_score"], row["risk_band"]) == (
        None,
        "unscored",
        "unscored",
        None,
        "unknown",
    )


def test_tiers_take_their_shares_from_the_top_of_the_peer_set():
    accounts, rows = crowd(200)
    standing = judged(tables(accounts, rows))
    tier = [standing[it]["tier"] for it in range(200, 0, -1)]
    assert tier == ["diamond"] + ["platinum"] * 4 + ["gold"] * 15 + ["silver"] * 40 + ["standard"] * 140


def test_residential_accounts_have_shares_of_their_own():
    accounts, rows = crowd(1000, "residential")
    tier = [it["tier"] for it in judged(tables(accounts, rows)).values()]
    assert [tier.count(name) for name in ("diamond", "platinum", "gold", "silver")] == [1, 4, 20, 100]


def test_equal_scores_are_parted_by_use_and_then_by_account():
    peers = peer_sets(["x"], np.zeros(3, int), np.ones(3, bool), least=1)
    policy = ValuePolicy(shares={"default": {"diamond": 0.4, "platinum": 0, "gold": 0, "silver": 0}})
    level, _ = tiers.place(np.array([50.0, 50.0, 50.0]), np.array([1.0, 2.0, 2.0]), np.array([1, 3, 2]), peers, np.ones(3, bool), policy)
    assert level.tolist() == [0, 0, 4]


BORDERS = np.tile([0.0, 58.0, 70.0, 80.0, 88.0], (1, 1))


def settle(score, before, pressure=0, grade="A", important=""):
    raw = np.array([int(np.searchsorted(BORDERS[0, 1:], score, "right"))])
    return tiers.settle(
        raw, BORDERS, np.array([score]), np.array([before]), np.array([pressure]), np.array([grade]), np.array([important]), POLICY
    )


@pytest.mark.parametrize(
    ("score", "before", "pressure", "level", "left"),
    [
        (69.0, 2, 0, 2, -1),  # a point under gold: kept, first run of pressure
        (69.0, 2, -1, 1, 0),  # the second run in a row: leaves
        (69.0, 2, 1, 2, -1),  # the run before pointed up: counting starts anew
        (67.9, 2, 0, 1, 0),  # past the margin: leaves at once
        (71.0, 1, 0, 1, 1),  # upward the same
        (72.0, 1, 0, 2, 0),
        (71.0, 1, 1, 2, 0),
        (71.0, 2, 1, 2, 0),  # in its tier: pressure is forgotten
        (10.0, -1, 0, 0, 0),  # none before: by score
    ],
)
def test_a_tier_is_left_by_a_margin_or_on_the_second_run_in_a_row(score, before, pressure, level, left):
    settled = settle(score, before, pressure)
    assert (settled.level[0], settled.pressure[0]) == (level, left)


def test_a_jump_over_several_tiers_is_measured_at_the_first_border_it_crosses():
    assert settle(80.5, 1).level[0] == 3


def test_credit_grade_c_bars_the_tiers_above_gold_at_once():
    settled = settle(90.0, 4, grade="C")
    assert (settled.level[0], settled.gated[0]) == (2, True)
    assert settle(90.0, 4, grade="B").level[0] == 4


def test_the_second_run_moves_an_account_the_first_one_kept():
    accounts, rows = crowd(100)
    first = judged(tables(accounts, rows))
    before = [{"account_id": it, "tier": "silver" if it == 70 else first[it]["tier"], "tier_pressure_runs": 0} for it in first]
    assert first[70]["tier"] == "standard"
    second = judged(tables(accounts, rows), previous=table(before))
    assert (second[70]["tier"], second[70]["previous_tier"], second[70]["tier_pressure_runs"]) == ("silver", "silver", -1)
    third = judged(tables(accounts, rows), previous=table(list(second.values())))
    assert (third[70]["tier"], third[70]["tier_pressure_runs"]) == ("standard", 0)


def test_the_one_change_that_reaches_the_next_tier_does_reach_it():
    values = np.full((100, len(POLICY.indicators)), NAN)
    values[:, 0] = np.arange(100.0) * 1000
    values[:, 5] = np.linspace(-0.5, 0.5, 100)[::-1]
    valued = assess(values, ["x"], np.zeros(100, int), np.zeros(100, bool), POLICY)
    gap = np.full(100, NAN)
    gap[40] = 12.0
    which, needed = one_change(valued, gap, POLICY)
    assert which[40] == 0
    values[40, 0] = needed[40]
    again = assess(values, ["x"], np.zeros(100, int), np.zeros(100, bool), POLICY)
    assert again.score[40] == pytest.approx(valued.score[40] + 12, abs=1.0)


def test_no_single_change_is_named_where_none_is_enough():
    accounts, rows = crowd(100)
    told = json.loads(judged(tables(accounts, rows))[1]["reasons"])
    assert told["next"][0] == "silver"
    assert "next" not in json.loads(judged(tables(accounts, rows))[100]["reasons"]) or told["next"][2] is None


@pytest.mark.parametrize(("current", "potential", "named"), [
    (70.0, 70.0, "key"), (30.0, 70.0, "potential_large"), (70.0, 30.0, "maintain"), (30.0, 30.0, "standard"), (70.0, NAN, "maintain"),
    (NAN, NAN, "unscored"),
])  # fmt: skip
def test_quadrants_are_current_by_potential(current, potential, named):
    assert tiers.quadrant(np.array([current]), np.array([potential]), POLICY)[0] == named


def test_a_policy_survives_its_way_through_json():
    policy = Policy()
    again = Policy.from_dict(json.loads(json.dumps(policy.to_dict())))
    assert again.to_dict() == json.loads(json.dumps(policy.to_dict()))
    assert Policy.from_dict({}) == policy


@pytest.mark.parametrize(
    ("stored", "error", "says"),
    [
        ({"value": {"margn": 3}}, PolicyError, "margn"),
        ({"value": {"method": "guess"}}, PolicyError, "value.method"),
        ({"value": {"shares": {"default": {"diamond": 0.9, "platinum": 0.2, "gold": 0, "silver": 0}}}}, PolicyError, "at most 1"),
        ({"value": {"pairwise": {"current": [[1]], "potential": [[1]]}}}, PolicyError, "5 x 5"),
        (
            {"value": {"pairwise": {"current": [[1, 9, 1 / 9, 1, 1], [1 / 9, 1, 9, 1, 1], [9, 1 / 9, 1, 1, 1], [1] * 5, [1] * 5]}}},
            Inconsistent,
            "ratio",
        ),
        ({"credit": {"b_from": 95}}, PolicyError, "credit.b_from"),
        ({"warning": {"usage_down": {"points": 60, "starts": 0.4, "full": 0.4}}}, PolicyError, "ramp"),
        ({"warning": {"stopped": 5}}, PolicyError, "watch"),
        ({"tiers": {}}, PolicyError, "tiers"),
    ],
)
def test_a_policy_that_cannot_be_judged_by_is_refused_by_name(stored, error, says):
    with pytest.raises(error, match=says):
        Policy.from_dict(stored)

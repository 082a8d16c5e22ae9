"""Behaviour groups: the same facts give the same groups, names stay, words agree with the tree, and real clients fall apart as well as they should."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from segmentation.engine.groups import (
    CannotGroup,
    Centroid,
    Settings,
    Shapes,
    bands,
    daily,
    group,
    group_name,
    monthly,
    quality,
    rules_in_words,
    with_answers,
)
from segmentation.engine.groups.choosing import sample_of
from segmentation.engine.groups.matching import numbers_for
from tests.segmentation.engine.test_real_clients import FILE

MONTHS = np.arange(12)
WAYS = np.stack([
    np.ones(12), 1 + 0.7 * np.exp(-((MONTHS - 6.5) ** 2) / 3), 1 + 0.7 * np.exp(-(np.minimum(MONTHS, 12 - MONTHS) ** 2) / 3), 1 - 0.7 * (MONTHS == 1),
])  # fmt: skip


def seasonal(many=600, seed=1, newest=12):
    """(account_id, 12 months up to `newest`, the way each account truly uses power), in no order."""
    rng = np.random.default_rng(seed)
    ids = rng.permutation(10 * many)[:many]
    way = rng.choice(4, many, p=[0.4, 0.3, 0.2, 0.1])
    kwh = WAYS[way] * (1 + 0.05 * rng.standard_normal((many, 12))) * rng.lognormal(8, 1, (many, 1))
    return ids, np.roll(kwh, -newest, axis=1), way


@pytest.fixture(scope="module")
def found():
    ids, kwh, _way = seasonal()
    return group(monthly(ids, kwh, 12))


def test_the_ways_of_using_power_are_found_again_and_named_after_their_shape(found):
    ids, _kwh, way = seasonal()
    assert found.chosen.k == 4
    assert adjusted_rand_score(way[np.argsort(ids)], found.number) > 0.98
    assert [group_name(one.shape, 1, "en") for one in found.groups] == [
        "Steady",
        "Summer peak, July",
        "Winter peak, January",
        "Low in February",
    ]
    assert [group_name(one.shape, 1, "zh-hans") for one in found.groups][:2] == ["平稳型", "夏季高峰型（7月）"]
    assert [one.k for one in found.tried] == [3, 4, 5, 6, 7, 8]


def test_neither_the_order_of_rows_nor_the_newest_month_nor_the_size_of_an_account_matters(found):
    ids, kwh, _way = seasonal()
    turned = np.random.default_rng(5).permutation(len(ids))
    for months, scale in ((np.roll(kwh[turned], -5, axis=1), 1), (kwh[turned], 4)):
        again = group(monthly(ids[turned], months * scale, 5 if scale == 1 else 12))
        assert again.groups == found.groups
        assert (again.number == found.number).all() and (again.account_id == found.account_id).all()


def test_numbers_stay_with_the_shape_and_stability_says_how_many_parted(found):
    ids, kwh, _way = seasonal(seed=2)
    before = [Centroid(one.number + 10, found.columns, one.centre) for one in reversed(found.groups)]
    again = group(monthly(ids, kwh, 12), before=before, labels_before=(found.account_id, found.number))
    assert [one.number for one in again.groups] == [one.number + 10 for one in found.groups]
    same = group(monthly(*seasonal()[:2], 12), before=before, labels_before=(found.account_id, found.number))
    assert same.stability == 1.0
    assert -0.5 < again.stability < 0.5  # other accounts under the same numbers


def test_pairs_are_matched_together_and_a_far_centre_gets_a_number_nobody_had():
    columns = ("a", "b")
    before = [Centroid(3, columns, (0.0, 0.0)), Centroid(7, columns, (0.2, 0.2))]
    # The first new centre is nearest to 7, but the second has no other near it.
    assert numbers_for(columns, np.array([[0.12, 0.12], [0.3, 0.3], [0.9, 0.9]]), before, [5, 5, 5]) == [3, 7, 8]
    assert numbers_for((*columns, "satisfaction"), np.array([[0.0, 0.0, 0.9]]), before, [5]) == [3]


def test_every_k_below_the_floor_is_told_and_not_chosen():
    ids, kwh, _way = seasonal()
    found = group(monthly(ids, kwh, 12), Settings(floor=0.15))
    assert found.chosen.k == 3
    assert not any(one.allowed for one in found.tried if one.sizes[-1] < 0.15 * 600)
    assert group(monthly(ids, kwh, 12), Settings(k=6)).chosen.k == 6
    with pytest.raises(CannotGroup) as refused:
        group(monthly(ids, kwh, 12), Settings(floor=0.33, floor_accounts=199))
    assert refused.value.code == "no_k"


@pytest.mark.parametrize(
    ("shapes", "code"),
    [(monthly(np.arange(20), np.ones((20, 12)), 6), "too_few"), (monthly(np.arange(200), np.ones((200, 12)), 6), "too_alike")],
    ids=["too few", "all alike"],
)
def test_nothing_to_find_is_refused_with_why(shapes, code):
    with pytest.raises(CannotGroup) as refused:
        group(shapes)
    assert refused.value.code == code


def test_accounts_of_which_too_little_is_known_are_left_out_not_guessed():
    kwh = np.ones((4, 12))
    kwh[1, 3], kwh[2] = np.nan, 0
    shapes = monthly(np.array([9, 8, 7, 6]), kwh, 3)
    assert (shapes.account_id.tolist(), shapes.left_out) == ([6, 9], 2)
    assert bands(np.array([2, 1]), np.array([[0.1, 0.2, 0.3, 0.4], [np.nan] * 4])).left_out == 1


def test_the_tree_says_in_words_what_it_does_and_its_fidelity_is_that_of_the_words(found):
    assert found.fidelity > 0.95
    summer = found.groups[1]
    english, chinese = (rules_in_words(summer.rules, language)[0] for language in ("en", "zh-hans"))
    assert english["text"].startswith("use in June to September over the mean month above ")
    assert chinese["text"].startswith("6月至9月月均电量与全年月均之比高于")
    shapes = monthly(*seasonal()[:2], 12)
    for one in found.groups:
        rule = one.rules[0]
        holds = np.ones(len(shapes), bool)
        for name, low, high in rule["conditions"]:
            value = shapes.shown[:, shapes.said.index(name)]
            holds &= (value > (-np.inf if low is None else low - 1e-4)) & (value <= (np.inf if high is None else high + 1e-4))
        inside = found.number == one.number
        assert (holds & inside).sum() / inside.sum() == pytest.approx(rule["share"], abs=0.02)
        assert (holds & inside).sum() / holds.sum() == pytest.approx(rule["right"], abs=0.02)


def test_bands_and_curves_of_the_day_are_named_by_when_power_is_used():
    rng = np.random.default_rng(3)
    ways = np.array([[0.02, 0.5, 0.3, 0.18], [0.01, 0.1, 0.2, 0.69], [0.05, 0.25, 0.5, 0.2]])
    shares = ways[rng.integers(0, 3, 300)] + 0.01 * rng.random((300, 4))
    told = group(bands(np.arange(300), shares))
    assert {one.shape[0] for one in told.groups} == {"night_bands", "peak_bands", "flat_bands"}
    hours = np.arange(24)
    curves = np.stack([1 + 2 * ((hours >= 8) & (hours < 18)), 1 + 2 * ((hours < 7) | (hours == 23)), np.ones(24)])
    told = group(daily(np.arange(300), curves[rng.integers(0, 3, 300)] * (1 + 0.03 * rng.random((300, 24)))))
    assert {one.shape[0] for one in told.groups} == {"work", "night", "round_clock"}


def test_answers_are_compared_where_enough_gave_one():
    ids, kwh, _way = seasonal()
    shapes = monthly(ids, kwh, 12)
    few, many = np.full(600, np.nan), np.full(600, np.nan)
    few[:10], many[::2] = 5, 5
    everyone = np.arange(6000)
    at = np.isin(everyone, shapes.account_id)
    table = np.full(6000, np.nan)
    table[at] = few
    assert with_answers(shapes, everyone, table).columns == shapes.columns
    table[at] = many
    assert with_answers(shapes, everyone, table).columns[-1] == "satisfaction"


def test_the_sample_is_of_the_same_accounts_whoever_else_comes():
    few, more = np.arange(1000), np.arange(1200)
    chosen, again = set(few[sample_of(few, 300)]), set(more[sample_of(more, 300)])
    assert len(chosen & again) > 200
    assert max(np.bincount(sample_of(few, 300) // 250)) < 110


@pytest.mark.skipif(not FILE.exists(), reason=f"the real weekly consumption is not at {FILE} (set GREENLANE_SHARED_DATA)")
def test_the_real_clients_fall_into_four_groups_as_well_as_published():
    """321 clients, their last 52 weeks over the highest week: silhouette 0.42 and Davies-Bouldin 1.0 or better at four groups, and four are chosen."""
    lines = [line.strip().rpartition(":")[2] for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1] == "T" and ":" in line]
    weeks = np.array([[float(it) for it in line.split(",")[-52:]] for line in lines])
    values = weeks / np.maximum(weeks.max(axis=1, keepdims=True), 1)  # who used nothing stays at nothing
    shown = np.column_stack([values.mean(axis=1), values.min(axis=1), values[:, 22:36].mean(axis=1)])
    shapes = Shapes(
        "monthly", np.arange(len(values)), tuple(f"w{week}" for week in range(52)), values, ("unsteady", "lowest", "summer"), shown
    )
    found = group(shapes)
    assert (len(values), found.chosen.k) == (321, 4)
    silhouette, spread = quality(values, found.number)
    assert (round(silhouette, 4), round(spread, 4)) == (found.chosen.silhouette, found.chosen.davies_bouldin)
    assert silhouette >= 0.42
    assert spread <= 1.0

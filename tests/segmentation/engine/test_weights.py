"""Weights: judged, measured, or both."""

import numpy as np
import pytest

from segmentation.engine.weights import Inconsistent, ahp, combined, entropy


def test_consistent_judgements_give_their_ratios_and_no_inconsistency():
    weights, ratio = ahp([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    assert weights == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert ratio == pytest.approx(0, abs=1e-9)


def test_saatys_school_example_is_past_the_limit():
    # Choosing a school: largest eigenvalue 7.42, so an index of 0.28 over a random index of 1.24.
    matrix = [
        [1, 4, 3, 1, 3, 4],
        [1 / 4, 1, 7, 3, 1 / 5, 1],
        [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3],
        [1 / 3, 5, 5, 1, 1, 3],
        [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]
    with pytest.raises(Inconsistent, match=r"ratio 0\.23"):
        ahp(matrix)


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        ([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]], "contradict"),
        ([[1, 2], [2, 1]], "mirror"),
        ([[1, 2, 3], [1 / 2, 1, 1]], "square"),
        ([[1, -2], [-1 / 2, 1]], "above 0"),
    ],
)
def test_judgements_that_cannot_be_weighed_are_refused_with_the_reason(matrix, says):
    with pytest.raises(Inconsistent, match=says):
        ahp(matrix)


def test_an_indicator_on_which_all_are_alike_gets_no_weight_by_entropy():
    scaled = np.array([[50.0, 10.0], [50.0, 90.0], [50.0, 0.0]])
    assert entropy(scaled) == pytest.approx([0, 1])


def test_entropy_weighs_alike_where_nothing_tells_apart_and_leaves_out_the_unknown():
    assert entropy(np.full((4, 2), 30.0)) == pytest.approx([0.5, 0.5])
    assert entropy(np.array([[1.0, np.nan], [5.0, np.nan], [9.0, np.nan]])) == pytest.approx([1, 0])


def test_combined_is_the_product_of_both_made_whole():
    assert combined(np.array([0.5, 0.5]), np.array([0.9, 0.1])) == pytest.approx([0.9, 0.1])
    assert combined(np.array([0.8, 0.2]), np.array([0.2, 0.8])) == pytest.approx([0.5, 0.5])

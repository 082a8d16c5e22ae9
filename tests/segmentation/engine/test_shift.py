"""How far a column has shifted."""

import numpy as np
import pytest

from segmentation.engine.shift import LEAST, histogram, psi

NAN = float("nan")


def test_the_same_column_has_not_shifted_in_whatever_order():
    column = np.random.default_rng(3).gamma(2, 100, 5000)
    assert psi(column, column[::-1]) == pytest.approx(0, abs=1e-12)


def test_a_shift_grows_with_its_size_and_is_the_closed_form_for_two_values():
    before, after = np.array([0.0] * 80 + [1.0] * 20), np.array([0.0] * 60 + [1.0] * 40)
    # The ninth tenth of the column before is 1, so its two values are two classes; nothing is unknown on either side.
    assert psi(before, after) == pytest.approx(-0.2 * np.log(60 / 80) + 0.2 * np.log(40 / 20), abs=1e-9)
    random = np.random.default_rng(4)
    base, near, far = random.normal(0, 1, 20_000), random.normal(0.1, 1, 20_000), random.normal(1, 1, 20_000)
    assert psi(base, near) < 0.1 < 0.25 < psi(base, far)


def test_values_that_become_unknown_are_a_shift():
    before = np.arange(100.0)
    after = np.where(before < 50, NAN, before)
    assert psi(before, after) > 0.5 * np.log(0.5 / LEAST) * 0.9
    assert psi(np.full(5, NAN), np.full(9, NAN)) == pytest.approx(0)
    assert psi(np.array([]), before) is None


def test_scores_are_counted_in_classes_of_five_and_a_hundred_is_in_the_last():
    counted = histogram(np.array([0, 4.9, 5, 99, 100, NAN]))
    assert (counted[0], counted[1], counted[-1], sum(counted), len(counted)) == (2, 1, 2, 5, 20)

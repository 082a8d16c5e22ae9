"""Time to leaving: hazards as the reference library finds them, and what is told where it finds none."""

import numpy as np
import pytest
from statsmodels.duration.hazard_regression import PHReg

from segmentation.engine.churn import surviving

ROWS = 600


@pytest.fixture(scope="module")
def watched():
    """(days, left, columns): the first column hastens leaving, the second slows it, the third says nothing."""
    random = np.random.default_rng(3)
    X = random.normal(size=(ROWS, 3))
    days = np.ceil(random.exponential(1 / np.exp(0.5 * X[:, 0] - 0.3 * X[:, 1] - 3)))
    return np.minimum(days, 20), days <= 20, dict(zip(("fall", "visits", "noise"), X.T, strict=True))


def test_hazard_ratios_are_those_of_the_reference(watched):
    days, left, columns = watched
    found = surviving.cox(days, left, columns)
    X = np.column_stack([surviving._scaled(column) for column in columns.values()])
    reference = PHReg(days, X, status=left.astype(int), ties="breslow").fit(disp=0)
    assert [row["column"] for row in found["rows"]] == list(columns)
    assert [row["ratio"] for row in found["rows"]] == pytest.approx(np.exp(reference.params), rel=1e-5)
    assert [row["p"] for row in found["rows"]] == pytest.approx(reference.pvalues, rel=1e-4)
    assert (found["penalty"], found["apart"], found["left_out"]) == (0.0, "", [])


def test_a_column_that_parts_those_who_left_is_named_and_its_ratio_held_finite(watched):
    _days, _left, columns = watched
    left = columns["fall"] > 1.2
    last_first = np.argsort(np.argsort(-columns["fall"])) + 1.0  # whoever left had the highest value of all still there
    found = surviving.cox(np.where(left, last_first, ROWS), left, columns)
    assert found["penalty"] == surviving.RIDGE
    assert found["apart"] == "fall"
    strongest = max(found["rows"], key=lambda row: abs(np.log(row["ratio"])))
    assert strongest["column"] == "fall"
    assert 1 < strongest["low"] < strongest["ratio"] < strongest["high"] < 1e6


def test_few_leavers_leave_out_the_last_columns_and_none_leave_all(watched):
    days, _left, columns = watched
    left = np.arange(ROWS) < 2 * surviving.LEAVERS_A_COLUMN
    found = surviving.cox(days, left, columns | {"constant": np.ones(ROWS)})
    assert [row["column"] for row in found["rows"]] == ["fall", "visits"]
    assert found["left_out"] == ["noise", "constant"]
    none = surviving.cox(days, np.zeros(ROWS, bool), columns)
    assert (none["rows"], none["leavers"], none["left_out"]) == ([], 0, list(columns))

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from crm.tariffs.calculator import UnknownStandard, power_factor, power_factor_adjustment

DATA = Path(os.environ.get("GREENLANE_DATA", Path(__file__).parents[4] / "shared" / "data"))
TABLE = DATA / "pf_adjustment.csv"


@pytest.mark.skipif(not TABLE.exists(), reason=f"the published table is not here: set GREENLANE_DATA to the folder that holds {TABLE.name}")
def test_every_cell_of_the_published_table_comes_out():
    rows = list(csv.DictReader(TABLE.open()))
    assert len(rows) == 101
    wrong = [
        (row["actual_pf"], standard, row[f"std_{standard}_pct"])
        for row in rows
        for standard in ("0.90", "0.85", "0.80")
        if power_factor_adjustment(Decimal(row["actual_pf"]), Decimal(standard)) != Decimal(row[f"std_{standard}_pct"])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("actual", "standard", "percent"),
    [("0.70", "0.90", "10"), ("0.95", "0.90", "-0.75"), ("1", "0.85", "-1.1"), ("0.90", "0.90", "0"), ("0", "0.80", "125")],
)
def test_rewards_and_penalties_at_the_corners(actual, standard, percent):
    assert power_factor_adjustment(Decimal(actual), Decimal(standard)) == Decimal(percent)


def test_the_worked_example_of_a_two_part_bill():
    base = Decimal(184_000 + 80_000)
    assert base * power_factor_adjustment(Decimal("0.70"), Decimal("0.90")) / 100 == 26_400
    assert base * power_factor_adjustment(Decimal("0.95"), Decimal("0.90")) / 100 == -1_980


def test_the_factor_is_rounded_half_up_before_the_table_is_read():
    assert power_factor_adjustment(Decimal("0.895"), Decimal("0.90")) == 0
    assert power_factor_adjustment(Decimal("0.8949"), Decimal("0.90")) == Decimal("0.5")


def test_the_factor_comes_from_active_and_reactive_energy():
    assert power_factor(Decimal(400), Decimal(300)) == Decimal("0.80")
    assert power_factor(Decimal(0), Decimal(0)) == 1


def test_an_unknown_standard_is_refused_by_name():
    with pytest.raises(UnknownStandard, match=r"not 0\.95"):
        power_factor_adjustment(Decimal("0.9"), Decimal("0.95"))

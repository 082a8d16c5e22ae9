"""The early warning on 321 real clients over three years (UCI ElectricityLoadDiagrams, weekly kWh, CC BY 4.0).

Skipped where the data is absent; GREENLANE_SHARED_DATA says where it is.
"""

import datetime as dt
import os
from functools import lru_cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from segmentation.engine.judge import judge

from .facts import month_end

ROOT = Path(__file__).resolve().parents[3]
FILE = Path(os.environ.get("GREENLANE_SHARED_DATA", ROOT / "../shared/data")) / "uci_electricity_weekly.tsf"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the real weekly consumption is not at {FILE} (set GREENLANE_SHARED_DATA)")


@lru_cache
def clients():
    """Names, and a DuckDB connection with accounts and monthly bills; weeks split evenly over their days, the last short month left out."""
    lines = [line.strip().split(":", 2) for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1] == "T" and ":" in line]
    names = [line[0] for line in lines]
    first = dt.date.fromisoformat(lines[0][1][:10])
    daily = np.repeat(np.array([[float(it) for it in line[2].split(",")] for line in lines]) / 7, 7, axis=1)
    days = [first + dt.timedelta(days=it) for it in range(daily.shape[1])]
    periods = sorted({day.replace(day=1) for day in days if month_end(day.replace(day=1)) <= days[-1]})
    of_month = np.array([day.replace(day=1) for day in days])
    monthly = np.column_stack([daily[:, of_month == period].sum(axis=1) for period in periods])
    bills = {
        "account_id": np.repeat(np.arange(len(names)), len(periods)),
        "period": periods * len(names),
        "kwh": monthly.ravel(),
        "issued_on": [month_end(period) for period in periods] * len(names),
    }
    connection = duckdb.connect()
    connection.register("accounts", pa.table({"account_id": np.arange(len(names)), "category": ["general_commercial"] * len(names)}))
    connection.register("bills", pa.table(bills))
    return names, connection


@lru_cache
def standing(year, month):
    """Standing by client name as of the last day of the month."""
    names, connection = clients()
    given = {name: connection.table(name) for name in ("accounts", "bills")}
    rows = judge(given, as_of=month_end(dt.date(year, month, 1))).to_pylist()
    return {names[row["account_id"]]: row for row in rows}


def highest(year, month, many=16):
    """Names of the clients with the highest risk, ties by account."""
    ranked = sorted(standing(year, month).items(), key=lambda it: (-it[1]["risk_score"], it[1]["account_id"]))
    return [name for name, _ in ranked[:many]]


def test_the_file_is_the_one_meant():
    names, _ = clients()
    assert len(names) == 321
    assert standing(2014, 11)["T1"]["month"] == dt.date(2014, 11, 1)


def test_t300_fading_over_a_year_is_among_the_16_highest_in_january_2014():
    assert "T300" in highest(2014, 1)
    assert standing(2014, 1)["T300"]["risk_outcome"] == "declined"


def test_t33_is_among_the_16_highest_in_april_2014():
    assert "T33" in highest(2014, 4)


@pytest.mark.parametrize(("year", "month"), [(2012, 10), (2012, 11), (2013, 6), (2013, 10), (2014, 1), (2014, 11)])
def test_t183_is_stopped_from_its_first_empty_month_on(year, month):
    row = standing(year, month)["T183"]
    assert (row["usage_state"], row["risk_band"]) == ("stopped", "high")


def test_t183_was_not_called_stopped_before_it_stopped():
    assert standing(2012, 8)["T183"]["usage_state"] == "active"


@pytest.mark.parametrize(("year", "month"), [(2013, 11), (2014, 1), (2014, 4), (2014, 6)])
def test_t58_is_collapsed_while_it_is_down(year, month):
    row = standing(year, month)["T58"]
    assert (row["usage_state"], row["risk_band"]) == ("collapsed", "high")


@pytest.mark.parametrize(("year", "month"), [(2014, 7), (2014, 11)])
def test_t58_has_returned_when_it_is_back(year, month):
    assert standing(year, month)["T58"]["usage_state"] == "returned"


def test_few_others_are_alarmed():
    for year, month in ((2013, 6), (2014, 1), (2014, 4), (2014, 11)):
        bands = [row["risk_band"] for row in standing(year, month).values()]
        assert bands.count("high") + bands.count("elevated") <= 10, (year, month)
        assert bands.count("low") >= 290, (year, month)

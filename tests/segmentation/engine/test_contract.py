"""Every engine gives the same numbers: DuckDB, arrow in this process, Spark where it is installed, and the plain way beside them."""

import datetime as dt
import importlib.util
import math
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.engine import spark
from segmentation.engine.features import compute
from segmentation.engine.judge import judge
from segmentation.engine.policy import GROUPS, Policy
from segmentation.engine.value import base_weights

from . import plain
from .facts import AS_OF, month_back, on_duckdb
from .made_utility import made

TOLERANCE = 1e-9  # relative
EARLIER = dt.date(2026, 7, 9)
SPARK_URL = "local[2]"


@pytest.fixture(scope="module")
def given():
    return made()


@pytest.fixture(scope="module")
def on_spark(given, tmp_path_factory):
    """The same tables read by Spark from Parquet, as a cluster reads the lake."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("SPARK IS NOT UNDER CONTRACT HERE: pyspark or Java is missing; `make spark` installs pyspark")
    folder = tmp_path_factory.mktemp("lake")
    for name, table in given.items():
        pq.write_table(table, folder / f"{name}.parquet")
    yield spark.open_files(SPARK_URL, {name: [str(folder / f"{name}.parquet")] for name in given})
    spark.session(SPARK_URL).stop()
    spark.session.cache_clear()


def _features(tables, as_of=AS_OF) -> pa.Table:
    return compute(tables, as_of).collect("pyarrow").to_native().sort_by("account_id")


def _hold(found: pa.Table, expected: pa.Table):
    """Same rows, same unknowns, same texts and days, figures within the tolerance."""
    assert found.column_names == expected.column_names
    assert found.num_rows == expected.num_rows > 0
    for name in expected.column_names:
        for ours, theirs in zip(found[name].to_pylist(), expected[name].to_pylist(), strict=True):
            assert _same(ours, theirs), f"{name}: {ours!r} is not {theirs!r}"


def _same(ours, theirs):
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if isinstance(theirs, float) and isinstance(ours, float):
        return math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=1e-12)
    return ours == theirs


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER])
def test_features_on_duckdb_are_those_in_memory(given, as_of):
    _hold(_features(on_duckdb(given), as_of), _features(given, as_of))


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER])
def test_features_are_those_of_the_plain_way(given, as_of):
    rows = {row["account_id"]: row for row in _features(on_duckdb(given), as_of).to_pylist()}
    expected = plain.features(given, as_of, next(iter(rows.values()))["month"])
    assert rows.keys() == expected.keys()
    for account, figures in expected.items():
        for name, figure in figures.items():
            found = rows[account][name]
            ours = None if found is None else float(found)
            assert _same(ours, figure) or _to_three_places(name, ours, figure), f"{name} of {account}: {ours!r} is not {figure!r}"


def _to_three_places(name, ours, figure):
    """Some kWh are rounded to Wh by the feature itself."""
    return name in ("kwh_12m", "kwh_prev_12m", "base_month_kwh") and None not in (ours, figure) and abs(ours - figure) < 0.000501


def test_value_is_that_of_the_plain_way(given):
    policy = Policy().value
    rows = {row["account_id"]: row for row in _features(on_duckdb(given)).to_pylist()}
    weighed = base_weights(np.zeros((1, len(policy.indicators))), policy)
    weights = {it.feature: (group, weighed[i]) for group in GROUPS for i in policy.of_group(group) for it in [policy.indicators[i]]}
    expected = plain.values(rows, weights, {it.feature: it.better for it in policy.indicators}, policy.winsor, policy.min_peers)
    found = {row["account_id"]: row["value_score"] for row in judge(on_duckdb(given), as_of=AS_OF).to_pylist()}
    assert {account for account, score in found.items() if score is not None} == expected.keys()
    for account, score in expected.items():
        assert abs(found[account] - score) <= 0.05 + 1e-9, f"{account}: {found[account]} is not {score} to one decimal"


@pytest.mark.parametrize("as_of", [AS_OF, EARLIER])
def test_features_on_spark_are_those_on_duckdb(given, on_spark, as_of):
    _hold(_features(on_spark, as_of), _features(on_duckdb(given), as_of))


def test_a_standing_judged_from_spark_is_the_standing_judged_from_duckdb(given, on_spark):
    _hold(judge(on_spark, as_of=AS_OF), judge(on_duckdb(given), as_of=AS_OF))


def test_a_table_that_is_absent_is_unknown_on_every_engine(given, on_spark):
    part = {name: given[name] for name in ("accounts", "bills")}
    _hold(_features({name: on_spark[name] for name in part}), _features(on_duckdb(part)))


def test_what_names_spark_and_what_does_not():
    assert [spark.is_spark(url) for url in ("spark://master:7077", "local[2]", "local", "", "duckdb", "localhost")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_month_judged_is_the_latest_billed(given):
    assert _features(on_duckdb(given))["month"][0].as_py() in {month_back(dt.date(2026, 10, 1), ago) for ago in (0, 1)}

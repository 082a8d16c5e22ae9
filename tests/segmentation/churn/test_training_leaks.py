"""A training drops a column planted into its snapshots that knows the future."""

import numpy as np
import pyarrow as pa
import pytest

from segmentation.engine.churn import snapshots, training
from segmentation.engine.churn.outcomes import OUTCOMES


@pytest.fixture
def planted(monkeypatch):
    random = np.random.default_rng(5)
    rows = 6000
    outcome = np.where(random.random(rows) < 0.05, OUTCOMES.index("closed"), -1)
    days = np.repeat(np.array(["2025-10-31", "2025-12-31", "2026-03-31", "2026-04-30"], "datetime64[D]"), rows // 4)
    table = {
        "account_id": np.tile(np.arange(rows // 4), 4), "unit_code": ["3340101"] * rows, "on": days, "outcome": outcome.astype(np.int8),
        "rules_score": random.random(rows), "category": random.choice(["residential", "other"], rows),
        "growth": random.normal(size=rows) + 2 * (outcome >= 0), "fate": (outcome >= 0) + random.normal(0, 0.01, rows),
    } | {f"before_{name}": np.zeros(rows, bool) for name in OUTCOMES}  # fmt: skip
    monkeypatch.setattr(snapshots, "COLUMNS", (*snapshots.COLUMNS, "fate"))
    return pa.table(table)


def test_a_planted_column_is_dropped_and_named(planted):
    trained = training.train(
        planted, horizon_days=90, outcomes=("closed",), min_leavers=20, candidates=("logistic",), verified={"growth", "category"}
    )
    assert [it["column"] for it in trained.card["leaks"]] == ["fate"]
    assert "fate" not in trained.bundle.columns
    assert trained.card["any"]["auc"] < 0.97

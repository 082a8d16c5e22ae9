"""Who left when, by small facts; snapshots that know nothing later; a planted feature that knows the future is caught."""

import datetime as dt

import numpy as np
import pyarrow as pa

from segmentation.engine.churn import OUTCOMES, labels, leaks, snapshots
from segmentation.engine.churn.banding import Bands, band

DAY = dt.date(2026, 6, 30)


def months(first, count):
    start = np.datetime64(first, "M")
    return (start + np.arange(count)).astype("datetime64[D]")


def bills(**kwh):
    """{account: monthly kWh from January 2024}."""
    ids, periods, used = [], [], []
    for name, values in kwh.items():
        ids += [int(name[1:])] * len(values)
        periods += months("2024-01", len(values)).tolist()
        used += values
    issued = [(day.replace(day=28) + dt.timedelta(days=7)).replace(day=3) for day in periods]
    return pa.table(
        {
            "account_id": ids,
            "period": pa.array(periods, pa.date32()),
            "kwh": pa.array(used, pa.float64()),
            "issued_on": pa.array(issued, pa.date32()),
        }
    )


def accounts(ids, **columns):
    held = {
        "closed_on": pa.nulls(len(ids), pa.date32()),
        "status": ["active"] * len(ids),
        "market_status": ["agency"] * len(ids),
        "has_pv": [False] * len(ids),
    }
    return pa.table({"account_id": ids} | held | columns)


def changes(*rows):
    names = ("account_id", "field", "old", "new", "happened_on")
    return pa.table({name: pa.array([row[n] for row in rows], pa.date32() if n == 4 else None) for n, name in enumerate(names)})


def test_every_outcome_has_the_day_it_became_known():
    closed = pa.array([None, None, None, None, dt.date(2026, 3, 9)], pa.date32())
    steady, falling, own = [100.0] * 30, [100.0] * 20 + [5.0] * 10, [100.0] * 25 + [60.0] * 5
    found = labels.events(
        accounts([1, 2, 3, 4, 5], closed_on=closed), bills(a1=steady, a2=falling, a3=own, a4=steady, a5=steady),
        changes(
            (1, "market_status", "agency", "retailer", dt.date(2026, 2, 1)), (1, "market_status", "retailer", "agency", dt.date(2026, 5, 1)),
            (3, "has_pv", "false", "true", dt.date(2026, 1, 15)), (4, "contract_kva", "315.0", "200.0", dt.date(2026, 4, 4)),
            (4, "contract_kva", "200.0", "250.0", dt.date(2026, 5, 4)),
        ),
        until=dt.date(2026, 7, 5),
    )  # fmt: skip
    told = {(row["account_id"], row["outcome"]): row["known_on"] for row in found.to_pylist()}
    assert told[1, "switched"] == dt.date(2026, 2, 1)
    assert told[5, "closed"] == dt.date(2026, 3, 9)
    assert told[4, "reduced"] == dt.date(2026, 4, 4)
    assert told[3, "self_supply"] == dt.date(2026, 3, 3)
    assert told[2, "declined"] == dt.date(2026, 4, 3)
    assert len(told) == 5


def test_a_label_is_the_outcome_met_first_within_the_horizon_and_what_was_before_is_no_news():
    rows = [
        (1, "closed", dt.date(2026, 8, 1)),
        (1, "declined", dt.date(2026, 7, 15)),
        (2, "closed", dt.date(2026, 12, 1)),
        (3, "declined", DAY),
    ]
    held = sorted(rows, key=lambda row: (row[0], row[2]))
    found = pa.table(
        [
            [it[0] for it in held],
            [it[1] for it in held],
            pa.array([it[2] for it in held], pa.date32()),
            pa.array([it[2] for it in held], pa.date32()),
        ],
        schema=labels.EVENTS,
    )
    met, before = labels.label(found, [1, 2, 3], DAY, 90)
    assert [OUTCOMES[n] if n >= 0 else "" for n in met] == ["declined", "", ""]
    assert before[2].tolist() == [False, False, False, False, True]


def test_an_account_is_turned_back_to_what_it_was():
    now = accounts(
        [1, 2],
        market_status=["retailer", "agency"],
        has_pv=[True, False],
        closed_on=pa.array([None, dt.date(2026, 9, 1)], pa.date32()),
        status=["active", "closed"],
    )
    held = changes((1, "market_status", "agency", "retailer", dt.date(2026, 8, 1)), (1, "has_pv", "false", "true", dt.date(2026, 5, 1)))
    then = snapshots.as_known(now, held, DAY).to_pylist()
    assert (then[0]["market_status"], then[0]["has_pv"]) == ("agency", True)
    assert (then[1]["status"], then[1]["closed_on"]) == ("active", None)


def test_a_feature_that_knows_the_future_is_caught():
    random = np.random.default_rng(2)
    left = random.random(4000) < 0.03
    honest = random.normal(size=4000) + left
    X = {"honest": honest, "last_bill_missing": left + random.normal(0, 0.05, 4000), "closed_code": np.where(left, "X", "A").astype(object)}
    assert {it.column for it in leaks.too_good(X, left)} == {"last_bill_missing", "closed_code"}
    later = {"account_id": np.arange(4000), "honest": honest, "complaints_ever": np.where(left, 3.0, 0.0)}
    then = later | {"complaints_ever": np.zeros(4000)}
    assert [(it.column, it.why) for it in leaks.rewritten(then, later)] == [("complaints_ever", "rewritten")]


def test_bands_by_what_each_team_can_call():
    p = np.array([0.9, 0.8, 0.7, 0.01, 0.6, 0.5])
    units = ["3340101", "3340101", "3340101", "3340101", "3340102", "334010201"]
    found = band(Bands(how="capacity", capacity=1), p, units, np.arange(6), np.array([True] * 5 + [False]))
    assert found.tolist() == ["high", "elevated", "watch", "low", "high", "unknown"]

"""Training and scoring of a model of leaving.

`python -m bench.churn [SNAPSHOTS] [COLUMNS]` trains three candidates on that many labelled snapshots (default 60,000 x 40; promised: a million
x 40 in 180 s and 6 GiB), scores them, explains 2,000, and prints seconds, processor seconds and the peak as JSON.
"""

import json
import resource
import sys
import time

import numpy as np
import pyarrow as pa

from segmentation.engine.churn import ChurnModel

DAYS = np.array(["2025-07-31", "2025-10-31", "2026-01-31", "2026-04-30"], "datetime64[D]")


def snapshots(rows, columns, seed=1):
    """Ten columns matter, one in twenty leaves, a tenth of each column is a gap."""
    random = np.random.default_rng(seed)
    held, log_odds = {}, np.full(rows, -4.0)
    for number in range(columns - 2):
        column = random.normal(size=rows)
        if number < 10:
            log_odds += column * (0.9 if number % 2 else -0.6)
        column[random.random(rows) < 0.1] = np.nan
        held[f"feature_{number}"] = column
    held["category"] = random.choice(["residential", "general_commercial", "large_industrial"], rows).astype(object)
    held["market_status"] = random.choice(["regulated", "agency", "retailer"], rows).astype(object)
    left = random.random(rows) < 1 / (1 + np.exp(-log_odds))
    return pa.table(held), left, np.arange(rows) // len(DAYS), np.resize(DAYS, rows)


def measured(work):
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, {"seconds": round(time.perf_counter() - wall, 2), "processor": round(time.process_time() - processor, 2)}


def main(rows=60_000, columns=40):
    X, left, accounts, days = snapshots(rows, columns)
    model, training = measured(lambda: ChurnModel("closed", 90).fit(X, left, groups=accounts, periods=days))
    _, scoring = measured(lambda: model.predict_proba(X))
    _, explaining = measured(lambda: model.explain(X.slice(0, 2000)))
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    told = {
        "snapshots": rows,
        "columns": columns,
        "champion": model.champion_,
        "train": training,
        "score": scoring,
        "explain 2,000": explaining,
        "peak_mib": peak,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))

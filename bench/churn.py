"""Training and scoring of a model of leaving.

`python -m bench.churn [SNAPSHOTS] [COLUMNS]` trains three candidates on that many labelled snapshots (default 60,000 x 40; promised: a million
x 40 in 180 s and 6 GiB), scores them, explains 2,000, and prints seconds, processor seconds and the peak as JSON.
"""

import datetime as dt
import json
import resource
import sys
import time

import numpy as np
import pyarrow as pa

from bench.figures import Figure
from segmentation.engine import churn

SEED = 7  # of `create_demo`
PLANTED_LEAST = 80.0  # percent
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
    model, training = measured(lambda: churn.ChurnModel("closed", 90).fit(X, left, groups=accounts, periods=days))
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


def planted(world):
    """Reasons against the causes the utility was made with, and measures against what can be known of it at all."""
    from django.db import connection
    from django.utils import timezone

    from bench.months import judged_on, last_billed
    from bench.planted import prove, redrawn
    from crm.accounts.models import Account
    from crm.demo.plan import Plan

    plan = Plan(accounts=world.accounts, months=world.months, seed=SEED, until=last_billed(), now=timezone.localtime())
    held = np.array(Account.objects.filter(is_synthetic=True).order_by("pk").values_list("pk", "contract_kva"), float).T
    began = time.perf_counter()
    found = prove(redrawn(plan, held[0].astype(np.int64), held[1]), _month_end(judged_on()))
    seconds = time.perf_counter() - began
    connection.close()
    of = f"{found.held:,} of {found.leavers:,} leavers stood in the high band of {found.in_band:,}"
    yield Figure("planted cause among the first three reasons", 100 * found.all.matched, "%", PLANTED_LEAST, at_least=True, note=of)
    yield Figure("  as the first reason", 100 * found.first, "%", note=_beside(found.all))
    for story, cause in found.by_story.items():
        yield Figure(f"  of {story}", 100 * cause.matched, "%", note=f"{cause.leavers:,} leavers; {_beside(cause)}")
    for measure, name in (("auc", "AUC on the horizon ahead"), ("ap", "average precision"), ("ece", "calibration error")):
        yield Figure(name, found.model[measure], "", note=f"best possible {found.best[measure]:.4f}, gap {abs(found.gap(measure)):.4f}")
    yield Figure("training and proof", seconds, "s")


def _beside(cause):
    return f"by chance {100 * cause.chance:.0f} %, of those in the band who stayed {100 * cause.stayed:.0f} %"


def _month_end(day):
    """The last month end whose horizon is over by the day."""
    from bench.planted import HORIZON

    return (day - dt.timedelta(days=HORIZON - 1)).replace(day=1) - dt.timedelta(days=1)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))

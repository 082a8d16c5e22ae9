"""A small synthetic utility whose leavers have known causes, and the card of a model as a training leaves it."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.management.color import no_style
from django.db import connection

from crm.accounts.models import Account
from crm.demo import services, supply
from crm.demo.plan import Plan
from segmentation.engine.churn.measures import calibration, gain

NOW = dt.datetime(2026, 11, 22, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STORIES = supply.STORIES
CARD = {
    "any": {"auc": 0.9, "ap": 0.6, "brier": 0.01, "lift10": 8.0, "ece": 0.004, "rows": 1000, "leavers": 40, "base": 0.04},
    "rules": {"auc": 0.8, "ap": 0.2, "lift10": 5.0}, "tested_from": "2026-04-30", "fitted": 4000, "tested": 1000,
    "outcomes": {"closed": {"champion": "boosted", "candidates": [{"name": "boosted", "ap": 0.6}], "auc": 0.9, "ap": 0.6, "leavers": 30, "ece": 0.004}},
    "refused": {"reduced": {"code": "too_few_leavers", "detail": {"found": 7, "needed": 30}, "message": ""}},
    "leaks": [{"column": "growth", "why": "rewritten", "figure": 0.4}], "dropped": {"market_exposed": "constant"},
    "calibration": calibration([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9]), "gain": gain([0, 1, 0, 1], [0.1, 0.9, 0.2, 0.8]),
    "rules_gain": gain([0, 1, 0, 1], [1, 2, 3, 4]), "top": [{"column": "recent_ratio", "points": 3.1, "raises": 0.7}],
    "by_category": [{"name": "residential", "auc": 0.9, "ap": 0.5, "leavers": 20}], "by_unit": [],
    "survival": {"from": "2026-01-31", "days": 200, "log_rank": 0.001, "cox": [{"column": "recent_ratio", "ratio": 0.4, "low": 0.3, "high": 0.5, "p": 0.0}],
                 "curves": {"residential": {"days": [10, 90], "staying": [0.99, 0.97], "low": [], "high": [], "accounts": 500, "leavers": 9}}},
}  # fmt: skip


def make(accounts=2000, months=30, seed=7, more=4.0):
    """`more`: how many times likelier the stories of leaving are than usual, so that a few accounts hold enough of them. Returns the accounts
    as the generator drew them. Their keys begin at 1 where no account stands: a training divides accounts by their keys, so that what it learns
    of a few would be another thing after other tests."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Account]):
            cursor.execute(statement)
    held = {}
    draw, shares = supply.draw, STORIES.copy()
    shares[[3, 5, 7]] *= more
    shares[0] -= shares.sum() - 1

    def keep(plan, organisation):
        held["accounts"] = draw(plan, organisation)
        return held["accounts"]

    supply.draw, supply.STORIES = keep, shares
    try:
        services.create(plan=Plan(accounts=accounts, months=months, seed=seed, until=dt.date(2026, 10, 1), now=NOW))
    finally:
        supply.draw, supply.STORIES = draw, STORIES
    return held["accounts"]

"""A small synthetic utility in the lake, whose leavers have known causes."""

import datetime as dt
from zoneinfo import ZoneInfo

from crm.demo import services, supply
from crm.demo.plan import Plan

NOW = dt.datetime(2026, 11, 22, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STORIES = supply.STORIES


def make(accounts=2000, months=30, seed=7, more=4.0):
    """`more`: how many times likelier the stories of leaving are than usual, so that a few accounts hold enough of them. Returns the accounts
    as the generator drew them."""
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

"""Four accounts of the demonstration's own manager whose stories are told on purpose, so that a first visit finds something to do."""

from dataclasses import dataclass

import numpy as np

from crm.demo.supply import EV, GENERAL, LARGE, Story
from crm.demo.words import TRADES


@dataclass(frozen=True)
class Star:
    """Written over what was drawn. `event_ago`: months before the last billed one; `contract_days`: until the contract ends;
    `line`: a ticket that is open now."""

    name: str
    english: str
    trade: str
    category: int
    voltage: float
    kva: int
    market: str
    story: Story
    event_ago: int
    contract_days: int
    important: str
    green: bool
    line: tuple[str, str]


STARS = (
    Star(
        "华鑫精密铸造有限公司", "Huaxin Precision Casting Co., Ltd.", "C3391", LARGE, 110, 12_600, "agency",
        Story.FADING, 3, 46, "2", False, ("industry", "voltage"),
    ),
    Star(
        "永泰冷链物流有限公司", "Yongtai Cold Chain Logistics Co., Ltd.", "G5941", LARGE, 10, 2_500, "retailer",
        Story.STEADY, 0, 210, "1", True, ("outage", "notice"),
    ),
    Star(
        "兰亭酒店有限公司", "Lanting Hotel Co., Ltd.", "H6110", GENERAL, 10, 800, "agency",
        Story.SWITCHED, 0, 75, "", False, ("leaving", "price"),
    ),
    Star(
        "绿野充电运营有限公司", "Greenfield EV Hub Co., Ltd.", "L7119", EV, 10, 1_250, "agency",
        Story.GROWTH, 0, 400, "", False, ("industry", "application"),
    ),
)  # fmt: skip


def cast(plan, accounts, manager):
    """Give the stars' traits to open high-voltage accounts of the manager; returns {row: Star}, fewer where accounts are too few."""
    open_ = (accounts.manager == manager) & np.isnat(accounts.closed) & accounts.high_voltage & (accounts.story == Story.STEADY)
    rows = np.flatnonzero(open_)[: len(STARS)].tolist()
    stars = dict(zip(rows, STARS, strict=False))
    for row, star in stars.items():
        accounts.category[row], accounts.voltage[row], accounts.kva[row] = star.category, star.voltage, star.kva
        accounts.market[row], accounts.story[row] = star.market, star.story
        accounts.event[row] = plan.months - 1 - min(star.event_ago, plan.months - 1)
        accounts.prepaid[row], accounts.payer[row], accounts.pv_kw[row] = False, 0, np.nan
        accounts.utilisation[row] = 0.7
    return stars


def trade_of(star):
    return next(number for number, trade in enumerate(TRADES) if trade[0] == star.trade)

"""Tariff plans of the made-up utility. The working calendar, clock policies and the green channel come with every installation."""

import datetime as dt

import numpy as np
from django.utils.translation import gettext_noop

from crm.demo.supply import EV, FARM, GENERAL, LARGE, RESIDENT
from crm.tariffs.models import TariffPlan

SINCE = dt.date(2021, 1, 1)
SYNTHETIC = gettext_noop("Synthetic: prices of the usual size, charged by no utility")
LADDER = gettext_noop("Residential ladder, Zhejiang: 2,760 / 4,800 kWh a year at 0.538 / 0.588 / 0.838 yuan")
# code, name, English name, two-part, time of use, source, mark
PLANS = [
    ("IND-2P", "大工业两部制分时", "Large industrial, two-part, time of use", True, True, SYNTHETIC, "M"),
    ("COM-2P", "一般工商业两部制分时", "General commercial, two-part, time of use", True, True, SYNTHETIC, "M"),
    ("COM-1P", "一般工商业单一制分时", "General commercial, one-part, time of use", False, True, SYNTHETIC, "M"),
    ("RES-LAD", "居民阶梯", "Residential ladder", False, False, LADDER, "1"),
    ("AGR", "农业生产", "Agricultural", False, False, SYNTHETIC, "M"),
    ("EV-TOU", "充电设施分时", "EV charging, time of use", False, True, SYNTHETIC, "M"),
]


def create():
    """`{code: id}` of the plans, made where they are missing."""
    keys = {}
    for code, name, english, two_part, time_of_use, source, mark in PLANS:
        values = {"name": name, "name_en": english, "two_part": two_part, "time_of_use": time_of_use, "source": source, "mark": mark}
        keys[code] = TariffPlan.objects.get_or_create(code=code, valid_from=SINCE, defaults=values)[0].pk
    return keys


def plan_of(accounts, keys):
    """The tariff plan's id for every account."""
    two_part, category = accounts.kva >= 315, accounts.category
    cases = [
        (category == LARGE, "IND-2P"), ((category == GENERAL) & two_part, "COM-2P"), (category == RESIDENT, "RES-LAD"),
        (category == FARM, "AGR"), (category == EV, "EV-TOU"),
    ]  # fmt: skip
    return np.select([case for case, _ in cases], [keys[code] for _, code in cases], keys["COM-1P"])

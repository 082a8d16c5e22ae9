"""Readings of a synthetic utility: a year of quarters for its largest accounts, four weeks for some thousand others, in proportion to their bills.

A day's shape is that of the category and month (`crm.demo.shapes`), shifted a little for each account, weaker on days off as its trade has it,
with noise; a month adds up to its bill. All of it is made up, as the bills are.
"""

import datetime as dt

import numpy as np
from django.db import transaction
from django.db.models import Sum

from crm.accounts.models import Account
from crm.billing.models import Bill
from crm.billing.year import month_back
from crm.demo.shapes import CATEGORIES, day_shapes
from segmentation.lake.session import lake, open_session
from segmentation.readings import days, standing
from segmentation.readings.matrix import UNKNOWN, WIDEST, Days
from segmentation.readings.models import ReadingsFile

LARGEST, OTHERS = 200, 2_800
YEAR_DAYS, SOME_DAYS = 365, 28
SLOTS = 96
DAY_OFF = {
    "large_industrial": 0.82,
    "general_commercial": 0.55,
    "residential": 1.12,
    "agricultural": 0.95,
    "ev_charging": 1.1,
    "other": 1.0,
}
ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def create(*, at: dt.datetime, until: dt.date, seed: int = 7, largest: int = LARGEST, others: int = OTHERS) -> int:
    """Readings up to and with the day `until`; how many. Where there are readings already, none are added."""
    if ReadingsFile.objects.exists():
        return 0
    random, made = np.random.default_rng(seed), 0
    where = lake()
    chosen = _chosen(until, random, largest, others)
    with open_session(of=where) as session:
        for period in _months(until):
            found = _month(chosen, period, until, random)
            if found is None:
                continue
            session.register("made", found.table())
            standing.write(session=session, lake=where, query="select * from made", period=period, batch_id=None, at=at)
            session.unregister("made")
            made += int((found.wh != UNKNOWN).sum())
    return made


def _chosen(until, random, largest, others):
    """[(account id, category, first day)] in the order of the accounts."""
    recent = Bill.objects.filter(period__gt=month_back(until.replace(day=1), 13)).values("account_id").annotate(kwh=Sum("kwh"))
    big = list(recent.order_by("-kwh").values_list("account_id", flat=True)[:largest])
    rest = sorted(
        set(Account.objects.filter(is_synthetic=True, closed_on=None).order_by("id").values_list("id", flat=True)[: 40 * others]) - set(big)
    )
    some = random.choice(rest, min(others, len(rest)), replace=False).tolist() if rest else []
    first = dict.fromkeys(big, until - ONE_DAY * (YEAR_DAYS - 1)) | dict.fromkeys(some, until - ONE_DAY * (SOME_DAYS - 1))
    return [(pk, category, first[pk]) for pk, category in Account.objects.filter(pk__in=first).order_by("pk").values_list("pk", "category")]


def _months(until):
    return [month_back(until.replace(day=1), back) for back in range(13, -1, -1)]


def _month(chosen, period, until, random) -> Days | None:
    """Every chosen account's days of one month, whole days of 24 hours in quarters."""
    kwh = _billed(period)
    first = days.number_of(period)
    past = days.number_of((period.replace(day=28) + 4 * ONE_DAY).replace(day=1))
    last = min(past, days.number_of(until) + 1)
    rows = [(pk, CATEGORIES.index(category), max(first, days.number_of(since))) for pk, category, since in chosen if pk in kwh]
    rows = [row for row in rows if row[2] < last]
    if not rows:
        return None
    numbers = np.arange(first, past)
    curves = _curves(np.array([category for _pk, category, _from in rows]), period, numbers, random)
    energy, demand = (np.array([kwh[pk][which] for pk, _category, _from in rows])[:, None, None] for which in (0, 1))
    curves *= energy / curves.sum(axis=(1, 2), keepdims=True)
    np.minimum(curves, demand / 4, out=curves)  # no quarter above the demand that was billed
    account = np.repeat([pk for pk, _category, _from in rows], len(numbers))
    day = np.tile(numbers, len(rows))
    kept = (day >= np.repeat([since for _pk, _category, since in rows], len(numbers))) & (day < last)
    many = int(kept.sum())
    wh = np.full((many, WIDEST), UNKNOWN, np.int32)
    wh[:, :SLOTS] = np.rint(curves.reshape(-1, SLOTS)[kept] * 1000)
    return Days(
        account[kept].astype(np.int64),
        np.zeros(many, bool),
        day[kept].astype(np.int32),
        np.full(many, 15, np.uint8),
        np.full(many, SLOTS),
        wh,
    )


def _billed(period) -> dict[int, tuple[float, float]]:
    """(kWh, highest demand in kW) of the month by account; of a month not billed yet, those of the last one that is."""
    for back in range(4):
        found = Bill.objects.filter(period=month_back(period, back), kwh__gt=0).values_list("account_id", "kwh", "max_demand_kw")
        if found:
            return {pk: (float(kwh), float(demand or np.inf)) for pk, kwh, demand in found}
    return {}


def _curves(categories, period, numbers, random):
    """accounts x days x quarters, in no unit yet."""
    hours = day_shapes()[:, period.month - 1]
    middle = np.arange(24) + 0.5
    quarters = (np.arange(SLOTS) + 0.5) / 4 + random.normal(0, 0.5, (len(categories), 1))
    shape = np.stack([np.interp(at % 24, middle, hours[category], period=24) for at, category in zip(quarters, categories, strict=True)])
    off = np.array([days.day_of(number).weekday() >= 5 for number in numbers])
    weaker = np.array([DAY_OFF[name] for name in CATEGORIES])[categories]
    by_day = np.where(off[None, :], weaker[:, None], 1.0) * random.lognormal(0, 0.06, (len(categories), len(numbers)))
    noise = random.lognormal(0, 0.05, (len(categories), len(numbers), SLOTS)).astype(np.float32)
    return shape[:, None, :] * by_day[:, :, None] * noise

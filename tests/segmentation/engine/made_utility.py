"""A made-up utility of a few hundred accounts with every gap a real one has, as arrow tables: the same for each engine under contract."""

import datetime as dt

import numpy as np
import pyarrow as pa

from .facts import AS_OF, month_back, month_end

MONTHS = 40
CATEGORIES = ("large_industrial", "general_commercial", "residential", "agricultural", "other")
ONE_DAY = dt.timedelta(days=1)


def made(accounts=240, seed=11):
    """All six tables. Missing months, bills without money, without due date or band, half payments, payments that name no bill, closed accounts."""
    random = np.random.default_rng(seed)
    ids = list(range(1, accounts + 1))
    bill_rows = [row for number in ids for row in _bills(random, number)]
    return {
        "accounts": pa.table(_accounts(random, ids)),
        "bills": _table(bill_rows, dates=("period", "issued_on", "due_on")),
        "payments": _table(_payments(random, bill_rows, ids), dates=("paid_on", "period")),
        "tickets": _table(_tickets(random, accounts), moments=("opened_at", "answered_at", "closed_at")),
        "engagement": _table(_visits(random, accounts), dates=("happened_on",)),
        "entitlements": _table(_entitlements(ids), dates=("starts_on", "ends_on")),
    }


def _table(rows, dates=(), moments=()):
    kinds = dict.fromkeys(dates, pa.date32()) | dict.fromkeys(moments, pa.timestamp("us"))
    return pa.table({name: pa.array([row[name] for row in rows], kinds.get(name)) for name in rows[0]})


def _accounts(random, ids):
    def some(share, value):
        return [value if draw < share else None for draw in random.random(len(ids))]

    days = [AS_OF - ONE_DAY * int(age) for age in random.integers(-20, 4000, len(ids))]
    return {
        "account_id": ids, "number": [f"{number:010}" for number in ids], "category": [CATEGORIES[number % 4 if number % 31 else 4] for number in ids],
        "unit_code": ["33401"] * len(ids), "market_status": [("regulated", "agency", "retailer")[number % 3] for number in ids],
        "important_grade": [""] * len(ids), "status": ["active"] * len(ids), "voltage_kv": [(0.4, 10.0, 110.0)[number % 3] for number in ids],
        "contract_kva": pa.array([None if draw < 0.1 else round(10 + 3000 * draw, 1) for draw in random.random(len(ids))], pa.float64()),
        "opened_on": pa.array(days, pa.date32()), "closed_on": pa.array(some(0.04, AS_OF - 40 * ONE_DAY), pa.date32()),
        "contract_ends_on": pa.array([AS_OF + ONE_DAY * int(left) if left > -200 else None for left in random.integers(-300, 400, len(ids))], pa.date32()),
        "has_pv": [number % 7 == 0 for number in ids], "has_storage": [False] * len(ids), "has_captive_plant": [number % 41 == 0 for number in ids],
        "has_gas": [number % 11 == 0 for number in ids], "prepaid": [number % 17 == 0 for number in ids],
        "theft_on": pa.array(some(0.02, AS_OF - 300 * ONE_DAY), pa.date32()), "hazard_open": [number % 61 == 0 for number in ids],
        "debt_plan_signed": pa.array(some(0.1, True), pa.bool_()),
    }  # fmt: skip


def _bills(random, number):
    level, trend = random.lognormal(8, 1.2), random.normal(1, 0.01)
    late_bird = number % 13 == 0
    for back in range(int(random.integers(3, MONTHS)) if late_bird else MONTHS):
        if random.random() < 0.03:
            continue
        period = month_back(dt.date(2026, 10, 1), back)
        kwh = round(level * trend ** (MONTHS - back) * random.lognormal(0, 0.2), 2) * (0 if number % 19 == 0 and back < 3 else 1)
        issued = month_end(period) + ONE_DAY * int(random.integers(-2, 9))
        priced = random.random() > 0.04
        fen, banded = int(kwh * 61), number % 3
        yield {
            "account_id": number, "period": period, "kwh": kwh if random.random() > 0.01 else None,
            "sharp_kwh": kwh * 0.1 if banded else None, "peak_kwh": kwh * 0.3 if banded else None, "flat_kwh": kwh * 0.35 if banded else None,
            "valley_kwh": kwh * 0.25 if banded else None, "deep_valley_kwh": None, "max_demand_kw": round(kwh / 250, 2) if banded == 1 else None,
            "kvarh": kwh * 0.4 if banded == 1 else None, "power_factor": round(0.8 + 0.19 * random.random(), 3) if banded == 1 else None,
            "basic_fen": fen // 9 if priced and banded == 1 else None, "energy_fen": fen // 2 if priced else None,
            "adjustment_fen": -fen // 60 if priced and banded == 1 else None, "funds_fen": fen // 20 if priced else None,
            "total_fen": fen if priced else None, "issued_on": issued, "due_on": issued + 20 * ONE_DAY if random.random() > 0.05 else None,
            "days_in_period": month_end(period).day,
        }  # fmt: skip


def _payments(random, bills, ids):
    rows = []
    for bill in bills:
        due, fen = bill["due_on"], bill["total_fen"]
        if due is None or not fen or random.random() < 0.06:
            continue
        parts = (fen,) if random.random() > 0.1 else (fen // 3, fen - fen // 3) if random.random() > 0.4 else (fen // 2,)
        for part in parts:
            day = due + ONE_DAY * int(random.integers(-15, 40))
            rows.append(
                {
                    "account_id": bill["account_id"],
                    "paid_on": day,
                    "amount_fen": part,
                    "period": bill["period"],
                    "channel": "app" if part % 2 else "cash",
                }
            )
    rows += [
        {"account_id": number, "paid_on": AS_OF - 5 * ONE_DAY, "amount_fen": 12_345, "period": None, "channel": None} for number in ids[::9]
    ]
    return rows


def _tickets(random, accounts):
    rows = []
    for number, draw in enumerate(random.random((1200, 4)).tolist()):
        opened = dt.datetime.combine(AS_OF, dt.time(9)) - dt.timedelta(minutes=int(draw[0] * 800_000) - 2_000)
        answered = opened + dt.timedelta(seconds=int(draw[1] * 900_000)) if draw[1] > 0.1 else None
        closed = answered + dt.timedelta(hours=5) if answered and draw[2] > 0.2 else None
        rows.append({
            "account_id": 1 + number % accounts, "kind": ("complaint", "fault", "inquiry")[number % 3], "category": "billing", "severity": "normal",
            "opened_at": opened, "answered_at": answered, "closed_at": closed, "reopened": number % 5 // 4,
            "satisfaction": 1 + number % 5 if closed and draw[3] > 0.5 else None,
        })  # fmt: skip
    return rows


def _visits(random, accounts):
    return [
        {"account_id": 1 + int(who), "kind": ("visit", "call")[int(who) % 2], "happened_on": AS_OF - ONE_DAY * int(ago)}
        for who, ago in zip(random.integers(0, accounts, 300), random.integers(-3, 700, 300), strict=True)
    ]


def _entitlements(ids):
    ends = (AS_OF + 90 * ONE_DAY, AS_OF - ONE_DAY, None)
    return [{"account_id": number, "starts_on": AS_OF - 100 * ONE_DAY, "ends_on": ends[number % 3]} for number in ids[::10]]

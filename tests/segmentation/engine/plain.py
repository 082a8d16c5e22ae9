"""Features and value the plain way, one account after the other from pandas frames, by what docs/engine.md says: the reference engines are held to.

Slow on purpose, and shares nothing with the engine but the numbers of the policy.
"""

import datetime as dt
import math
from collections import defaultdict
from types import SimpleNamespace

import pandas as pd

from .facts import month_back

NONE = float("nan")


def features(tables, as_of, month):
    """{account_id: {feature: number or None}} of a part of the features: those that read many rows."""
    there = [row for row in tables["accounts"].to_pylist() if row["opened_on"] is None or row["opened_on"] <= as_of]
    grouped = {name: _by_account(table) for name, table in tables.items() if name != "accounts"}
    return {
        row["account_id"]: _of_account(
            SimpleNamespace(**row), {name: rows[row["account_id"]] for name, rows in grouped.items()}, as_of, month
        )
        for row in there
    }


def _by_account(table):
    rows = defaultdict(list)
    for row in table.to_pylist():
        rows[row["account_id"]].append(row)
    return rows


def _of_account(account, own, as_of, month):
    bills = [it for it in own["bills"] if it["issued_on"] <= as_of and it["period"] <= month]
    paid = [it for it in own["payments"] if it["paid_on"] <= as_of]
    use, bands, debt = _use(bills, month), _bands(account, bills, month), _debt(bills, paid, as_of, month)
    return use | _money(bills, month) | bands | debt | _service(own, as_of)


def _within(bills, month, first, past):
    wanted = {month_back(month, ago) for ago in range(first, past)}
    return [bill for bill in bills if bill["period"] in wanted]


def _sum(rows, name):
    known = [row[name] for row in rows if row[name] is not None]
    return float(sum(known)) if known else None


def _ratio(top, bottom):
    return None if top is None or bottom is None or not bottom > 0 else top / bottom


def _use(bills, month):
    kwh = {bill["period"]: bill["kwh"] for bill in bills if bill["kwh"] is not None}
    by_ago = [kwh.get(month_back(month, ago)) for ago in range(36)]

    def whole(first, past):
        return None if None in by_ago[first:past] else sum(by_ago[first:past])

    year, before, before_that = whole(0, 12), whole(12, 24), whole(24, 36)
    bases = [
        sum(known) / len(known)
        for part in (by_ago[:12], by_ago[12:24], by_ago[24:])
        if len(known := [it for it in part if it is not None]) >= 3
    ]
    mean = None if year is None else year / 12
    spread = None if year is None else math.sqrt(sum((it - mean) ** 2 for it in by_ago[:12]) / 12)
    change = _ratio(year, before)
    best = max([it for it in (before, before_that) if it is not None], default=None)
    latest, recent = _ratio(by_ago[0], by_ago[12]), _ratio(whole(0, 3), whole(12, 15))
    lately = min([it for it in (latest, recent) if it is not None], default=None)
    parts = whole(0, 9), whole(9, 12), lately
    ahead = None if None in parts else parts[0] + parts[1] * parts[2]
    best_ahead = max([it for it in (best, whole(9, 21)) if it is not None], default=None)
    return {
        "kwh_12m": _sum([{"kwh": it} for it in by_ago[:12]], "kwh"), "kwh_prev_12m": _sum([{"kwh": it} for it in by_ago[12:24]], "kwh"),
        "growth": None if change is None else change - 1, "recent_ratio": recent, "base_ratio_ahead": _ratio(ahead, best_ahead),
        "latest_ratio": latest, "base_month_kwh": max(bases, default=None), "base_ratio": _ratio(year, best),
        "cv": _ratio(spread, mean), "seasonality": _ratio(max(by_ago[:12]) if year is not None else None, mean),
    }  # fmt: skip


def _money(bills, month):
    year, before = _within(bills, month, 0, 12), _within(bills, month, 12, 24)

    def price(rows):
        priced = [bill for bill in rows if bill["total_fen"] is not None]
        return _ratio(_sum(priced, "total_fen"), _sum(priced, "kwh") or 0.0)

    now, then = price(year), price(before)
    change = _ratio(now, then)
    return {
        "revenue_12m_fen": _sum(year, "total_fen"), "revenue_prev_12m_fen": _sum(before, "total_fen"), "average_price_fen": now,
        "price_change": None if change is None else change - 1,
    }  # fmt: skip


def _bands(account, bills, month):
    year = _within(bills, month, 0, 12)
    parts = {band: _sum(year, f"{band}_kwh") or 0.0 for band in ("sharp", "peak", "flat", "valley", "deep_valley")}
    metered = [bill for bill in year if bill["max_demand_kw"] is not None]
    peak = max((bill["max_demand_kw"] for bill in metered), default=None)
    factors = [bill["power_factor"] for bill in year if bill["power_factor"] is not None]
    hours = None if peak is None else peak * sum(bill["days_in_period"] for bill in metered) * 24
    return {
        "peak_share": _ratio(parts["peak"], sum(parts.values())), "max_demand_kw": peak,
        "load_factor": _ratio(_sum(metered, "kwh") or 0.0, hours), "power_factor": sum(factors) / len(factors) if factors else None,
        "capacity_use": _ratio(peak, None if pd.isna(account.contract_kva) else account.contract_kva),
    }  # fmt: skip


def _debt(bills, payments, as_of, month):
    """A bill with money and due date next to what named it; what named none is taken off the whole."""
    owed = [bill for bill in _within(bills, month, 0, 24) if bill["total_fen"] is not None and bill["due_on"] is not None]
    late, unpaid, judged, oldest = [], 0.0, 0, None
    for bill in owed:
        named = [it for it in payments if it["period"] == bill["period"]]
        paid = sum(it["amount_fen"] for it in named)
        settled, past = paid >= bill["total_fen"], bill["due_on"] < as_of
        on = max(it["paid_on"] for it in named) if settled and named else as_of
        days = max((on - bill["due_on"]).days, 0)
        recent = bill["period"] > month_back(month, 12)
        judged += recent and (settled or past)
        if recent and (settled or past) and days > 0:
            late.append(days)
        if past and not settled:
            unpaid += bill["total_fen"] - paid
            oldest = max(oldest or 0, days)
    free = sum(it["amount_fen"] for it in payments if it["period"] is None)
    arrears = max(unpaid - free, 0.0) if owed else None
    return {
        "late_count_12m": float(len(late)) if judged else None, "on_time_rate": 1 - len(late) / judged if judged else None,
        "days_late_mean": sum(late) / len(late) if late else None, "arrears_fen": arrears,
        "arrears_days": float(oldest) if arrears and oldest is not None else None,
    }  # fmt: skip


def _service(own, as_of):
    tonight = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    tickets = [it for it in own["tickets"] if it["opened_at"] < tonight]
    complaints = [it for it in tickets if it["kind"] == "complaint" and (tonight - it["opened_at"]).total_seconds() // 60 / 1440 < 365]
    still = [it for it in tickets if it["closed_at"] is None or it["closed_at"] >= tonight]
    met = [it for it in own["engagement"] if it["happened_on"] <= as_of]
    return {
        "complaints_12m": float(len(complaints)), "open_tickets": float(len(still)),
        "contact_days": float(min((as_of - it["happened_on"]).days for it in met)) if met else None,
        "visits_12m": float(sum(it["kind"] == "visit" and (as_of - it["happened_on"]).days < 365 for it in met)),
    }  # fmt: skip


def values(rows, weights, better, winsor, least_peers):
    """Value score of every account with 12 months' kWh that is not closed. `rows`: {account_id: {category, is_closed, indicator: number}};
    `weights`: {indicator: (group, weight over both groups)}; `better`: {indicator: high or low}."""
    judged = {key: row for key, row in rows.items() if row["kwh_12m"] is not None and not row["is_closed"]}
    many = pd.Series([row["category"] for row in judged.values()]).value_counts()
    scores = {}
    for key, row in judged.items():
        own = many[row["category"]] >= least_peers
        peers = [it for it in judged.values() if not own or it["category"] == row["category"]]
        scaled = {
            name: _scaled(row[name], [it[name] for it in peers if it[name] is not None], better[name], winsor)
            for name in weights
            if row[name] is not None
        }
        scores[key] = 50 + sum(_share(name, scaled, weights) * (scaled[name] - 50) for name in scaled)
    return scores


def _scaled(value, known, better, winsor):
    place = (sum(it < value for it in known) + sum(it == value for it in known) / 2) / len(known)
    place = place if better == "high" else 1 - place
    return min(max((place - winsor) / (1 - 2 * winsor), 0), 1) * 100


def _share(name, scaled, weights):
    """The weight of an indicator where some are unknown: first within its group, then over the groups that know anything."""
    totals = {
        group: sum(weight for each, weight in weights.values() if each == group) for group in {group for group, _weight in weights.values()}
    }
    known = {group: sum(weights[each][1] for each in scaled if weights[each][0] == group) for group in totals}
    group, weight = weights[name]
    return weight * totals[group] / known[group] / sum(totals[each] for each in totals if known[each])

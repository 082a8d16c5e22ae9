"""A year of bills in a few figures, next to the year before. Pure; kWh, yuan, kW and shares as on the bills, months as first days."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Year:
    """Twelve months ending with the latest bill. A change is a ratio to the twelve months before, None unless all 24 months are known."""

    through: dt.date
    months: int
    kwh: Decimal
    kwh_change: Decimal | None
    yuan: Decimal | None
    yuan_change: Decimal | None
    max_demand_kw: Decimal | None
    demand_share: Decimal | None
    power_factor: Decimal | None
    power_factor_change: Decimal | None
    adjustment_share: Decimal | None
    last_period: dt.date


def month_back(period: dt.date, months: int) -> dt.date:
    """The first of the month `months` before `period`."""
    index = period.year * 12 + period.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [month_back(last, back) for back in range((last.year - first.year) * 12 + last.month - first.month, -1, -1)]


def year_of(bills, *, contract_kva: Decimal | None = None) -> Year | None:
    """The figures of a list of bills in any order; None when there is none."""
    by_period = {bill.period: bill for bill in bills}
    if not by_period:
        return None
    last = max(by_period)
    this = [by_period[month] for month in (month_back(last, back) for back in range(12)) if month in by_period]
    before = [by_period[month] for month in (month_back(last, back) for back in range(12, 24)) if month in by_period]
    latest, year_ago = by_period[last], by_period.get(month_back(last, 12))
    demand = max((bill.max_demand_kw for bill in this if bill.max_demand_kw is not None), default=None)
    return Year(
        through=last,
        months=len(this),
        kwh=sum((bill.kwh for bill in this), ZERO),
        kwh_change=_change([bill.kwh for bill in this], [bill.kwh for bill in before]),
        yuan=_known_sum([bill.total for bill in this]),
        yuan_change=_change([bill.total for bill in this], [bill.total for bill in before]),
        max_demand_kw=demand,
        demand_share=demand / contract_kva if demand is not None and contract_kva else None,
        power_factor=latest.power_factor,
        power_factor_change=_difference(latest.power_factor, year_ago and year_ago.power_factor),
        adjustment_share=adjustment_share(latest),
        last_period=last,
    )


def adjustment_share(bill) -> Decimal | None:
    """The power-factor adjustment of a bill as a share of its basic and energy charges."""
    base = (bill.basic_charge or ZERO) + (bill.energy_charge or ZERO)
    return bill.adjustment / base if bill.adjustment is not None and base else None


def _known_sum(values):
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None


def _change(this, before):
    if len(this) < 12 or len(before) < 12 or None in this or None in before or not sum(before):
        return None
    return sum(this) / sum(before) - 1


def _difference(now, then):
    return now - then if now is not None and then is not None else None

"""Charts of an account's bills, as JSON by the contract in `static/js/charts.js`: the same for the page and the API."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.billing.year import month_back, months_between

BANDS = [
    ("sharp", gettext_lazy("Sharp")),
    ("peak", gettext_lazy("Peak")),
    ("flat", gettext_lazy("Flat")),
    ("valley", gettext_lazy("Valley")),
    ("deep_valley", gettext_lazy("Deep valley")),
]
PARTS = [
    ("energy_charge", gettext_lazy("Energy charge")),
    ("basic_charge", gettext_lazy("Basic charge")),
    ("adjustment", gettext_lazy("Power-factor adjustment")),
    ("funds", gettext_lazy("Funds and surcharges")),
]


def usage_chart(bills, *, months=24):
    """Monthly kWh by time band of the last `months` with last year's total as a line. A month without a bill is a gap."""
    by_period, shown = _months(bills, months)
    series = []
    for band, name in BANDS:
        values = [_figure(by_period.get(month), f"{band}_kwh") for month in shown]
        if any(values):
            series.append({"name": str(name), "key": band, "values": values})
    undivided = [_undivided(by_period.get(month)) for month in shown]
    if any(undivided):
        series.append(
            {
                "name": _("Not divided by time") if series else pgettext("kWh", "Use"),
                "key": "flat" if not series else "muted",
                "values": undivided,
            }
        )
    year_ago = [_figure(by_period.get(month_back(month, 12)), "kwh") for month in shown]
    if any(value is not None for value in year_ago):
        series.append({"name": _("Same month last year"), "kind": "line", "values": year_ago})
    return _chart("bar-stacked", _("Monthly use by time band"), "kWh", shown, series)


def bill_chart(bills, *, months=24):
    """Monthly yuan by part of the bill; months whose money is not known are gaps."""
    by_period, shown = _months(bills, months)
    series = []
    for part, name in PARTS:
        values = [_figure(by_period.get(month), part) for month in shown]
        if any(values):
            series.append({"name": str(name), "values": values})
    whole = [_figure(by_period.get(month), "total") for month in shown]
    if not series and any(whole):
        series.append({"name": _("Total"), "values": whole})
    return _chart("bar-stacked", _("Bills by part"), "yuan", shown, series)


def composition_chart(bills):
    """What twelve months' bills are made of, as shares of their sum."""
    by_period, shown = _months(bills, 12)
    sums = [(str(name), sum(_figure(by_period.get(month), part) or 0 for month in shown)) for part, name in PARTS]
    whole = sum(value for _name, value in sums)
    values = [round(value / whole, 3) for _name, value in sums] if whole else []
    chart = _chart(
        "bar", _("What the bills are made of"), "ratio", [], [{"name": _("Share of 12 months"), "values": values}] if values else []
    )
    return chart | {"x": {"label": _("Part of the bill"), "values": [name for name, _value in sums] if values else []}}


def demand_chart(bills, *, contract_kva=None, months=24):
    """Monthly maximum demand, with the contract capacity as a line."""
    by_period, shown = _months(bills, months)
    values = [_figure(by_period.get(month), "max_demand_kw") for month in shown]
    if not any(values):
        return _chart("line", _("Maximum demand"), "kW", [], [])
    series = [{"name": _("Maximum demand"), "values": values, "area": True}]
    if contract_kva:
        series.append({"name": _("Contract capacity, kVA"), "key": "warn", "values": [float(contract_kva)] * len(shown)})
    return _chart("line", _("Maximum demand"), "kW", shown, series)


def _months(bills, months):
    by_period = {bill.period: bill for bill in bills}
    if not by_period:
        return {}, []
    last = max(by_period)
    return by_period, months_between(max(min(by_period), month_back(last, months - 1)), last)


def _figure(bill, name):
    value = getattr(bill, name) if bill is not None else None
    return None if value is None else float(value)


def _undivided(bill):
    """kWh of a month beyond its time bands: all of it where the bill has none."""
    if bill is None:
        return None
    left = float(bill.kwh) - sum(_figure(bill, f"{band}_kwh") or 0 for band, _name in BANDS)
    return round(left, 2) if left > max(float(bill.kwh) * 0.005, 0.5) else None


def _chart(kind, title, unit, months, series):
    return {
        "kind": kind,
        "title": title,
        "unit": unit,
        "x": {"label": _("Month"), "values": [f"{m:%Y-%m}" for m in months]},
        "series": series,
    }

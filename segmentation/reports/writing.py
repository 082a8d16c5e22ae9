"""Numbers as text by their unit, in the language that is active; and the one scale of a chart's axis."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext

from crm.display import rules
from segmentation.reports.document import Chart, Figure, Unit

# What a spreadsheet and a native chart are told; money is written in yuan.
NUMBER_FORMATS = {
    "count": "#,##0", "fen": "#,##0.00", "kwh": "#,##0", "kw": "#,##0.0", "share": "0.0%", "days": "#,##0.0", "hours": "#,##0.0",
    "score": "0.0", "ratio": "0.00", "text": "@", "date": "yyyy-mm-dd", "month": "@",
}  # fmt: skip
STEPS = {
    ("kwh", False): ((1e6, "GWh"), (1e3, "MWh")), ("kwh", True): ((1e8, "亿kWh"), (1e4, "万kWh")),
    ("kw", False): ((1e6, "GW"), (1e4, "MW")), ("kw", True): ((1e6, "万kW"),),
    ("fen", False): ((1e9, "¥ B"), (1e5, "¥ M")), ("fen", True): ((1e8, "亿元"), (1e4, "万元")),
}  # fmt: skip
SIZES = {"GW": 1e6, "MW": 1e3, "万kW": 1e4, "¥ M": 1e6}  # where a unit is used from another size on than its own


def written(value, unit: Unit) -> str:
    """`¥ 4.21 M`, `71.0 %`, `3.5 d`; nothing known is `—`."""
    if value is None:
        return rules.NOTHING
    match unit:
        case "text" | "month":
            return str(value) if str(value) else rules.NOTHING
        case "date":
            return value.isoformat() if isinstance(value, dt.date) else str(value)
        case "count":
            return rules.number(value)
        case "fen":
            return rules.yuan(value / 100, get_language())
        case "kwh":
            return rules.kwh(value, get_language())
        case "share":
            return rules.percent(value, 1)
        case "score":
            return rules.number(value, 1)
        case "ratio":
            return rules.number(value, 2)
    figure, label = (value, _named(unit)) if unit != "kw" else _scaled_kw(value)
    return f"{rules.number(figure, 0 if float(figure).is_integer() else 1)}{rules.SPACE}{label}"


def _scaled_kw(value):
    scale = scale_of("kw", [value])
    return value / scale.divisor, scale.label


def _named(unit):
    return {"days": pgettext("unit", "d"), "hours": pgettext("unit", "h"), "kw": "kW"}[unit]


def change_of(figure: Figure) -> str:
    """How far it moved from what was before: `+4.2 %`, for shares `+1.3 pp`; empty where there is nothing to compare."""
    if figure.value is None or figure.before is None:
        return ""
    if figure.unit == "share":
        points = pgettext("percentage points", "pp")
        return f"{rules.delta(100 * (figure.value - figure.before), 1)}{rules.SPACE}{points}"
    if figure.unit in ("score", "ratio", "days", "hours"):
        return rules.delta(figure.value - figure.before, 2 if figure.unit == "ratio" else 1)
    return f"{rules.delta(100 * (figure.value / figure.before - 1), 1)}{rules.SPACE}%" if figure.before else ""


@dataclass(frozen=True)
class Scale:
    """What the numbers of one chart are divided by, what stands beside the axis, and how a native chart writes them."""

    divisor: float
    label: str
    number_format: str

    def of(self, value):
        return None if value is None else round(value / self.divisor, 6)


def scale_of(unit: Unit, values: Iterable[float | None]) -> Scale:
    """One scale for all numbers of an axis, chosen by the largest."""
    largest = max((abs(value) for value in values if value is not None), default=0)
    chinese = rules.is_chinese(get_language())
    cents = 100 if unit == "fen" else 1
    for size, label in STEPS.get((unit, chinese), ()):
        if largest / cents >= size:
            own = SIZES.get(label, size)
            return Scale(own * cents, label, "#,##0.0" if largest / cents / own < 100 else "#,##0")
    plain = {"fen": "元" if chinese else "¥", "kwh": "kWh", "kw": "kW", "share": "%", "days": "d", "hours": "h"}.get(unit, "")
    label = _named(unit) if unit in ("days", "hours") else plain
    decimals = "0.0%" if unit == "share" else "#,##0" if unit in ("count", "fen", "kwh") or largest >= 100 else "#,##0.0"
    return Scale(cents, label, decimals if unit != "ratio" else "0.00")


def numbers_of(chart: Chart) -> list[float | None]:
    """Every number drawn along the value axis."""
    if chart.kind == "stacked":  # the bar is as long as its parts together
        return [sum(value or 0 for value in column) for column in zip(*(series.values for series in chart.series), strict=True)]
    if chart.flows:
        return [value for _from, _to, value in chart.flows]
    return [value for series in chart.series for value in series.values if not isinstance(value, tuple)]

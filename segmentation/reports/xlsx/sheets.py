"""Names of sheets, units of columns, and the table behind each kind of chart."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from segmentation.reports.points import axes_of, points_of

LONGEST_NAME = 31
FORBIDDEN = "[]:*?/\\'"


class Names:
    """Sheet names that a spreadsheet takes: no forbidden letters, at most 31, no two alike whatever their case."""

    def __init__(self):
        self.taken = {"history"}  # which Excel keeps for itself

    def free(self, title: str) -> str:
        clean = " ".join("".join(" " if letter in FORBIDDEN or letter < " " else letter for letter in title).split()) or _("Sheet")
        name, number = clean[:LONGEST_NAME].strip(), 2
        while name.lower() in self.taken:
            end = f" {number}"
            name, number = clean[: LONGEST_NAME - len(end)].strip() + end, number + 1
        self.taken.add(name.lower())
        return name


def unit_word(unit) -> str:
    """What stands in the head of a column behind its label."""
    return {"fen": _("yuan"), "kwh": "kWh", "kw": "kW", "days": _("days"), "hours": _("hours")}.get(unit, "")


def stored(value, unit):
    """The value as a cell holds it: money in yuan, days as days, numbers as numbers, text as text."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if unit == "date":
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(value, (int, float, Decimal)) and unit not in ("text", "month"):
        number = float(value) if isinstance(value, Decimal) else value
        if number != number or number in (float("inf"), float("-inf")):
            return None
        return number / 100 if unit == "fen" else number
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def rows_of_chart(chart):
    """`(columns, rows)`: `columns` are (label, unit)."""
    if chart.kind == "sankey":
        return [(_("From"), "text"), (_("To"), "text"), (chart.title, chart.unit)], list(chart.flows)
    if chart.kind == "scatter":
        across, up, size = axes_of(chart)
        columns = [(_("Name"), "text"), (across, "score"), (up, "score"), (size, chart.unit)]
        return columns, [(point.name, point.x, point.y, point.size) for points in points_of(chart).values() for point in points]
    columns = [(chart.title, "text"), *((series.label, chart.unit) for series in chart.series)]
    return columns, list(zip(chart.categories, *(series.values for series in chart.series), strict=True))

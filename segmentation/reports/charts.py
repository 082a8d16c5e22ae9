"""Charts as JSON; the contract stands at the head of static/js/charts.js."""

from django.urls import reverse
from django.utils.translation import gettext as _

from segmentation.reports.document import Chart
from segmentation.reports.tiers import TIERS
from segmentation.runs.models import Tier

SPLIT = 50  # where the engine's quadrants part: half of the score


def moves(flows):
    """Sankey of tiers before and after the run in force; links lead to the accounts that moved."""
    labels = dict(Tier.choices)
    order = [*TIERS, Tier.UNSCORED]
    sides = {"a": {before for before, _after, _n in flows}, "b": {after for _before, after, _n in flows}}
    nodes = [
        {
            "id": f"{side}-{tier}",
            "name": (_("%(tier)s · before") if side == "a" else _("%(tier)s · now")) % {"tier": labels[tier]},
            "key": str(tier),
        }
        for side in ("a", "b")
        for tier in order
        if tier in sides[side]
    ]
    links = [{"source": f"a-{before}", "target": f"b-{after}", "value": n} for before, after, n in flows]
    return {"kind": "sankey", "title": _("Moves between tiers, accounts"), "unit": "count", "nodes": nodes, "links": links}


def quadrants(standings, reader):
    """Current against potential value; the bubble is revenue. At most the 400 largest."""
    points = [
        {
            "x": float(row.current_score), "y": float(row.potential_score), "size": row.revenue_12m_fen / 100,
            "name": reader.name(row.account.customer), "url": reverse("crm:account-detail", args=[row.account_id]), "key": row.tier,
        }
        for row in standings
    ]  # fmt: skip
    return {
        "kind": "scatter", "title": _("Current × potential value"), "unit": "",
        "x": {"label": _("Current value"), "min": 0, "max": 100, "split": SPLIT},
        "y": {"label": _("Potential value"), "min": 0, "max": 100, "split": SPLIT},
        "size": {"label": _("Revenue 12 m"), "unit": "yuan"},
        "quadrants": {"top_left": _("Potential large"), "top_right": _("Key"), "bottom_left": _("Standard"), "bottom_right": _("Maintain")},
        "points": points,
        "note": _("The accounts with the largest revenue, at most 400."),
    }  # fmt: skip


KINDS = {
    "bar": "column",
    "stacked": "bar-stacked",
    "line": "line",
    "area": "line",
    "pie": "pie",
    "scatter": "scatter",
    "heatmap": "heatmap",
}
UNITS = {"fen": "yuan", "kwh": "kWh", "kw": "kW", "share": "ratio", "hours": "h", "days": "d", "ratio": "", "score": ""}


def chart_as_json(chart: Chart) -> dict:
    """A chart of a report in the contract of charts.js: the page draws it, and the files draw the same options."""
    head = {"title": chart.title, "unit": UNITS.get(chart.unit, chart.unit), "takeaway": chart.takeaway}
    if chart.kind == "sankey":
        return head | _flows(chart)
    if chart.kind == "scatter":
        return head | _points(chart)
    kind = "bar" if chart.kind == "bar" and chart.horizontal else KINDS[chart.kind]
    shrink = _scale(chart.unit)
    return head | {
        "kind": kind, "x": {"label": "", "values": list(chart.categories)},
        "series": [
            {"name": each.label, "values": [shrink(value) for value in each.values]}
            | ({"area": True} if chart.kind == "area" else {})
            | ({"key": each.key} if each.key else {})
            | ({"keys": [chart.keys.get(name) for name in chart.categories]} if chart.keys else {})
            for each in chart.series
        ],
    }  # fmt: skip


def _scale(unit):
    """Money stands in fen in a report and in yuan in the contract."""
    if unit == "fen":
        return lambda value: None if value is None else value / 100
    return lambda value: value


def _flows(chart):
    """Nodes in the order in which they are first met; one that is a source and a target stands on both sides by its own name."""
    shrink, nodes = _scale(chart.unit), {}
    for source, target, _value in chart.flows:
        for side, name in (("a", source), ("b", target)):
            nodes.setdefault(
                f"{side}-{name}", {"id": f"{side}-{name}", "name": name} | ({"key": chart.keys[name]} if name in chart.keys else {})
            )
    links = [{"source": f"a-{source}", "target": f"b-{target}", "value": shrink(value)} for source, target, value in chart.flows]
    return {"kind": "sankey", "nodes": sorted(nodes.values(), key=lambda node: node["id"][0]), "links": links}


def _points(chart):
    """`categories` name the axes; a series is x, y, size of one point under its label."""
    names = [*chart.categories, "", ""]
    points = [
        {"name": each.label, "x": each.values[0], "y": each.values[1], "size": (each.values[2] if len(each.values) > 2 else None)}
        | ({"key": each.key} if each.key else {})
        for each in chart.series
    ]
    shrink = _scale(chart.unit)
    for point in points:
        point["size"] = shrink(point["size"])
    return {
        "kind": "scatter", "unit": "", "x": {"label": names[0], "min": 0, "max": 100, "split": SPLIT}, "y": {"label": names[1], "min": 0, "max": 100, "split": SPLIT},
        "size": {"label": names[2], "unit": UNITS.get(chart.unit, chart.unit)}, "points": points,
    }  # fmt: skip

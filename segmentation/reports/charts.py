"""Chart JSON of the tier report; the contract stands at the head of static/js/charts.js."""

from django.urls import reverse
from django.utils.translation import gettext as _

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

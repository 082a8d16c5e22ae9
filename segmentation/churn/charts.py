"""Chart JSON of a model; the contract stands at the head of static/js/charts.js."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from segmentation.churn import words

POINTS = 60


def calibration(card) -> dict:
    bins = card.get("calibration", [])
    return {
        "kind": "line", "title": _("Said and happened"), "unit": "ratio",
        "x": {"label": _("Tenth of the accounts, by probability"), "values": [str(n + 1) for n in range(len(bins))]},
        "series": [
            {"name": pgettext("accounts", "Left"), "key": "accent", "values": [it["left"] for it in bins]},
            {"name": _("Said"), "values": [it["said"] for it in bins], "kind": "line"},
        ],
        "note": _("Later months of accounts it did not learn from. The closer the lines, the better a probability can be taken at its word."),
    }  # fmt: skip


def gain(card) -> dict:
    points = card.get("gain", [])
    rules = card.get("rules_gain", [])
    return {
        "kind": "line", "title": _("Leavers found by calling the likeliest first"), "unit": "ratio",
        "x": {"label": _("Accounts called"), "values": [f"{it['called']:.0%}" for it in points]},
        "series": [
            {"name": _("Model"), "key": "accent", "values": [it["found"] for it in points]},
            {"name": _("Rule-based warning"), "key": "warn", "values": [it["found"] for it in rules]},
            {"name": _("By chance"), "values": [it["called"] for it in points]},
        ],
    }  # fmt: skip


def features(card) -> dict:
    top = card.get("top", [])[:15]
    return {
        "kind": "bar", "title": _("What weighs most"), "unit": _("points"),
        "x": {"label": _("Feature"), "values": [words.column(it["column"]) for it in top]},
        "series": [{"name": _("Points of probability"), "key": "accent", "values": [it["points"] for it in top]}],
        "note": _("Mean size of what each feature adds to or takes from the probability of the likeliest accounts."),
    }  # fmt: skip


def drift(use) -> dict:
    found = (use.drift if use else [])[:15]
    return {
        "kind": "bar", "title": _("Drift since the training"), "unit": "PSI",
        "x": {"label": _("Feature"), "values": [words.column(it["column"]) for it in found]},
        "series": [{"name": "PSI", "key": "accent", "values": [it["psi"] for it in found], "tones": ["risk" if it["psi"] >= 0.25 else None for it in found]}],
        "note": _("Population stability index: under 0.1 nothing moved, from 0.25 on the model speaks of other accounts than those there are."),
    }  # fmt: skip


def survival(card, name_of) -> dict:
    """Kaplan-Meier curves on one axis of evenly spaced days, from a little under the lowest of them."""
    curves = (card.get("survival") or {}).get("curves", {})
    last = max((curve["days"][-1] for curve in curves.values()), default=0)
    days = [round(last * n / POINTS) for n in range(POINTS + 1)] if curves else []
    lowest = min((share for curve in curves.values() for share in curve["staying"]), default=0.0)
    return {
        "kind": "line", "title": _("Still with us"), "unit": "ratio", "from": max(0, int(20 * lowest) / 20), "x": {"label": _("Days"), "values": [str(day) for day in days]},
        "series": [{"name": name_of(group), "values": _steps(curve, days)} for group, curve in curves.items()],
        "note": _("Kaplan-Meier: accounts that have not left are counted as long as they were watched."),
    }  # fmt: skip


def _steps(curve, days):
    out, at, now = [], 0, 1.0
    for day in days:
        while at < len(curve["days"]) and curve["days"][at] <= day:
            now, at = curve["staying"][at], at + 1
        out.append(now)
    return out


CHARTS = {"calibration": calibration, "gain": gain, "features": features}

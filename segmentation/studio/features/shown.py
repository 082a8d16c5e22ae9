"""Features as rows to print and to answer."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from segmentation.engine.features import describe
from segmentation.runs.history import features_of, unit_words, written
from segmentation.studio.features import reading
from segmentation.studio.features.drift import band
from segmentation.studio.features.used import uses

PARTS = ("use", "bands", "money", "payment", "service", "relation", "structure")


def language():
    return "zh-hans" if (get_language() or "en").startswith("zh") else "en"


def listed(run, before, scope) -> list[dict]:
    """Every feature: name, unit, meaning, missing share, drift, where it is used."""
    try:
        measured = reading.overview(run, before, scope) if run else {}
    except reading.FilesGone:
        measured = {}
    used, units = uses(), unit_words()
    return [_row(it, measured.get(it["name"], {}), used.get(it["name"], []), units) for it in describe(language())]


def _row(it, measured, used, units):
    psi = measured.get("psi")
    return it | {
        "unit_word": units.get(it["unit"], it["unit"]), "missing": measured.get("missing"), "psi": psi, "drift": band(psi), "used": used,
    }  # fmt: skip


def drift_words() -> dict[str, tuple[str, str]]:
    """{band: (words, tone)}"""
    return {"steady": (_("steady"), "good"), "shifted": (_("shifted"), "info"), "changed": (_("changed"), "warn")}


def sources_of(needs) -> str:
    """The kinds of facts a feature rests on, in the reader's language."""
    called = {
        "accounts": _("accounts"), "bills": _("bills"), "payments": _("payments"), "tickets": _("tickets"), "engagement": _("visits and contacts"),
        "entitlements": _("green channels"), "customers": _("customers"),
    }  # fmt: skip
    return _(", ").join(str(called.get(name, name)) for name in needs)


def spread_rows(run, name, unit, scope) -> list[dict]:
    """By category, quantiles as people write them."""
    units, index, labels = unit_words(), int(language() != "en"), dict(Account.Category.choices)
    unit = "share" if unit == "flag" else unit
    return [
        row
        | {
            "label": labels.get(row["category"], row["category"] or "—"),
            "texts": [written(value, unit, units, index) for value in row["quantiles"]],
        }
        for row in reading.spread(run, name, scope)
    ]


def chart(run, feature, scope) -> dict:
    """Share of each category's accounts by the feature's value."""
    edges, shares = reading.histogram(run, feature["name"], scope)
    units, index, labels = unit_words(), int(language() != "en"), {str(value): str(label) for value, label in Account.Category.choices}
    unit = "share" if feature["unit"] == "flag" else feature["unit"]
    return {
        "kind": "line", "title": feature["meaning"], "unit": "ratio",
        "note": _("Share of the category's accounts. The first and the last value hold all that lies beyond the 1st and the 99th percentile."),
        "x": {"label": _("Value from"), "values": [written(edge, unit, units, index) for edge in edges]},
        "series": [{"name": str(labels.get(category, category or "—")), "values": [round(it, 5) for it in values]} for category, values in sorted(shares.items())],
    }  # fmt: skip


def of_account(account_id, run) -> tuple[list[dict], dict]:
    """(every feature of the account with its place among its peers, how many peers and who they are)."""
    rows = features_of(account_id, run, language())
    compared: dict = reading.percentiles(run, account_id) if rows else {"peers": 0, "everybody": False, "places": {}}
    for row in rows:
        place = compared["places"].get(row["name"])
        row["percentile"] = None if place is None else round(place, 1)
        row["place"] = None if place is None else place / 100
    return rows, compared

"""Groupings in words, in the reader's language."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.display.rules import number, percent
from segmentation.engine.features import FEATURES, describe

_yuan, _yuan_per_kwh = gettext_lazy("yuan"), gettext_lazy("yuan/kWh")
OTHER_UNITS = {
    "points": gettext_lazy("points"), "days": gettext_lazy("days"), "months": gettext_lazy("months"), "years": gettext_lazy("years"),
    "bills": gettext_lazy("bills"), "tickets": gettext_lazy("tickets"), "complaints": gettext_lazy("complaints"), "times": gettext_lazy("times"),
    "reports": gettext_lazy("reports"), "visits": gettext_lazy("visits"), "kinds": gettext_lazy("kinds"), "flag": gettext_lazy("1 for yes, 0 for no"),
}  # fmt: skip
COMPARED = {
    "monthly": gettext_lazy("twelve months over each account's highest month"),
    "bands": gettext_lazy("shares of a year's use in sharp, peak, flat and valley hours"),
    "daily": gettext_lazy("mean of each hour of the day over the highest hour, from interval readings of eight weeks"),
}


def why_not(grouping) -> str:
    """Why there are no groups, and what to do; empty where there are."""
    code = grouping.told.get("code")
    numbers = {name: number(value) if isinstance(value, int) else value for name, value in grouping.told.get("numbers", {}).items()}
    if code == "no_k" and "floor" in numbers:
        numbers["floor"] = percent(numbers["floor"])
    sentences = {
        "nothing": _("No account was judged in this run."),
        "too_few": _("Too few accounts can be compared: %(accounts)s, and at least %(needed)s are needed. More months of bills bring more accounts in."),
        "too_alike": _("The accounts use power too much alike to be told apart in three groups or more."),
        "no_k": _("Whatever the number of groups, the smallest would hold less than %(floor)s of the accounts. Allow smaller groups, or set the number yourself."),
        "no_bands": _("No account has its use read by time band. Import bills with kWh by band."),
        "no_readings": _("There are no interval readings up to this date. Import readings; daily curves are grouped with the next recompute."),
        "broke": _("It stopped with an error: %(detail)s. The groups before stay in force; the worker's log has the rest."),
    }  # fmt: skip
    return sentences[code] % numbers if code in sentences else ""


def labels_of(kind: str, columns) -> list[str]:
    """What the columns of a centre are called on a chart."""
    bands = {"sharp": _("Sharp peak"), "peak": _("Peak"), "flat": _("Flat"), "valley": _("Valley"), "satisfaction": _("Satisfaction")}
    return [bands.get(name) or (_month(int(name[1:])) if kind == "monthly" else f"{name[1:]}:00") for name in columns]


def _month(number):
    return date_format(dt.date(2001, number, 1), pgettext("format of a month on an axis, as Django's date filter takes it", "M"))


def chart(kind: str, columns, lines, title: str) -> dict:
    """Centres as lines, or as bars where there are few columns; `lines` [(name, values, key)]."""
    series = [
        {"name": name, "values": [round(value, 4) for value in values]} | ({"key": key} if key else {}) for name, values, key in lines
    ]
    label = {"monthly": _("Month"), "bands": _("Time band"), "daily": _("Hour")}[kind]
    return {
        "kind": "bar" if kind == "bands" else "line", "title": title, "unit": "ratio",
        "x": {"label": label, "values": labels_of(kind, columns)}, "series": series,
    }  # fmt: skip


# How people write what the engine keeps: factor and word; any other unit is written as it is.
WRITTEN = {"share": (100, "%"), "change": (100, "%"), "share per month": (100, "%"), "fen": (0.01, _yuan), "fen/kWh": (0.01, _yuan_per_kwh)}


def people_unit(feature: str) -> tuple[float, str]:
    """(what a number of the feature is multiplied by to be read, its unit)"""
    unit = next(it.unit for it in FEATURES if it.name == feature)
    factor, word = WRITTEN.get(unit, (1, OTHER_UNITS.get(unit, unit)))
    return factor, str(word)


def rule_words(rule, language: str) -> str:
    """An expert rule as a sentence without its end."""
    meaning = {it["name"]: it["meaning"] for it in describe("zh-hans" if language.startswith("zh") else "en")}
    factor, unit = people_unit(rule.feature) if rule.feature in meaning else (1, "")
    value = round(rule.threshold * factor, 6)
    written = number(value, 0 if value == int(value) else 2)
    threshold = _("%(number)s %(unit)s") % {"number": written, "unit": unit} if unit else written
    said = {"feature": meaning.get(rule.feature, rule.feature), "threshold": threshold}
    text = (_("%(feature)s is at least %(threshold)s") if rule.comparison == "ge" else _("%(feature)s is at most %(threshold)s")) % said
    return _("%(category)s: %(rule)s") % {"category": rule.get_category_display(), "rule": text} if rule.category else text

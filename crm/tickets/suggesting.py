"""What the words of a ticket suggest, told to people: label, confidence, why."""

from django.utils.translation import gettext as _

from crm.taxonomy import labels
from crm.tickets.models import Severity
from crm.tickets.taxonomy import split_class
from crm.triage.suggestions import suggestions

FIELDS = ("kind", "matter", "severity")


def offered(text: str) -> list[dict]:
    """`[{"field", "value", "label", "percent", "why"}]` for a text, only values that can be chosen now."""
    return [offer for offer in in_words(suggestions(text)) if offer["label"]]


def in_words(found: dict) -> list[dict]:
    return [
        {
            "field": field, "value": found[field]["value"], "label": _label(field, found[field]["value"]),
            "percent": min(99, round(100 * found[field]["confidence"])), "why": _why(found[field]),
        }
        for field in FIELDS
        if field in found
    ]  # fmt: skip


def _label(field, value):
    if field == "severity":
        return str(Severity(value).label)
    if field == "kind":
        return dict(labels.choices("kind")).get(value, "")
    category, topic = split_class(value)
    return f"{labels.label('class', category)} · {labels.label('topic', topic, category)}" if category else ""


def _why(found):
    source, _colon, name = found["by"].partition(":")
    if source == "rule":
        return RULES[name]() if name in RULES else name
    return " ".join(f"“{word}”" for word in found["words"])


RULES = {
    "danger_to_life": lambda: _("danger to life"),
    "fire": lambda: _("fire or explosion"),
    "line_down": lambda: _("a line or pole is down"),
    "important_place": lambda: _("a hospital, school or plant"),
    "many_people": lambda: _("many people at once"),
    "press": lambda: _("press, lawyers or petition"),
}

"""The labels of codes, from the memory of the process: a list of tickets asks for them on every row."""

import time

from crm.calendar.kept import kept
from crm.calendar.models import ClockVersion
from crm.taxonomy.models import Aspect, Term

LOOK_AGAIN_AFTER_SECONDS = 5.0
_checked: dict = {"at": 0.0, "terms": {}, "token": None}


def terms() -> dict[tuple[str, str, str], Term]:
    """`{(aspect, under, code): Term}` in their order. An edit is seen at once where it was made, within five seconds in other processes."""
    now = time.monotonic()
    if not _checked["terms"] or now - _checked["at"] > LOOK_AGAIN_AFTER_SECONDS:
        token = ClockVersion.objects.tokens().get("taxonomy")
        _checked.update(at=now, terms=kept("taxonomy", token, _read), token=token)
    return _checked["terms"]


def version():
    """By which what was drawn with labels knows that they still stand."""
    return len(terms()), _checked["token"]


def _read():
    return {(term.aspect, term.under, term.code): term for term in Term.objects.all()}


def forget():
    _checked.update(at=0.0, terms={})


def label(aspect: str, code: str, under: str = "") -> str:
    """The name in the reader's language; a code nobody listed (from a file) is shown as it came."""
    term = terms().get((aspect, under, code))
    return str(term) if term else code


def choices(aspect: str, under: str = "") -> list[tuple[str, str]]:
    """`[(code, label)]` of what is offered for new tickets."""
    return [(term.code, str(term)) for term in terms().values() if (term.aspect, term.under) == (aspect, under) and term.is_active]


def class_choices() -> list[tuple[str, str]]:
    """`[("outage", "Outage"), ("outage/notice", "Outage · notice of outages"), …]` for one select that sets class and topic."""
    found = []
    for category, name in choices(Aspect.CLASS):
        found.append((category, name))
        found += [(f"{category}/{topic}", f"{name} · {called}") for topic, called in choices(Aspect.TOPIC, category)]
    return found

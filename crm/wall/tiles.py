"""The wall in tiles, each with the list it leads to."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.tickets.models import State

STATES = (State.NEW, State.WORKING, State.WAITING)


def tiles_of(found) -> dict:
    """`{"risks", "states", "ages", "more"}`: `[{"label", "value", "url", "tone"}]`."""
    counted = found["counted"]
    unit = {"unit": found["scope"].pk} if found["scope"] else {}

    def tile(label, value, tone="", **filters):
        return {"label": label, "value": value, "tone": tone if value else "", "url": address(**unit, **filters)}

    return {
        "risks": [
            tile(_("Overdue"), counted["risk_late"], "risk", due="late"),
            tile(_("Due within the hour"), counted["risk_hour"], "risk", due="hour"),
            tile(_("Due today"), counted["risk_today"], "warn", due="today"),
            tile(_("Unassigned"), counted["unassigned"], "warn", queue="unassigned"),
        ],
        "states": [tile(State(state).label, counted[f"state_{state}"], state=state) for state in STATES],
        "ages": [
            tile(_age(name), number, **_days(first, last)) for name, number, first, last in found["ages"]
        ],
        "more": [
            tile(_("Open"), counted["total"]),
            tile(_("Major"), counted["major"], "warn", severity="major"),
            tile(_("Reopened"), counted["reopened"], "", queue="reopened"),
            tile(_("Without a due time"), counted["risk_undated"], "warn", queue="undated"),
        ],
    }  # fmt: skip


def address(**filters):
    return f"{reverse('crm:ticket-list')}?{urlencode({'queue': 'open'} | filters)}"


def rows_of(figures, scope, **what):
    """`[(thing, figures, {"open": address, …})]` of units or people: `what` names the filter, `unit="pk"` or `assignee="pk"`."""
    ((name, key),) = what.items()
    unit = {"unit": scope.pk} if scope and name != "unit" else {}
    narrowed = {
        "open": {},
        "late": {"due": "late"},
        "hour": {"due": "hour"},
        "today": {"due": "today"},
        "unassigned": {"queue": "unassigned"},
    }
    return [
        (thing, row, {column: address(**unit, **{name: getattr(thing, key)}, **more) for column, more in narrowed.items()})
        for thing, row in figures
    ]


def _age(name):
    return {
        "today": pgettext("open since", "today"),
        "few": pgettext("open since", "1–2 days"),
        "week": pgettext("open since", "3–6 days"),
        "old": pgettext("open since", "7 days and more"),
    }[name]


def _days(first, last):
    return ({"opened_after": first.isoformat()} if first else {}) | {"opened_before": last.isoformat()}

"""Plans counted for who answers for them: under way by band, outcome and unit, overdue, and how they ended."""

import datetime as dt

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from crm.people.models import Unit
from marketing.market.counting import MONTHS, MOST_BARS, first_of
from marketing.market.models import Outcome
from marketing.retention.models import Plan
from segmentation.runs.models import RiskBand

STATE_KEYS = {"kept": "accent", "left": "risk", "dropped": "muted"}
BAND_KEYS = {"high": "risk", "elevated": "warn", "watch": "accent", "low": "muted"}


def totals(plans, *, today) -> dict:
    """`{open, overdue, kept, left, dropped}`: under way now, and how plans of the last twelve months ended."""
    ended = plans.filter(ended_at__date__gte=first_of(today)).order_by().values_list("state").annotate(n=Count("pk"))
    found = {"open": plans.open().count(), "overdue": plans.overdue(today).count(), "kept": 0, "left": 0, "dropped": 0} | dict(ended)
    decided = found["kept"] + found["left"]
    return found | {"kept_share": found["kept"] / decided if decided else None}


def by_outcome(plans, *, today) -> dict:
    """Plans under way: for each outcome a bar of every band."""
    counted = {(outcome, band): n for outcome, band, n in plans.open().order_by().values_list("outcome", "band").annotate(n=Count("pk"))}
    outcomes = [
        (value, str(label)) for value, label in [*Outcome.choices, ("", _("Not known"))] if any(known == value for known, _b in counted)
    ]
    bands = [(band, str(label)) for band, label in RiskBand.choices if any(known == band for _o, known in counted)]
    series = [
        {"name": label, "key": BAND_KEYS.get(band, "muted"), "values": [counted.get((value, band), 0) for value, _l in outcomes]}
        for band, label in bands
    ]
    x = {"label": _("Likely outcome"), "values": [label for _value, label in outcomes]}
    return {"kind": "bar", "title": _("Plans under way by outcome and band"), "unit": "count", "x": x, "series": series}


def by_unit(plans, *, today) -> dict:
    """Plans under way, and those overdue, by the unit of the account."""
    under_way = dict(plans.open().order_by().values_list("account__unit").annotate(n=Count("pk")))
    late = dict(plans.overdue(today).order_by().values_list("account__unit").annotate(n=Count("pk")))
    units = sorted(under_way, key=lambda unit: (-under_way[unit], unit))[:MOST_BARS]
    names = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=units)}
    series = [
        {"name": _("In time"), "key": "accent", "values": [under_way[unit] - late.get(unit, 0) for unit in units]},
        {"name": _("Overdue"), "key": "risk", "values": [late.get(unit, 0) for unit in units]},
    ]
    x = {"label": _("Unit"), "values": [names[unit] for unit in units]}
    return {"kind": "bar", "title": _("Plans under way by unit"), "unit": "count", "x": x, "series": series}


def by_result(plans, *, today: dt.date) -> dict:
    """How plans ended, by month."""
    months = [first_of(today, back) for back in range(MONTHS, 0, -1)]
    ended = plans.filter(ended_at__date__gte=months[0]).order_by().annotate(month=TruncMonth("ended_at"))
    counted = {(month.date(), state): n for month, state, n in ended.values_list("month", "state").annotate(n=Count("pk"))}
    series = [
        {"name": str(Plan.State(state).label), "key": key, "values": [counted.get((month, state), 0) for month in months]}
        for state, key in STATE_KEYS.items()
    ]
    x = {"label": _("Month"), "values": [f"{month:%Y-%m}" for month in months]}
    return {"kind": "bar-stacked", "title": _("Plans ended, by month"), "unit": "count", "x": x, "series": series if counted else []}


CHARTS = {"outcomes": by_outcome, "units": by_unit, "results": by_result}

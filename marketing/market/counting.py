"""Losses counted: by cause, competitor, substitute, area, and over months. Each chart is one query over the notes it is given."""

import datetime as dt

from django.db.models import CharField, Count, F, Max
from django.db.models.functions import Left, Length, TruncMonth
from django.utils.translation import gettext as _

from crm.people.models import Unit
from marketing.market.models import Cause, Rival

MONTHS, MOST_BARS = 12, 12
KEYS = {"price": "risk", "supply": "warn"}


def first_of(today: dt.date, months: int = MONTHS) -> dt.date:
    """The first day of the month that lies so many months back, this month counted."""
    year, month = divmod(today.year * 12 + today.month - months, 12)
    return dt.date(year, month + 1, 1)


def totals(notes) -> dict:
    """`{losses, accounts, revenue_fen}`; a year's revenue of an account counts once, however much of it was lost."""
    found = notes.order_by().aggregate(losses=Count("pk"), accounts=Count("account", distinct=True))
    once = notes.order_by().values("account").annotate(fen=Max("revenue_12m_fen")).values("fen")
    return found | {"revenue_fen": sum(row["fen"] or 0 for row in once)}


def by_month(notes, *, today) -> dict:
    """Bars of a month, one stretch for each cause."""
    first = first_of(today)
    months = [first_of(today, back) for back in range(MONTHS, 0, -1)]
    counted = (
        notes.filter(lost_on__gte=first)
        .order_by()
        .annotate(month=TruncMonth("lost_on"))
        .values_list("month", "cause")
        .annotate(n=Count("pk"))
    )
    found = {(month, cause): n for month, cause, n in counted}
    series = [
        {
            "name": str(label),
            **({"key": KEYS[cause]} if cause in KEYS else {}),
            "values": [found.get((month, cause), 0) for month in months],
        }
        for cause, label in Cause.choices
        if any(known == cause for _month, known in found)
    ]
    values = [f"{month:%Y-%m}" for month in months]
    return {
        "kind": "bar-stacked",
        "title": _("Losses by month and cause"),
        "unit": "count",
        "x": {"label": _("Month"), "values": values},
        "series": series,
    }


def by_cause(notes) -> dict:
    counted = notes.order_by().values_list("cause").annotate(n=Count("pk")).order_by("-n", "cause")
    return _bars(_("Losses by cause"), _("Cause"), [(str(Cause(cause).label), n) for cause, n in counted])


def by_rival(notes, kind) -> dict:
    """By competitor or by substitute; losses to nobody named are left out and told in the note."""
    counted = dict(notes.order_by().values_list(kind).annotate(n=Count("pk")))
    unnamed = counted.pop(None, 0)
    names = {rival.pk: str(rival) for rival in Rival.objects.filter(kind=kind)}
    rows = sorted(((names[key], n) for key, n in counted.items()), key=lambda row: (-row[1], row[0]))
    title = _("Losses by competitor") if kind == "competitor" else _("Losses by substitute")
    note = _("%(n)s losses name none.") % {"n": unnamed} if unnamed else ""
    return _bars(title, str(Rival.Kind(kind).label), rows, note)


def by_area(notes, *, under) -> dict:
    """By the units below the one looked at (or below the whole), of the first level that has more than one."""
    reach = Unit.objects.under(under) if under else Unit.objects.all()
    levels = list(reach.annotate(size=Length("code")).order_by("size").values_list("size").annotate(n=Count("pk")))
    size = next((size for size, n in levels if n > 1), levels[-1][0] if levels else 0)
    counted = (
        notes.order_by()
        .annotate(area=Left(F("account__unit__code"), size, output_field=CharField()))
        .values_list("area")
        .annotate(n=Count("pk"))
    )
    found = dict(counted)
    names = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=found)}
    rows = sorted(((names.get(code, code), n) for code, n in found.items()), key=lambda row: (-row[1], row[0]))
    return _bars(_("Losses by area"), _("Unit"), rows)


def _bars(title, label, rows, note=""):
    """At most a dozen bars; the rest together in one."""
    shown, rest = rows[:MOST_BARS], sum(n for _name, n in rows[MOST_BARS:])
    shown = [*shown, (_("All others"), rest)] if rest else shown
    chart = {
        "kind": "bar", "title": title, "unit": "count", "x": {"label": label, "values": [name for name, _n in shown]},
        "series": [{"name": _("Losses"), "key": "accent", "values": [n for _name, n in shown]}],
    }  # fmt: skip
    return chart | ({"note": note} if note else {})


CHARTS = {
    "months": lambda notes, today, under: by_month(notes, today=today),
    "causes": lambda notes, today, under: by_cause(notes),
    "competitors": lambda notes, today, under: by_rival(notes, "competitor"),
    "substitutes": lambda notes, today, under: by_rival(notes, "substitute"),
    "areas": lambda notes, today, under: by_area(notes, under=under),
}

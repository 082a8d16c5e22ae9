"""What customers said, added up by unit and by month of asking. Constant numbers of queries."""

import datetime as dt

from django.db.models import Avg, Count, Q

from crm.people.models import Unit

FIGURES = {
    "asked": Count("pk"),
    "answered": Count("pk", filter=~Q(answered_at=None)),
    "average": Avg("score"),
    "dissatisfied": Count("pk", filter=Q(score__lte=2)),
    "content": Count("pk", filter=Q(score__gte=4)),
}


def figures_of(surveys) -> dict:
    """`{"asked", "answered", "average", "dissatisfied", "content", "rate"}` of some surveys; `rate`: answered of asked, None where none was."""
    return _rated(surveys.order_by().aggregate(**FIGURES))


def by_unit(surveys) -> list[tuple[Unit, dict]]:
    """`[(unit, figures)]` of the units whose accounts were asked about, by code; tickets of unknown accounts are left out."""
    rows = surveys.order_by().exclude(ticket__account=None).values("ticket__account__unit").annotate(**FIGURES)
    figures = {row.pop("ticket__account__unit"): _rated(row) for row in rows}
    return [(unit, figures[unit.pk]) for unit in Unit.objects.filter(pk__in=figures)]


def scores_of(surveys) -> list[tuple[int, int]]:
    """`[(score, how often)]` from 5 to 1."""
    counted = dict(surveys.order_by().answered().values_list("score").annotate(Count("pk")))
    return [(score, counted.get(score, 0)) for score in (5, 4, 3, 2, 1)]


def since(surveys, on: dt.date, days: int):
    return surveys.filter(created_at__date__gt=on - dt.timedelta(days=days))


def _rated(row):
    return row | {"rate": row["answered"] / row["asked"] if row["asked"] else None}

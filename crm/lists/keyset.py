"""Pages that cost the same anywhere: the next page starts after the last row's sort value, not after an offset.

A cursor is what the neighbouring row looked like, so a page link stays right while rows come and go above it.
"""

import base64
import binascii
import datetime as dt
import decimal
import json
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
COUNT_EXACTLY_UP_TO = 10_000
DOUBT_UP_TO = 2_000


class BadCursor(Http404):
    """The cursor in the URL was not made by us, or for another sort. Nobody need catch it: it answers 404."""

    def __init__(self):
        super().__init__("This cursor is not one of ours: start again without it.")


@dataclass(frozen=True)
class Sort:
    """One way to order a list: a column, its direction, and the unique column that breaks ties (always ascending)."""

    field: str
    descending: bool = False
    tie: str = "pk"

    @classmethod
    def parse(cls, text: str, allowed: dict[str, str], default: str, tie: str = "pk") -> "Sort":
        """`-value` → the column `allowed["value"]`, descending. Unknown names fall back to `default`."""
        name = text.removeprefix("-")
        if name not in allowed:
            text, name = default, default.removeprefix("-")
        return cls(field=allowed[name], descending=text.startswith("-"), tie=tie)

    def order(self, backwards: bool) -> list:
        descending = self.descending != backwards
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        column = F(self.field).desc(**nulls) if descending else F(self.field).asc(**nulls)
        return [column, F(self.tie).desc() if backwards else F(self.tie).asc()]

    def after(self, value, tie, backwards: bool) -> Q:
        """Rows beyond (value, tie) in reading direction; empty values always come last."""
        beyond_tie = Q(**{f"{self.tie}__{'lt' if backwards else 'gt'}": tie})
        if value is None:
            same = Q(**{f"{self.field}__isnull": True}) & beyond_tie
            return same | Q(**{f"{self.field}__isnull": False}) if backwards else same
        comparison = "lt" if self.descending != backwards else "gt"
        beyond = Q(**{f"{self.field}__{comparison}": value}) | (Q(**{self.field: value}) & beyond_tie)
        return beyond if backwards else beyond | Q(**{f"{self.field}__isnull": True})


@dataclass(frozen=True)
class Page:
    rows: list
    next_cursor: str | None
    previous_cursor: str | None
    first_number: int
    """Position of the first row in the list, counted from 1 (as walked; rows added meanwhile are not renumbered)."""

    @property
    def last_number(self) -> int:
        return self.first_number + len(self.rows) - 1 if self.rows else 0

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


@dataclass(frozen=True)
class Count:
    number: int
    is_estimate: bool


def keyset_page(queryset: QuerySet, *, sort: Sort, cursor: str | None = None, size: int = PAGE_SIZE) -> Page:
    """One page of `queryset` in one query. Raises `BadCursor`."""
    size = max(1, min(size, MAX_PAGE_SIZE))
    backwards, number = False, 1
    if cursor:
        mark = _decode(cursor)
        backwards, number = mark["b"], mark["n"]
        try:
            queryset = queryset.filter(sort.after(_revive(mark["v"]), _revive(mark["t"]), backwards))
        except (ValueError, TypeError, decimal.InvalidOperation) as error:
            raise BadCursor from error
    try:
        rows = list(queryset.order_by(*sort.order(backwards))[: size + 1])
    except (ValueError, TypeError) as error:
        raise BadCursor from error
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
        number = max(1, number - len(rows))
    has_previous = more if backwards else bool(cursor)
    has_next = bool(cursor) if backwards else more
    return Page(
        rows=rows,
        next_cursor=_encode(sort, rows[-1], backwards=False, number=number + len(rows)) if rows and has_next else None,
        previous_cursor=_encode(sort, rows[0], backwards=True, number=number) if rows and has_previous else None,
        first_number=number if rows else 0,
    )


def honest_count(queryset: QuerySet, page: Page | None = None) -> Count:
    """How many rows there are, and whether that is an estimate.

    On the last `page` its own last number is the answer. Else exact up to ten thousand rows and the planner's estimate above; where the
    planner expects more than that, two thousand rows are counted to see whether it is far off. At most two queries.
    """
    if page is not None and page.next_cursor is None:
        return Count(page.last_number, is_estimate=False)
    plain = queryset.order_by()
    expected = _expected_rows(plain)
    enough = COUNT_EXACTLY_UP_TO if expected <= COUNT_EXACTLY_UP_TO else DOUBT_UP_TO
    counted = plain[: enough + 1].count()
    return Count(counted, is_estimate=False) if counted <= enough else Count(max(counted, expected), is_estimate=True)


def _expected_rows(queryset):
    try:
        sql, parameters = queryset.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as db:
        db.execute(f"explain (format json) {sql}", parameters)
        plan = db.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])


def neighbours(queryset: QuerySet, *, sort: Sort, row) -> tuple:
    """(previous, next) primary keys around `row` in the filtered, sorted list; None at an end. Two queries."""
    value, tie = _attribute(row, sort.field), _attribute(row, sort.tie)
    found = []
    for backwards in (True, False):
        beyond = queryset.filter(sort.after(value, tie, backwards)).order_by(*sort.order(backwards))
        found.append(beyond.values_list("pk", flat=True).first())
    return tuple(found)


def _attribute(row, path):
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value):
    match value:
        case decimal.Decimal():
            return {"d": str(value)}
        case dt.datetime():
            return {"t": value.isoformat()}
        case dt.date():
            return {"on": value.isoformat()}
    return value


def _revive(value):
    match value:
        case {"d": text}:
            return decimal.Decimal(text)
        case {"t": text}:
            return dt.datetime.fromisoformat(text)
        case {"on": text}:
            return dt.date.fromisoformat(text)
    return value


def _encode(sort, row, *, backwards, number):
    mark = {"v": _plain(_attribute(row, sort.field)), "t": _plain(_attribute(row, sort.tie)), "b": backwards, "n": number}
    return base64.urlsafe_b64encode(json.dumps(mark, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor):
    try:
        mark = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not (
            isinstance(mark, dict)
            and isinstance(mark["b"], bool)
            and isinstance(mark["n"], int)
            and isinstance(mark["t"], int | str | dict)
        ):
            raise BadCursor
        mark["v"]
    except (ValueError, KeyError, TypeError, binascii.Error, decimal.DecimalException) as error:
        raise BadCursor from error
    return mark

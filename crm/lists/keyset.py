"""Pages that cost the same anywhere: the next page starts after the last row's sort value, not after an offset.

A cursor is what the neighbouring row looked like, so a page link stays right while rows come and go above it.
"""

import base64
import binascii
import datetime as dt
import decimal
import json
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
COUNT_EXACTLY_UP_TO = 5_000
DOUBT_UP_TO = 2_000


class BadCursor(Http404):
    """The cursor in the URL was not made by us, or for another sort. Nobody need catch it: it answers 404."""

    def __init__(self):
        super().__init__("This cursor is not one of ours: start again without it.")


@dataclass(frozen=True)
class Sort:
    """One way to order a list: a column, its direction, and the unique column that breaks ties.

    Empty values always come last. Ties ascend in the direction that the list's index is written in (`index_descends`) and descend in the
    other, so that the index is walked forwards for the one and backwards for the other.
    """

    field: str
    descending: bool = False
    tie: str = "pk"
    index_descends: bool | None = None
    """None: the index is written in the direction asked for."""

    @property
    def _walks_forwards(self):
        return self.index_descends is None or self.descending == self.index_descends

    @classmethod
    def parse(cls, text: str, allowed: dict[str, str], default: str, tie: str = "pk") -> "Sort":
        """`-value` → the column `allowed["value"]`, descending. Unknown names fall back to `default`, whose direction the indexes have."""
        name = text.removeprefix("-")
        if name not in allowed:
            text, name = default, default.removeprefix("-")
        return cls(field=allowed[name], descending=text.startswith("-"), tie=tie, index_descends=default.startswith("-"))

    def _tie_descends(self, backwards):
        return self._walks_forwards == backwards

    def order(self, backwards: bool, *, may_be_empty: bool) -> list:
        """For `order_by`, inside a stretch of `beyond`: NULLs stand where the index has them, and no stretch mixes them with values."""
        descending = self.descending != backwards
        nulls = {"nulls_last" if self._walks_forwards != backwards else "nulls_first": True} if may_be_empty else {}
        column = F(self.field).desc(**nulls) if descending else F(self.field).asc(**nulls)
        return [column, F(self.tie).desc() if self._tie_descends(backwards) else F(self.tie).asc()]

    def start(self, *, may_be_empty: bool) -> list[Q]:
        """The stretches of the whole list."""
        if not may_be_empty or self._walks_forwards:
            return [Q()]
        return [Q(**{f"{self.field}__isnull": False}), Q(**{f"{self.field}__isnull": True})]

    def beyond(self, value, tie, backwards: bool, *, may_be_empty: bool) -> list[Q]:
        """Rows beyond (value, tie) in reading direction, as conditions to be asked one after the other until the page is full.

        Each is a range of the index that the sort walks. Joined by OR they would be none, and PostgreSQL would read and drop every row
        before the cursor.
        """
        if self.field == self.tie:
            return [Q(**{f"{self.tie}__{'lt' if self.descending != backwards else 'gt'}": tie})]
        rest = Q(**{f"{self.tie}__{'lt' if self._tie_descends(backwards) else 'gt'}": tie})
        empty = Q(**{f"{self.field}__isnull": True})
        if value is None:
            return [empty & rest, Q(**{f"{self.field}__isnull": False})] if backwards else [empty & rest]
        further = Q(**{f"{self.field}__{'lt' if self.descending != backwards else 'gt'}": value})
        found = [Q(**{self.field: value}) & rest, further]
        return [*found, empty] if may_be_empty and not backwards else found


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


def keyset_page(
    queryset: QuerySet, *, sort: Sort, cursor: str | None = None, size: int = PAGE_SIZE, rows_from: QuerySet | None = None
) -> Page:
    """One page of `queryset`: one query for the first, at most three for any other. Raises `BadCursor`.

    With `rows_from` the list is walked by its keys alone, and the page's rows, with all that is joined to them, are read from there: where
    thousands are fetched and sorted for the sake of fifty, the joins are made for the fifty. One query more.
    """
    size = max(1, min(size, MAX_PAGE_SIZE))
    backwards, number, empty = False, 1, _may_be_empty(queryset.model, sort.field)
    stretches = sort.start(may_be_empty=empty)
    try:
        if cursor:
            mark = _decode(cursor)
            backwards, number = mark["b"], mark["n"]
            stretches = sort.beyond(_revive(mark["v"]), _revive(mark["t"]), backwards, may_be_empty=empty)
        ordered = queryset.order_by(*sort.order(backwards, may_be_empty=empty))
        rows = _fill(ordered, stretches, size + 1) if rows_from is None else _read(rows_from, _fill(_keys(ordered), stretches, size + 1))
    except (ValueError, TypeError, decimal.InvalidOperation) as error:
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


def _fill(queryset, stretches, wanted):
    """The first `wanted` rows of the stretches, one after the other."""
    rows: list = []
    for stretch in stretches:
        if len(rows) < wanted:
            rows += queryset.filter(stretch)[: wanted - len(rows)]
    return rows


def _keys(queryset):
    return queryset.values_list("pk", flat=True)


def _read(rows_from, keys):
    found = rows_from.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _may_be_empty(model, path):
    """Whether the column can hold NULL; a column that is no field of the model is taken to."""
    empty = False
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        empty, model = empty or field.null, field.related_model
    return empty


def honest_count(queryset: QuerySet, page: Page | None = None, known: Count | None = None, *, few: bool = False) -> Count:
    """How many rows there are, and whether that is an estimate. `known`: what the filter learnt when it looked the rows up;
    `few`: that there are no more than five thousand, which then need not be asked.

    On the last `page` its own last number is the answer. Else exact up to five thousand rows and the planner's estimate above; where the
    planner expects more than that, two thousand rows are counted to see whether it is far off. At most two queries.
    """
    if page is not None and page.next_cursor is None:
        return Count(page.last_number, is_estimate=False)
    if known is not None:
        return known
    plain = queryset.order_by()
    expected = 0 if few else _expected_rows(plain)
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
    """(previous, next) primary keys around `row` in the filtered, sorted list; None at an end. Two to six small queries."""
    value, tie = _attribute(row, sort.field), _attribute(row, sort.tie)
    empty = _may_be_empty(queryset.model, sort.field)
    found = []
    for backwards in (True, False):
        keys = queryset.order_by(*sort.order(backwards, may_be_empty=empty)).values_list("pk", flat=True)
        found += _fill(keys, sort.beyond(value, tie, backwards, may_be_empty=empty), 1) or [None]
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

"""Rows asked for by their keys: those the planner counts exactly, where it can only guess at a condition."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigAutoField, ForeignKey, Lookup

FEW = 5_000  # fetched and sorted sooner than they are met on a walk of the sort's index; 40 KB of SQL


class Keys:
    """A few thousand keys as PostgreSQL wrote them down, for however many questions a request asks about them. Hardly anyone asks what they
    are: taking each into Python and writing it out again cost more than finding it. No sequence: Django would look at each key again
    whenever it meets one in a condition."""

    def __init__(self, literal: str, count: int):
        # One literal, which is parsed in no time, and as wide as the column: PostgreSQL hashes it only where both sides are of one type.
        self.literal, self._count = literal, count

    @classmethod
    def of(cls, keys: Iterable[int]):
        keys = list(keys)
        return cls(f"{{{','.join(map(str, keys))}}}", len(keys))

    def __len__(self):
        return self._count

    def as_list(self) -> list[int]:
        return [int(key) for key in self.literal.strip("{}").split(",") if key]


class AnyOf(Lookup):
    """`account__any_of=Keys(…)`, or a list: one array instead of thousands of parameters. Of an `ArraySubquery` the planner takes it that there
    are few, and looks each up; it joins what stands behind `in` as it sees fit, and where there are few on both sides takes the dearer."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, parameters = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, ArraySubquery):
            array, more = self.process_rhs(compiler, connection)
            return f"{lhs} = any({array})", [*parameters, *more]
        keys = self.rhs if isinstance(self.rhs, Keys) else Keys.of(self.rhs)
        return f"{lhs} = any(%s::bigint[])", [*parameters, keys.literal]


BigAutoField.register_lookup(AnyOf)
ForeignKey.register_lookup(AnyOf)


def keys_if_few(rows, of: str = "pk", *, as_if_all: bool = True) -> Keys | None:
    """The keys of the queryset `rows`, or what stands in their column `of`, when they are few, None when they are many. One query, which
    stops at the first too many.

    A list sorted by something else needs to know: few are fetched and sorted, many are met soon on a walk of the sort's index. Where the
    planner guesses it can guess wrong, and walks a million rows for ten. `as_if_all` (`materialized`) plans as if all matches were wanted, so
    that it takes the index of the condition; it is still read no further than the limit.
    """
    try:
        sql, parameters = rows.order_by().values(of).query.sql_with_params()
    except EmptyResultSet:
        return Keys.of([])
    found = f"with found as materialized ({sql}) select * from found" if as_if_all else sql
    with connection.cursor() as cursor:
        cursor.execute(f"select array_agg(key)::text, count(*) from ({found} limit {FEW + 1}) few (key)", parameters)
        literal, count = cursor.fetchone()
    return Keys(literal or "{}", count) if count <= FEW else None

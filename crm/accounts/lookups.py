"""Rows asked for by their keys: those the planner counts exactly, where it can only guess at a condition."""

from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigAutoField, ForeignKey, Lookup

FEW = 5_000  # fetched and sorted sooner than they are met on a walk of the sort's index; 40 KB of SQL


class Keys:
    """A few thousand keys, written down once for however many questions a request asks about them. No list: Django would look at each key
    again whenever it meets one in a condition."""

    def __init__(self, keys: Iterable[int]):
        self.keys = list(keys)
        # One literal, which is parsed in no time, and as wide as the column: PostgreSQL hashes it only where both sides are of one type.
        self.literal = f"{{{','.join(map(str, self.keys))}}}"

    def __len__(self):
        return len(self.keys)

    def __and__(self, other):
        return Keys(sorted(set(self.keys) & set(other.keys)))


class AnyOf(Lookup):
    """`account__any_of=Keys(…)`, or a list: one array instead of thousands of parameters."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, parameters = self.process_lhs(compiler, connection)
        keys = self.rhs if isinstance(self.rhs, Keys) else Keys(self.rhs)
        return f"{lhs} = any(%s::bigint[])", [*parameters, keys.literal]


BigAutoField.register_lookup(AnyOf)
ForeignKey.register_lookup(AnyOf)


def keys_if_few(rows, of: str = "pk") -> Keys | None:
    """The keys of the queryset `rows`, or what stands in their column `of`, when they are few, None when they are many. One query, which
    stops at the first too many.

    A list sorted by something else needs to know: few are fetched and sorted, many are met soon on a walk of the sort's index. Where the
    planner guesses it can guess wrong, and walks a million rows for ten. `materialized` plans as if all matches were wanted, so that it
    takes the index of the condition; it is still read no further than the limit.
    """
    try:
        sql, parameters = rows.order_by().values(of).query.sql_with_params()
    except EmptyResultSet:
        return Keys([])
    with connection.cursor() as cursor:
        cursor.execute(f"with found as materialized ({sql}) select * from found limit {FEW + 1}", parameters)
        keys = [key for (key,) in cursor.fetchall()]
    return Keys(keys) if len(keys) <= FEW else None

"""Rows asked for by their keys: those the planner counts exactly, where it can only guess at a condition."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigAutoField, ForeignKey, Lookup

FEW = 5_000  # fetched and sorted sooner than they are met on a walk of the sort's index; 40 KB of SQL


class AnyOf(Lookup):
    """`account__any_of=[…]`: one array instead of thousands of parameters."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, parameters = self.process_lhs(compiler, connection)
        # One literal, which is parsed in no time, and as wide as the column: PostgreSQL hashes it only where both sides are of one type.
        return f"{lhs} = any(%s::bigint[])", [*parameters, f"{{{','.join(map(str, self.rhs))}}}"]


BigAutoField.register_lookup(AnyOf)
ForeignKey.register_lookup(AnyOf)


def keys_if_few(rows) -> list[int] | None:
    """The keys of the queryset `rows` when they are few, None when they are many. One query, which stops at the first too many.

    A list sorted by something else needs to know: few are fetched and sorted, many are met soon on a walk of the sort's index. Where the
    planner guesses it can guess wrong, and walks a million rows for ten. `materialized` plans as if all matches were wanted, so that it
    takes the index of the condition; it is still read no further than the limit.
    """
    try:
        sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"with found as materialized ({sql}) select * from found limit {FEW + 1}", parameters)
        keys = [key for (key,) in cursor.fetchall()]
    return keys if len(keys) <= FEW else None

"""Rows that stand or fall together, written in one statement: what is done a hundred times a second pays for one round trip, not for six."""

import functools

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def reserve_id(model: type[models.Model]) -> int:
    """The number the next row of a table will bear. One that is not used leaves a gap, as a rolled-back insert does."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return cursor.fetchone()[0]


def insert_together(first: models.Model, followers: list[models.Model], *, unless_known: str) -> bool:
    """Insert `first`, whose id is reserved, and with it its `followers`: all in one statement, so atomic by itself.

    False, and nothing written, where a row with the same value in the unique column `unless_known` stands already.
    """
    sql, values = _insert(first, "values ({})")
    parts, ids = [f"first as ({sql} on conflict ({unless_known}) do nothing returning 1)"], values
    for place, follower in enumerate(followers):
        sql, values = _insert(follower, "select {} from first")
        parts.append(f"f{place} as ({sql})")
        ids = [*ids, *values]
    with connection.cursor() as cursor:
        cursor.execute(f"with {', '.join(parts)} select exists (select from first)", ids)
        return cursor.fetchone()[0]


def _insert(row, source):
    model = type(row)
    values = {field.column: field.pre_save(row, add=True) for field in _fields(model, row.pk is not None)}
    given = {column: value for column, value in values.items() if not isinstance(value, DatabaseDefault)}
    saved = [_column(model, column).get_db_prep_save(value, connection) for column, value in given.items()]
    names = ", ".join(f'"{column}"' for column in given)
    return f'insert into "{model._meta.db_table}" ({names}) {source.format(", ".join(["%s"] * len(saved)))}', saved


@functools.cache
def _column(model, name):
    return next(field for field in model._meta.local_concrete_fields if field.column == name)


@functools.cache
def _fields(model, with_id):
    return [field for field in model._meta.local_concrete_fields if with_id or not field.primary_key]

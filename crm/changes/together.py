"""Rows that stand or fall together, written in one statement: what is done a hundred times a second pays for one round trip, not for six."""

import functools

from django.db import connection, models


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
    fields = _fields(type(row), row.pk is not None)
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    return f'insert into "{row._meta.db_table}" ({names}) {source.format(", ".join(["%s"] * len(values)))}', values


@functools.cache
def _fields(model, with_id):
    return [field for field in model._meta.local_concrete_fields if with_id or not field.primary_key]

"""Columns into PostgreSQL by COPY, on Django's own connection, so that everything made stands or falls in one transaction."""

import io
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from django.db import connection, models

from crm.changes import services as changes

CSV = pcsv.WriteOptions(include_header=False)


def reserve(model, rows):
    """`rows` fresh primary keys of a model, as int64. A key once reserved is never given again, even if the transaction fails."""
    if not rows:
        return np.empty(0, np.int64)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"select greatest(nextval(%s), coalesce((select max({model._meta.pk.column}) from {table}), 0) + 1)", [sequence])
        first = cursor.fetchone()[0]
        cursor.execute("select setval(%s, %s)", [sequence, first + rows - 1])
    return np.arange(first, first + rows, dtype=np.int64)


def copy_in(model, columns, *, chunk=200_000):
    """Write columns (field name -> array, list or pyarrow array, all of one length) and return how many rows went in.

    A field that is not given takes the model's default in every row; without a default it is null. None and NaT are null.
    """
    arrays = {name: _arrow(values) for name, values in columns.items()}
    rows = len(next(iter(arrays.values())))
    table = pa.table(_with_defaults(model, arrays, rows))
    names = ", ".join(connection.ops.quote_name(column) for column in table.column_names)
    statement = f"copy {connection.ops.quote_name(model._meta.db_table)} ({names}) from stdin (format csv)"
    with connection.cursor() as cursor:
        for start in range(0, rows, chunk):
            text = io.BytesIO()
            pcsv.write_csv(table.slice(start, chunk), text, CSV)
            text.seek(0)
            cursor.copy_expert(statement, text)
    return rows


# What can be built again faster over a full table than kept true row by row: foreign keys, and indexes that guard nothing.
KEYS = """
select 'alter table ' || conrelid::regclass || ' drop constraint ' || quote_ident(conname),
       'alter table ' || conrelid::regclass || ' add constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
from pg_constraint where contype = 'f' and conparentid = 0 and conrelid = any(%s::regclass[])
union all
select 'drop index ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
from pg_index join pg_class on pg_class.oid = indexrelid
where indrelid = any(%s::regclass[]) and not indisunique and not relispartition
"""


@contextmanager
def keys_set_aside(*tables):
    """Inside, the models' tables have neither foreign keys nor plain indexes; on leaving they are built, and so checked, over all rows.

    Part of the transaction around it: a failure leaves the tables as they were. Takes exclusive locks: for tables nobody uses yet.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(KEYS, [names, names])
        orders = cursor.fetchall()
        for drop, _ in orders:
            cursor.execute(drop)
        yield
        for _, build in orders:
            cursor.execute(build)
        cursor.execute("set constraints all deferred")


def ring(table, days):
    """Tell the lake's ledger which months of a table have rows now. `days`: datetime64 of any unit."""
    if len(days):
        months = np.unique(np.asarray(days, "datetime64[D]").astype("datetime64[M]"))
        changes.touch(table=table, periods=months.astype("datetime64[D]").tolist())


def yuan(fen):
    """Integer fen to yuan; a double holds two decimals of any bill exactly enough to be written as them."""
    return np.asarray(fen) / 100


def _arrow(values):
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    values = np.asarray(values, dtype=object) if isinstance(values, list) else values
    if values.dtype.kind == "f":
        return pa.array(values, from_pandas=True)  # NaN is null
    if values.dtype.kind == "U":
        return pa.array(values.tolist(), pa.string())
    return pa.array(values)


def _with_defaults(model, arrays, rows):
    given = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CompositePrimaryKey):
            continue
        if field.name in arrays:
            given[field.column] = arrays[field.name]
        elif not field.primary_key and (default := field.get_default()) is not None:
            constant = "{}" if isinstance(default, list) else default
            given[field.column] = pa.repeat(pa.scalar(constant), rows)
    if unknown := set(arrays) - {field.name for field in model._meta.concrete_fields}:
        raise ValueError(f"{model.__name__} has no fields {', '.join(sorted(unknown))}")
    return given

"""Columns into PostgreSQL by COPY, on Django's own connection, so that everything made stands or falls in one transaction."""

import io
import json
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from django.db import connection, models

from crm.changes import services as changes

CSV = pcsv.WriteOptions(include_header=False)
ROWS_AT_ONCE = 100_000


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


class Keys:
    """Fresh primary keys one after the other, without the database being asked each time. For a model nobody else writes meanwhile."""

    def __init__(self, model):
        self.model, self.next = model, int(reserve(model, 1)[0])

    def take(self, rows):
        self.next += rows
        return np.arange(self.next - rows, self.next, dtype=np.int64)

    def settle(self):
        """Tell the database which keys are gone."""
        meta = self.model._meta
        with connection.cursor() as cursor:
            cursor.execute("select setval(pg_get_serial_sequence(%s, %s), %s)", [meta.db_table, meta.pk.column, max(self.next - 1, 1)])


def copy_in(model, columns):
    """Write columns (field name -> array, list or pyarrow array, all of one length) and return how many rows went in.

    A field that is not given takes the model's default in every row; without a default it is null. None and NaT are null.
    """
    return sum(write(load) for load in encoded(model, columns))


@dataclass(frozen=True)
class Load:
    """Rows as the text COPY reads, and the statement that reads them."""

    statement: str
    text: io.BytesIO
    rows: int


def encoded(model, columns, *, into=None):
    """`Load`s of at most 200,000 rows of these columns; touches no database. `into`: a fresh table (`Fresh.table`) of the model."""
    arrays = {name: _arrow(values) for name, values in columns.items()}
    rows = len(next(iter(arrays.values())))
    table = pa.table(_with_defaults(model, arrays, rows))
    names = ", ".join(connection.ops.quote_name(column) for column in table.column_names)
    name, freeze = (into.name, into.freeze) if into else (model._meta.db_table, False)
    statement = f"copy {connection.ops.quote_name(name)} ({names}) from stdin (format csv{', freeze' if freeze else ''})"
    for start in range(0, rows, ROWS_AT_ONCE):
        part = table.slice(start, ROWS_AT_ONCE)
        text = io.BytesIO()
        pcsv.write_csv(part, text, CSV)
        text.seek(0)
        yield Load(statement, text, part.num_rows)


def write(load):
    """One `Load` into its table; returns its rows."""
    with connection.cursor() as cursor:
        cursor.copy_expert(load.statement, load.text, 2**18)
    return load.rows


@dataclass(frozen=True)
class Fresh:
    """A table to write to by name. `freeze`: its rows are written as seen by everybody, so that nothing has to visit them again."""

    name: str
    freeze: bool


class FreshTables:
    """The tables behind a model, emptied anew in this transaction where they hold nothing, which is what allows `freeze`."""

    def __init__(self, model):
        self.parent = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"select exists (select from {connection.ops.quote_name(self.parent)})")
            self.freeze = not cursor.fetchone()[0]
            if self.freeze:
                cursor.execute(f"truncate {connection.ops.quote_name(self.parent)}")
            cursor.execute("select relid::regclass::text from pg_partition_tree(%s) where isleaf", [self.parent])
            self.leaves = {name for (name,) in cursor.fetchall()}

    def table(self, year=None):
        """The table for rows of a year; without years, the one there is."""
        leaf = self.parent if year is None else f"{self.parent}_{year}"
        return Fresh(leaf, self.freeze) if leaf in self.leaves or year is None else Fresh(f"{self.parent}_other", self.freeze)


# What can be built again faster over a full table than kept true row by row: every key and index that no other table leans on.
KEYS = """
select 'alter table ' || c.conrelid::regclass || ' drop constraint ' || quote_ident(c.conname),
       'alter table ' || c.conrelid::regclass || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
from pg_constraint c where c.conparentid = 0 and c.conrelid = any(%s::regclass[]) and (c.contype = 'f'
  or c.contype in ('p', 'u') and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid))
union all
select 'drop index ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
from pg_index join pg_class on pg_class.oid = indexrelid
where indrelid = any(%s::regclass[]) and not relispartition
  and not exists (select from pg_constraint c where c.conindid = indexrelid and c.contype in ('p', 'u', 'x'))
"""


@contextmanager
def keys_set_aside(*tables):
    """Inside, the models' tables have no keys and indexes but those other tables lean on; on leaving they are built over all rows.

    Building checks them: a row that breaks one fails the whole transaction, and a failure leaves the tables as they were. Takes
    exclusive locks: for tables nobody uses yet.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(KEYS, [names, names])
        orders = cursor.fetchall()
        for drop, _ in orders:
            cursor.execute(drop)
        yield
        for _, build in sorted(orders, key=lambda order: " foreign key " in order[1].lower()):
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


def words(vocabulary, index, where=None):
    """The words at `index` as a column; where `where` is false, null. `vocabulary`: strings, None among them is null."""
    column = pa.array(vocabulary, pa.string()).take(pa.array(index))
    return column if where is None else keys(column, where)


def keys(values, where):
    """Values where `where` is true, else null."""
    values = values if isinstance(values, pa.Array) else pa.array(np.asarray(values))
    return pc.if_else(pa.array(where), values, pa.scalar(None, values.type))


def _arrow(values):
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    values = np.asarray(values, dtype=object) if isinstance(values, list) else values
    if values.dtype.kind == "f":
        return pa.array(values, from_pandas=True)  # NaN is null
    if values.dtype.kind == "U":
        return _text(values)
    return pa.array(values)


def _text(values):
    return pa.array(values.tolist(), pa.string())


def _with_defaults(model, arrays, rows):
    given = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CompositePrimaryKey):
            continue
        if field.name in arrays:
            given[field.column] = arrays[field.name]
        elif field.primary_key or field.db_default is not models.NOT_PROVIDED:
            continue  # the database knows what to write
        elif (default := field.get_default()) is not None:
            given[field.column] = pa.repeat(pa.scalar(_constant(field, default)), rows)
    if unknown := set(arrays) - {field.name for field in model._meta.concrete_fields}:
        raise ValueError(f"{model.__name__} has no fields {', '.join(sorted(unknown))}")
    return given


def _constant(field, default):
    """A default as COPY reads it."""
    if isinstance(field, models.JSONField):
        return json.dumps(default)
    return "{}" if isinstance(default, list) else default

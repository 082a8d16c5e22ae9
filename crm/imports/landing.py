"""Staged rows into the product's tables: who is new, who changes, who stays, then one INSERT … ON CONFLICT, all set-based."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import NOT_PROVIDED, DateTimeField, Model

from crm.imports.staging import FATES


@dataclass(frozen=True)
class Column:
    """A column of the target. `value` is SQL over the joined row (`s` staging, `t` the row that stands already);
    `changes` is False for columns the file says nothing about: they are written for new rows only."""

    name: str
    value: str
    changes: bool = True


@dataclass(frozen=True)
class Target:
    """Where rows go. `source` is SQL after `from`, with staging as `s`; `key` the natural key as {column: SQL};
    `month` the column (a day, or a moment taken in local time) whose months become dirty in the lake; `near` SQL over `t` that holds for
    every row the staged ones could meet, so that a large table is not read whole."""

    model: type[Model]
    key: dict[str, str]
    source: str
    columns: list[Column]
    month: str = ""
    near: str = "true"
    fates: str = FATES

    @property
    def table(self):
        return self.model._meta.db_table

    def day(self, column):
        """SQL of the local day in a column."""
        is_moment = isinstance(self.model._meta.get_field(self.month), DateTimeField)
        return f"({column} at time zone '{settings.TIME_ZONE}')::date" if is_moment else f"{column}::date"


def columns_for(fields, present, names: dict[str, str] | None = None):
    """Columns for plain fields: given ones are written as told, others get their default in new rows. `names` maps field → column."""
    names = names or {}
    return [_column(each, names.get(each.name, each.name), each.name in present) for each in fields]


def _column(each, column, present):
    default = literal(each.default)
    if not present:
        return Column(column, default, changes=False)
    if each.default is None or each.required:
        return Column(column, f's."{each.name}"')
    kept = "" if each.default == "" else f't."{column}", '
    return Column(column, f'coalesce(s."{each.name}", {kept}{default})')


def literal(value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def judge(target: Target) -> dict[str, int]:
    """Decide each row's fate against the rows that stand; returns {"new": …, "changed": …, "same": …}. Nothing of the product changes."""
    keys = ", ".join(f'{sql} as "{name}"' for name, sql in target.key.items())
    on = " and ".join(f't."{name}" = {sql}' for name, sql in target.key.items())
    first = next(iter(target.key))
    watched = [column for column in target.columns if column.changes]
    values = "".join(f', {column.value} as "{column.name}"' for column in watched)
    differs = " or ".join(f't."{c.name}" is distinct from ({c.value})' for c in watched) or "false"
    before = target.day(f't."{target.month}"') if target.month else "null::date"
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {target.fates}")
        cursor.execute(
            f"""create temp table {target.fates} as select s.row_number, {keys}{values}, {before} as was_on,
                  case when t."{first}" is null then 'new' when {differs} then 'changed' else 'same' end as fate
                from {target.source} left join {target.table} t on {on} and {target.near}"""
        )
        cursor.execute(f"analyze {target.fates}")
        cursor.execute(f"select fate, count(*) from {target.fates} group by fate")
        return {"new": 0, "changed": 0, "same": 0} | dict(cursor.fetchall())


def land(target: Target, *, constants: dict[str, str] | None = None):
    """Write the new and changed rows; `constants` are further columns as SQL literals. Returns the months that changed (dates)."""
    constants = constants or {}
    updated = [column.name for column in target.columns if column.changes]
    defaults = {column.name: column.value for column in target.columns if not column.changes}
    defaults = _model_defaults(target.model, {*target.key, *updated, *constants, *defaults}) | defaults
    names = [*target.key, *updated]
    insert = ", ".join(f'"{name}"' for name in [*names, *constants, *defaults])
    select = ", ".join([*(f'"{name}"' for name in names), *constants.values(), *defaults.values()])
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in [*updated, *constants])
    differs = " or ".join(f't."{name}" is distinct from excluded."{name}"' for name in updated) or "false"
    key = ", ".join(f'"{name}"' for name in target.key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {target.table} as t ({insert}) select {select} from {target.fates} where fate <> 'same' order by {key}
                on conflict ({key}) do update set {sets} where {differs}"""
        )
        if not target.month:
            return []
        cursor.execute(
            f"""select distinct date_trunc('month', day)::date from (
                  select {target.day(f'"{target.month}"')} as day from {target.fates} where fate <> 'same'
                  union all select was_on from {target.fates} where fate = 'changed') days where day is not null"""
        )
        return [day for (day,) in cursor.fetchall()]


def _model_defaults(model, given):
    """What the model writes by itself into columns the import does not speak of; the database knows no defaults of them."""
    silent = [
        each for each in model._meta.concrete_fields if each.column and each.column not in given and not each.null and not each.primary_key
    ]
    return {
        each.column: literal(each.get_default()) for each in silent if each.db_default is NOT_PROVIDED and each.get_default() is not None
    }

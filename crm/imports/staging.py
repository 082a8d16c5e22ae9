"""Rows wait in temporary tables of this connection until they are known to be right; nothing else is touched before that."""

import csv
import io
import json

import pyarrow.csv as pcsv
from django.db import connection

STAGE, PROBLEMS, FATES = "import_stage", "import_problem", "import_fate"
TABLES = f"{STAGE}, {PROBLEMS}, {FATES}, import_customer_fate"


def prepare(fields):
    """Empty staging tables: one column per field (nullable, as the file may be wrong), and one row per problem."""
    columns = ", ".join(f'"{each.name}" {each.sql}' for each in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {TABLES}")
        cursor.execute(f"create temp table {STAGE} (row_number int, {columns})")
        cursor.execute(f"create temp table {PROBLEMS} (row_number int, field text, value text, code text, params jsonb)")


def drop():
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {TABLES}")


def copy(fields, chunk):
    """One chunk into staging."""
    target = f"{STAGE} (row_number, {', '.join(_quoted(fields))})"
    if chunk.columns is None:
        _copy(target, chunk.rows)
    else:
        buffer = io.BytesIO()
        pcsv.write_csv(chunk.columns, buffer, pcsv.WriteOptions(include_header=False))
        _copy_text(target, buffer)
    if chunk.problems:
        rows = [(p.row, p.field, p.value, p.code, json.dumps(p.params)) for p in chunk.problems]
        _copy(f"{PROBLEMS} (row_number, field, value, code, params)", rows)


def _quoted(fields):
    return [f'"{each.name}"' for each in fields]


def _copy(target, rows):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    _copy_text(target, buffer)


def _copy_text(target, buffer):
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy {target} from stdin (format csv)", buffer, 2**18)


def complain(*, code, field, rows, value=None, params="'{}'::jsonb"):
    """Note a problem for each row that `rows` (SQL after `from`, with staging as `s`) yields; `value` and `params` are SQL over it."""
    value = value or f's."{field}"::text'
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {PROBLEMS} select s.row_number, %s, coalesce({value}, ''), %s, {params} from {rows}",
            [field, code],
        )
        return cursor.rowcount


def run(sql, parameters=None):
    """A statement; its rows when it has any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def drop_bad_rows():
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {STAGE} s using {PROBLEMS} p where p.row_number = s.row_number")
        cursor.execute(f"analyze {STAGE}")


def drop_duplicates(key):
    """Rows whose natural key stood in an earlier good row are problems naming that row."""
    columns = ", ".join(f'"{name}"' for name in key)
    value = " || ' ' || ".join(f'"{name}"::text' for name in key)
    if not run(f"select 1 from {STAGE} group by {columns} having count(*) > 1 limit 1"):
        return  # the usual case, and far cheaper to see than to number every row
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {PROBLEMS} select row_number, %s, value, 'duplicate', jsonb_build_object('first', first) from (
                  select row_number, {value} as value, min(row_number) over (partition by {columns}) as first from {STAGE}) numbered
                where row_number > first""",
            [key[-1] if len(key) == 1 else ""],
        )
        found = cursor.rowcount
    if found:
        drop_bad_rows()


def problem_summary():
    """(failed rows, {code: rows}, the first 200 problems as dicts)."""
    with connection.cursor() as cursor:
        cursor.execute(f"select code, count(*) from {PROBLEMS} group by code order by count(*) desc, code")
        by_code = dict(cursor.fetchall())
        cursor.execute(f"select count(distinct row_number) from {PROBLEMS}")
        failed = cursor.fetchone()[0]
    return failed, by_code, list(problems(limit=200))


def problems(limit=None):
    """Problems in the order of the file, as dicts, streamed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select row_number, coalesce(field, ''), coalesce(value, ''), code, params from {PROBLEMS} order by row_number, field, code"
            + (f" limit {limit}" if limit else "")
        )
        while rows := cursor.fetchmany(5_000):
            for row, field, value, code, params in rows:
                params = json.loads(params) if isinstance(params, str) else params
                yield {"row": row, "field": field, "value": value[:200], "code": code, "params": params}

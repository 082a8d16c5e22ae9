"""Bring the lake up to date, and open it for the engine."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction

from crm.changes.models import DirtyMonth
from segmentation.engine import spark
from segmentation.engine.tables import TABLES
from segmentation.lake.models import WHOLE, LakeMonth
from segmentation.lake.store import Lake, quoted
from segmentation.lake.tables import MONTHLY, WHOLE_TABLES, local_moments

YEARS = (1970, 2199)


@dataclass
class Synced:
    """What a sync wrote: rows in all, and the months of each table."""

    rows: int = 0
    months: dict[str, list[dt.date]] = field(default_factory=lambda: defaultdict(list))


def sync(*, session, lake: Lake, at: dt.datetime, progress: Callable[[int], None] = lambda rows: None) -> Synced:
    """Write the months that changed since the last sync, those whose file is gone, and everything the first time.

    The ledger is taken, the files written and the record of them committed in one transaction: killed anywhere before its end, the ledger
    still says what is dirty and the next sync writes the same files again. A change committed meanwhile adds to the ledger and waits.
    `session` has PostgreSQL attached (`attach_facts`); `progress` hears the rows written so far.
    """
    done = Synced()
    with transaction.atomic():
        dirty = _take_ledger()
        for table in MONTHLY:
            _sync_months(session, lake, table, dirty[table], at, done, progress)
        for table in WHOLE_TABLES:
            _sync_whole(session, lake, table, at, done)
            progress(done.rows)
    return done


def open_tables(*, session, lake: Lake, engine_url: str = "") -> dict:
    """The engine's tables over the files that stand: relations of `session`, or Spark frames where `engine_url` names a Spark master. A table
    of which nothing is known is left out. Raises `spark.NoSpark`."""
    files = defaultdict(list)
    for table, period in LakeMonth.objects.filter(rows__gt=0).order_by("table", "period").values_list("table", "period"):
        files[table].append(lake.whole(table) if period == WHOLE else lake.month(table, period))
    known = {table: files[table] for table in TABLES if files[table]}
    if spark.is_spark(engine_url):
        return spark.open_files(engine_url, known)
    return {table: session.read_parquet(paths, hive_partitioning=False) for table, paths in known.items()}


def _take_ledger() -> dict[str, set[dt.date]]:
    with connection.cursor() as db:
        db.execute(f'delete from {DirtyMonth._meta.db_table} where "table" = any(%s) returning "table", period', [list(TABLES)])
        dirty = defaultdict(set)
        for table, period in db.fetchall():
            dirty[table].add(period)
    return dirty


def _sync_months(session, lake, table, dirty, at, done, progress):
    known = dict(LakeMonth.objects.filter(table=table).values_list("period", "rows"))
    for year, months in _work(session, lake, table, known, dirty):
        for month, rows in _write_year(session, lake, table, year, months):
            _remember(lake, table, month, rows, at)
            done.rows += rows
            done.months[table].append(month)
            progress(done.rows)


def _work(session, lake, table, known, dirty):
    """(year, months) to write; months None means all that the year has."""
    if not known:
        return [(year, None) for year in _years_with_rows(MONTHLY[table])]
    standing = lake.standing_files(session, table)
    gone = {month for month in known if lake.month(table, month) not in standing}
    by_year = defaultdict(set)
    for month in dirty | gone:
        by_year[month.year].add(month)
    return sorted(by_year.items())


def _years_with_rows(source):
    """One index or partition probe per year; counting distinct months would read every row."""
    midnight = f"make_timestamptz({{}}, 1, 1, 0, 0, 0, '{settings.TIME_ZONE}')" if source.is_timestamp else "make_date({}, 1, 1)"
    first, past = midnight.format("y"), midnight.format("y + 1")
    with connection.cursor() as db:
        db.execute(
            f"select y from generate_series(%s, %s) y where exists"
            f" (select 1 from {source.table} where {source.moment} >= {first} and {source.moment} < {past})",
            YEARS,
        )
        return [year for (year,) in db.fetchall()]


def _write_year(session, lake, table, year, months):
    """Read a year, or the dirty part of it, in one scan; yield (month, rows) as each month's file stands."""
    source = MONTHLY[table]
    first, last = (min(months), max(months)) if months else (dt.date(year, 1, 1), dt.date(year, 12, 1))
    session.execute(
        f"create or replace temp table chunk as select *, {source.month_of_row()} as month from ({source.between(first, _next(last))})"
    )
    present = {month for (month,) in session.execute("select distinct month from chunk").fetchall()}
    columns = local_moments([column.name for column in TABLES[table]])
    for month in sorted(months or present):
        query = f"select {columns} from chunk where month = date '{month}' order by {source.order}"
        yield month, lake.write(session, query, lake.month(table, month)) if month in present else 0
    session.execute("drop table chunk")


def _sync_whole(session, lake, table, at, done):
    source = WHOLE_TABLES[table]
    rows = lake.write(session, f"select * from ({source.query}) order by {source.order}", lake.whole(table))
    LakeMonth.objects.update_or_create(table=table, period=WHOLE, defaults={"rows": rows, "written_at": at})
    done.rows += rows
    done.months[table].append(WHOLE)


def _remember(lake, table, month, rows, at):
    if rows:
        LakeMonth.objects.update_or_create(table=table, period=month, defaults={"rows": rows, "written_at": at})
    else:
        LakeMonth.objects.filter(table=table, period=month).delete()
        lake.forget(lake.month(table, month))


def _next(month):
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def one_account(*, session, lake: Lake, kind: str, run_ids: list[int], account_id: int, columns: str = "*"):
    """Rows of one account from the `scores` or `features` of runs, oldest run first: dicts with run_id. Runs without a file are missing."""
    paths = {lake.of_run(kind, run_id): run_id for run_id in run_ids}
    standing = [path for path in paths if lake.has(session, path)]
    if not standing:
        return []
    files = ", ".join(quoted(path) for path in standing)
    relation = session.sql(
        f"select {columns}, filename from read_parquet([{files}], filename = true, hive_partitioning = false, union_by_name = true)"
        f" where account_id = {int(account_id)}"
    )
    found = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    for row in found:
        row["run_id"] = paths[row.pop("filename")]
    return sorted(found, key=lambda row: row["run_id"])

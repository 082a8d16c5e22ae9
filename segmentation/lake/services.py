"""Bring the lake up to date, and open it for the engine."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection, transaction

from crm.changes.models import DirtyMonth
from segmentation.engine import spark
from segmentation.engine.tables import TABLES
from segmentation.lake.checking import faults, fingerprint, path_of
from segmentation.lake.mirroring import Mirror, by_table
from segmentation.lake.models import WHOLE, LakeMonth
from segmentation.lake.store import Lake, quoted
from segmentation.lake.tables import MONTHLY, WHOLE_TABLES


@dataclass
class Synced:
    """What a sync wrote: rows in all, the months of each table, the files that had to be made good; and the seconds each table took."""

    rows: int = 0
    months: dict[str, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    repaired: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def sync(*, session, lake: Lake, at: dt.datetime, progress: Callable[[int], None] = lambda rows: None) -> Synced:
    """Write the months that changed since the last sync, the tables without months that did, what is gone or damaged, and everything the first
    time.

    The ledger is taken, the files written and the record of them committed in one transaction: killed anywhere before its end, the ledger
    still says what is dirty and the next sync writes the same files again. A change committed meanwhile adds to the ledger and waits.
    `session` has PostgreSQL attached (`attach_facts`); `progress` hears the rows written so far.
    """
    found = faults(session=session, lake=lake)
    done = Synced(repaired=[f"{fault.path.removeprefix(lake.root).lstrip('/')} ({fault.what})" for fault in found])
    bad = by_table(found)
    with transaction.atomic(), ThreadPoolExecutor(1) as beside:
        dirty = _take_ledger()
        standing = {it.table: it for it in LakeMonth.objects.filter(period=WHOLE)}
        whole = {
            table: beside.submit(
                _bring_up_whole, session.cursor(), lake, table, "" if bad[table] else getattr(standing.get(table), "mark", "")
            )
            for table in WHOLE_TABLES
        }
        for table in MONTHLY:
            began = time.monotonic()
            for month, rows in Mirror(session, lake, table, at).bring_up(dirty[table], bad[table]):
                done.rows += rows
                done.months[table].append(month)
                progress(done.rows)
            done.seconds[table] = round(time.monotonic() - began, 3)
        for table, written in whole.items():
            if (about := written.result()) is None:
                continue
            LakeMonth.objects.update_or_create(table=table, period=WHOLE, defaults=about | {"written_at": at})
            done.rows += about["rows"]
            done.months[table].append(WHOLE)
            progress(done.rows)
    return done


def open_tables(*, session, lake: Lake, engine_url: str = "") -> dict:
    """The engine's tables over the files that stand: relations of `session`, or Spark frames where `engine_url` names a Spark master. A table
    of which nothing is known is left out. Raises `spark.NoSpark`."""
    files: dict[str, dict[str, None]] = defaultdict(dict)
    for month in LakeMonth.objects.filter(rows__gt=0).order_by("table", "period"):
        files[month.table][path_of(lake, month)] = None
    known = {table: list(files[table]) for table in TABLES if files[table]}
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


def _bring_up_whole(session, lake, table, mark_before) -> dict | None:
    """Write a table without months; what there is to remember of its file. None where it stands as it was: nothing was written to its rows."""
    source = WHOLE_TABLES[table]
    mark = _mark(session, [source.table, *source.beside])  # before the rows are read: what changes in between changes it next time
    if mark == mark_before:
        return None
    rows = lake.write(session, f"select * from ({source.query}) order by {source.order}", lake.whole(table))
    return {"rows": rows, "mark": mark} | fingerprint(lake, lake.whole(table))


def _mark(session, tables) -> str:
    """How many rows the tables have, and a sum over where each lies and which transaction wrote it: any insert, update or delete shows, whoever
    made it. PostgreSQL reads a million rows for it in 0.15 s; a table written anew as it was looks changed, too."""
    parts = []
    for table in tables:
        asked = f"select count(*) as rows, coalesce(sum(hashtidextended(ctid, xmin::text::bigint)), 0)::text as written from {table}"
        parts.append("{}:{}".format(*session.execute(f"select * from postgres_query('facts', {quoted(asked)})").fetchone()))
    return " ".join(parts)


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

"""What stands in the lake: reading days, writing files, folding them."""

import datetime as dt

import duckdb
import pyarrow as pa
from django.db import transaction

from segmentation.lake.store import Lake, quoted
from segmentation.readings.matrix import SCHEMA, Days, from_table
from segmentation.readings.models import ReadingsFile


class FileGone(Exception):
    """A file was folded away between looking it up and reading it: look again."""


MOST_FILES = 4
"""Of a month; with one more they are folded into one."""
# Delta coding halves the size of a day's curve; an account's days lie in one group of rows, so few figures are read for it.
HOW = "format parquet, compression zstd, parquet_version v2, row_group_size 2048"
COLUMNS = "account_id, received, day, minutes, wh"
EMPTY = "select null::bigint as account_id, null::boolean as received, null::date as day, null::utinyint as minutes, null::integer[] as wh where false"


def files_of(lake: Lake, periods=None) -> list[str]:
    """Paths of the files that stand, newest number first; all months unless told."""
    chosen = ReadingsFile.objects.all() if periods is None else ReadingsFile.objects.filter(period__in=list(periods))
    return [lake.readings(period, number) for number, period in chosen.order_by("-pk").values_list("pk", "period")]


def newest_rows(files, where: str = "true", joined: str = "") -> str:
    """SQL of the rows that are right: of two files with the same day the one with the higher number. `joined` narrows what is read."""
    if not files:
        return EMPTY
    listed = ", ".join(quoted(path) for path in files)
    one = len({path.rpartition("/")[0] for path in files}) == len(files)
    newest = "" if one else " qualify row_number() over (partition by account_id, received, day order by filename desc) = 1"
    return f"select {COLUMNS} from read_parquet([{listed}], filename = true, hive_partitioning = false) {joined} where {where}{newest}"


def stood(session, lake: Lake, period: dt.date, days: Days) -> Days:
    """The same days of the same accounts as they stand, sorted."""
    keys = days.table().select(["account_id", "received", "day"])
    session.register("wanted", keys)
    low, high = int(days.account_id.min()), int(days.account_id.max())
    query = newest_rows(
        files_of(lake, [period]), f"account_id between {low} and {high}", "semi join wanted using (account_id, received, day)"
    )
    found = session.execute(f"{query} order by account_id, received, day").to_arrow_table()
    session.unregister("wanted")
    return from_table(_plain(found))


def _plain(table: pa.Table) -> pa.Table:
    return table.combine_chunks()


def write(*, session, lake: Lake, query: str, period: dt.date, batch_id, at: dt.datetime) -> ReadingsFile | None:
    """The query's days as one more file of the month, in the transaction of whoever calls; None when there are none."""
    if not session.execute(f"select exists ({query})").fetchone()[0]:
        return None
    file = ReadingsFile.objects.create(period=period, days=0, batch_id=batch_id, written_at=at)
    file.days = lake.write(session, f"{query} order by account_id, received, day", lake.readings(period, file.pk), how=HOW)
    file.save(update_fields=["days"])
    _fold(session, lake, period, at)
    return file


def _fold(session, lake, period, at):
    """Many small files of a month into one. The old ones are removed when the new one is committed."""
    standing = list(ReadingsFile.objects.filter(period=period).order_by("pk"))
    if len(standing) <= MOST_FILES:
        return
    query = newest_rows([lake.readings(period, each.pk) for each in reversed(standing)])
    whole = ReadingsFile.objects.create(period=period, days=0, batch_id=None, written_at=at)
    whole.days = lake.write(session, f"{query} order by account_id, received, day", lake.readings(period, whole.pk), how=HOW)
    whole.save(update_fields=["days"])
    ReadingsFile.objects.filter(pk__in=[each.pk for each in standing]).delete()
    gone = [lake.readings(period, each.pk) for each in standing]
    transaction.on_commit(lambda: [lake.remove(path) for path in gone])


def account_days(session, lake: Lake, *, account_id: int, months: int) -> Days:
    """Days of one account of the latest `months` months that hold readings of anybody, sorted by direction and day."""
    periods = ReadingsFile.objects.order_by("-period").values_list("period", flat=True).distinct()[:months]
    query = newest_rows(files_of(lake, periods), f"account_id = {int(account_id)}")
    try:
        return from_table(_plain(session.execute(f"{query} order by received, day").to_arrow_table()))
    except (duckdb.IOException, duckdb.HTTPException) as error:
        raise FileGone(str(error)) from error


def nothing() -> Days:
    return from_table(SCHEMA.empty_table())

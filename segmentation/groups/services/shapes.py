"""What is compared, read from the lake: months and bands from a run's own files, curves of the day from interval readings."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from segmentation.engine import groups as engine
from segmentation.engine.groups.shapes import BANDS, HOURS, YEAR
from segmentation.lake.store import Lake, quoted
from segmentation.readings.models import ReadingsFile
from segmentation.readings.standing import files_of, newest_rows

DAYS = 56  # of readings a curve is the mean of


@dataclass(frozen=True)
class Judged:
    """Where a run's accounts are, as SQL of the session: `scores` has account_id, month, category and sparkline, `features` what a run keeps."""

    scores: str
    features: str

    @classmethod
    def in_lake(cls, lake: Lake, run_id: int) -> "Judged":
        """The files of a finished run."""
        return cls(*(f"read_parquet({quoted(lake.of_run(name, run_id))}, hive_partitioning = false)" for name in ("scores", "features")))


def shapes_of(kind: str, *, session, lake: Lake, judged: Judged, as_of: dt.date) -> engine.Shapes:
    """Raises `CannotGroup` where there is nothing of this kind at all."""
    match kind:
        case "monthly":
            return _monthly(session, judged)
        case "bands":
            return _bands(session, judged)
    return _daily(session, lake, as_of)


def answers(*, session, judged: Judged):
    """(account_id, mean satisfaction of 12 months) of every account of the run, nan where none was given."""
    table = session.execute(f"select account_id, satisfaction from {judged.features} order by account_id").fetchnumpy()
    return np.asarray(table["account_id"]), _filled(table["satisfaction"])


def _filled(column):
    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)


def _monthly(session, judged):
    table = session.execute(f"select account_id, month(month) as newest, sparkline from {judged.scores}").to_arrow_table()
    if not len(table):
        raise engine.CannotGroup("nothing")
    kwh = table["sparkline"].combine_chunks().flatten().to_numpy(zero_copy_only=False).reshape(-1, YEAR)
    return engine.monthly(table["account_id"].to_numpy(), kwh, table["newest"][0].as_py())


def _bands(session, judged):
    names = ", ".join(f"{band}_share" for band in BANDS)
    table = session.execute(f"select account_id, {names} from {judged.features}").fetchnumpy()
    ids, *shares = table.values()
    shapes = engine.bands(np.asarray(ids), np.column_stack([_filled(column) for column in shares]))
    if not len(shapes):
        raise engine.CannotGroup("no_bands")
    return shapes


def _daily(session, lake, as_of):
    """Mean of each hour over the latest whole days of 24 hours that were read up to the date."""
    periods = ReadingsFile.objects.filter(period__lte=as_of).order_by("-period").values_list("period", flat=True).distinct()[:3]
    files = files_of(lake, list(periods))
    if not files:
        raise engine.CannotGroup("no_readings")
    rows = newest_rows(files, f"not received and day <= date '{as_of}'")
    last = session.execute(f"select max(day) from ({rows})").fetchone()[0]
    if last is None:
        raise engine.CannotGroup("no_readings")
    since = last - dt.timedelta(days=DAYS)
    hours = ", ".join(
        f"avg(list_sum(wh[{hour} * (60 // minutes) + 1 : {hour + 1} * (60 // minutes)])) as h{hour:02d}" for hour in range(HOURS)
    )
    whole = f"day > date '{since}' and len(wh) * minutes = 1440 and list_count(wh) = len(wh)"
    table = session.execute(f"select account_id, {hours} from ({rows}) where {whole} group by account_id").fetchnumpy()
    ids, *columns = table.values()
    return engine.daily(np.asarray(ids), np.column_stack([_filled(column) for column in columns]) if len(ids) else [])

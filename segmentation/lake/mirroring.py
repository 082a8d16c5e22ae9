"""Write one table's months and closed years from PostgreSQL into the lake.

The current year has a file a month, so that a changed month is written alone. A closed year is one file sorted by account over all its
months: reading it is twice as fast, and needs half the memory, because all rows of an account lie together.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from segmentation.engine.tables import TABLES
from segmentation.lake.checking import fingerprint, path_of
from segmentation.lake.models import LakeMonth
from segmentation.lake.store import Lake, quoted
from segmentation.lake.tables import MONTHLY, Source, local_moments

YEARS = (1970, 2199)


class Mirror:
    """One monthly table of the lake during one sync."""

    def __init__(self, session, lake: Lake, table: str, at: dt.datetime):
        self.session, self.lake, self.table, self.at = session, lake, table, at
        self.source: Source = MONTHLY[table]
        self.columns = local_moments([column.name for column in TABLES[table]])

    def bring_up(self, dirty: set[dt.date], bad: set[str]) -> Iterator[tuple[dt.date, int]]:
        """(month, rows) of everything written: months in `dirty`, those in files in `bad`, all of them the first time."""
        known = {month.period: month for month in LakeMonth.objects.filter(table=self.table)}
        if not known:
            yield from self._first_time()
            return
        gone = {period for period, month in known.items() if path_of(self.lake, month) in bad}
        newest = max(month.year for month in known.keys() | dirty)
        for year in sorted({month.year for month in known.keys() | dirty}):
            work = {month for month in dirty | gone if month.year == year}
            held = [month for period, month in known.items() if period.year == year]
            if year < newest and (work or any(not month.in_year_file for month in held)):
                yield from self._close_year(year, work, [month for month in held if month.period not in work], held)
            elif work:
                yield from self._months(year, work)

    def _first_time(self):
        years = self._years_with_rows()
        for year in years[:-1]:
            yield from self._close_year(year, None, [], [])
        for year in years[-1:]:
            yield from self._months(year, None)

    def _years_with_rows(self):
        """One index or partition probe per year; counting distinct months would read every row."""
        midnight = f"make_timestamptz({{}}, 1, 1, 0, 0, 0, '{settings.TIME_ZONE}')" if self.source.is_timestamp else "make_date({}, 1, 1)"
        first, past = midnight.format("y"), midnight.format("y + 1")
        with connection.cursor() as db:
            db.execute(
                f"select y from generate_series(%s, %s) y where exists"
                f" (select 1 from {self.source.table} where {self.source.moment} >= {first} and {self.source.moment} < {past})",
                YEARS,
            )
            return [year for (year,) in db.fetchall()]

    def _months(self, year, months):
        """Read a year, or the dirty part of it, in one scan; a file a month."""
        first, last = (min(months), max(months)) if months else (dt.date(year, 1, 1), dt.date(year, 12, 1))
        self.session.execute(
            f"""create or replace temp table chunk as select *, {self.source.month_of_row()} as month
            from ({self.source.between(first, after(last))}) order by month, {self.source.order}"""
        )
        present = {month for (month,) in self.session.execute("select distinct month from chunk").fetchall()}
        for month in sorted(months or present):
            rows = 0
            if month in present:
                path = self.lake.month(self.table, month)
                rows = self.lake.write(self.session, f"select {self.columns} from chunk where month = date '{month}'", path)
                self._remember({month: rows}, in_year_file=False, **fingerprint(self.lake, path))
            else:
                self._forget(month)
            yield month, rows
        self.session.execute("drop table chunk")

    def _close_year(self, year, work, keep, held):
        """One file of the year: rows of the months in `work` from PostgreSQL (None: of all), those of the months in `keep` from the lake."""
        path = self.lake.year(self.table, year)
        names = ", ".join(column.name for column in TABLES[self.table])
        parts = [self._fresh(year, work, alone=not keep)] if work is None or work else []
        if keep:
            files = ", ".join(quoted(file) for file in sorted({path_of(self.lake, month) for month in keep}))
            parts.append(
                f"select {names} from read_parquet([{files}], hive_partitioning = false) where {self.source.month_in_lake()} in ({_days(month.period for month in keep)})"
            )
        order = self.source.order if not keep else f"account_id, {self.source.moment}"
        self.lake.write(self.session, f"select {names} from ({' union all '.join(parts)}) order by {order}", path)
        written = self._rows_by_month(path)
        print_ = fingerprint(self.lake, path)
        changed = set(written) if work is None else work
        self._remember(written, in_year_file=True, **print_)
        for month in {it.period for it in held} - set(written):
            LakeMonth.objects.filter(table=self.table, period=month).delete()
        for month in held:
            if not month.in_year_file:
                self.lake.forget(self.lake.month(self.table, month.period))
        for month in sorted(changed):
            yield month, written.get(month, 0)

    def _fresh(self, year, work, alone):
        first, last = (min(work), max(work)) if work else (dt.date(year, 1, 1), dt.date(year, 12, 1))
        of_work = f"where {self.source.month_of_row()} in ({_days(work)})" if work else ""
        ties = f", {self.source.ties}" if self.source.ties and alone else ""
        return f"select {self.columns}{ties} from ({self.source.between(first, after(last))}) {of_work}"

    def _rows_by_month(self, path):
        found = self.session.execute(
            f"select {self.source.month_in_lake()} as month, count(*) from read_parquet({quoted(path)}, hive_partitioning = false) group by 1"
        )
        return dict(found.fetchall())

    def _remember(self, written, **about):
        about |= {"written_at": self.at}
        LakeMonth.objects.bulk_create(
            [LakeMonth(table=self.table, period=month, rows=rows, **about) for month, rows in written.items()],
            update_conflicts=True, unique_fields=["table", "period"], update_fields=["rows", *about],
        )  # fmt: skip

    def _forget(self, month):
        LakeMonth.objects.filter(table=self.table, period=month).delete()
        self.lake.forget(self.lake.month(self.table, month))


def after(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _days(months) -> str:
    return ", ".join(f"date '{month}'" for month in sorted(months))


def by_table(faults) -> dict[str, set[str]]:
    bad = defaultdict(set)
    for fault in faults:
        bad[fault.table].add(fault.path)
    return bad

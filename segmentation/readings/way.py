"""The way readings go in: staged in DuckDB, judged month by month against what stands, landed as files. The steps of
`crm.imports.pipeline`, for rows too many for PostgreSQL. Counts are readings, not lines."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from crm.accounts.models import Account, MeteringPoint
from crm.imports import fields
from crm.imports.pipeline import Findings
from crm.imports.problems import BadCell, FileProblem
from segmentation.lake.session import lake, open_session
from segmentation.lake.store import Lake
from segmentation.readings import days, standing
from segmentation.readings.block import Block, Wrong
from segmentation.readings.matrix import UNKNOWN, WIDEST, Days, merge

BATCH = 300_000  # readings judged at once
SAMPLE_ROWS = 10
PROBLEMS_KEPT = 200
LOOKED_UP = 50_000


@dataclass
class Work:
    """What the steps of one load share."""

    session: object
    lake: Lake
    closing: ExitStack
    folder: Path
    zone: object
    accounts: dict = field(default_factory=dict)
    """name in the file -> account id, or the `BadCell` that says why there is none"""
    gaps: int = 0
    last: tuple | None = ()
    """account, direction, day and second of the last reading staged, as long as all came in that order; else None"""
    periods: list = field(default_factory=list)


def stage(kind, load, progress) -> Findings:
    """All readings into DuckDB, spilled to disk when they are many. Raises `FileProblem`."""
    work = load.work = _open(load)
    found, last_day = Findings(), days.number_of(timezone.localtime(load.at).date())
    for block in load.reading.chunks:
        _stage_block(work, block, last_day)
        if not found.preview:
            found.preview = _preview(load.reading, block)
        found.rows_total += block.count
        work.gaps += block.gaps
        progress(found.rows_total)
    if not found.rows_total:
        raise FileProblem("no_rows")
    return found


def _open(load) -> Work:
    folder = Path(settings.VAR_DIR) / "readings" / str(load.batch_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    closing, where = ExitStack(), lake()
    closing.callback(shutil.rmtree, folder, ignore_errors=True)
    session = closing.enter_context(open_session(of=where, spill_to=folder))
    session.execute(
        "create table staged (row bigint, account_id bigint, received boolean, day integer, second integer, again integer,"
        " minutes utinyint, wh integer)"
    )
    session.execute("create table wrong (row bigint, field varchar, value varchar, code varchar, params varchar, readings bigint)")
    session.execute("create table landing (account_id bigint, received boolean, day date, minutes utinyint, wh integer[])")
    return Work(session=session, lake=where, closing=closing, folder=folder, zone=timezone.get_default_timezone())


def _stage_block(work, block: Block, last_day):
    account_id = _account_ids(work, block)
    ahead = block.day > last_day
    for i in np.flatnonzero(ahead):
        block.wrong.append(Wrong(int(block.row[i]), "starts_at", days.day_of(block.day[i]).isoformat(), "in_future"))
    good = ~ahead & (account_id > 0)
    account_id = account_id[good]
    block.keep(good)
    columns = {name: getattr(block, name) for name in ("row", "received", "day", "second", "again", "minutes", "wh")}
    work.session.register("piece", pa.table(columns | {"account_id": account_id}))
    work.session.execute("insert into staged by name select * from piece")
    work.session.unregister("piece")
    work.last = _still_in_order(work.last, (account_id, block.received, block.day, block.second))
    _note(work, block.wrong)


def _still_in_order(last, columns):
    """The key of the last row when the rows follow in order on what came before, else None. Most files are sorted: then nothing need be."""
    if last is None or not len(columns[0]):
        return last
    tied, backwards = np.ones(len(columns[0]) - 1, bool), np.zeros(len(columns[0]) - 1, bool)
    for column in columns:
        backwards |= tied & (column[1:] < column[:-1])
        tied &= column[1:] == column[:-1]
    first = tuple(column[0] for column in columns)
    return None if backwards.any() or (last and first < last) else tuple(column[-1] for column in columns)


def _account_ids(work, block) -> np.ndarray:
    """Of each reading; 0 where the account is not known, which is noted once for each row of the file."""
    unseen = [name for name in block.names if name not in work.accounts]
    for i in range(0, len(unseen), LOOKED_UP):
        work.accounts |= _looked_up(unseen[i : i + LOOKED_UP])
    known = [work.accounts[name] for name in block.names]
    ids = (
        np.array([each if isinstance(each, int) else 0 for each in known], np.int64)[block.who] if len(block.who) else np.zeros(0, np.int64)
    )
    missing = np.flatnonzero(ids == 0)
    rows, first, count = np.unique(block.row[missing], return_index=True, return_counts=True)
    for row, at, readings in zip(rows.tolist(), missing[first].tolist(), count.tolist(), strict=True):
        name, error = block.names[block.who[at]], known[block.who[at]]
        block.wrong.append(Wrong(row, "account", name if isinstance(name, str) else " · ".join(name), error.code, error.params, readings))
    return ids


def _looked_up(names) -> dict:
    """A name is an account number; names of a usage point may be that, an identifier at the source, or a meter's number."""
    found: dict = {}
    wanted = {}
    for name in names:
        try:
            wanted[name] = [fields.account_number(name)] if isinstance(name, str) else list(name)
        except BadCell as error:
            found[name] = error
    every = list({each for several in wanted.values() for each in several})
    ids = dict(Account.objects.filter(number__in=every).values_list("number", "id"))
    if any(isinstance(name, tuple) for name in wanted):
        ids = _by_other_names(every) | ids
    for name, several in wanted.items():
        code = "unknown_account" if isinstance(name, str) else "unknown_usage_point"
        found[name] = next((ids[each] for each in several if each in ids), BadCell(code))
    return found


def _by_other_names(names) -> dict:
    meters = MeteringPoint.objects.filter(meter_number__in=names, removed_on=None).values_list("meter_number", "account_id")
    return dict(meters) | dict(Account.objects.filter(external_id__in=[name for name in names if name]).values_list("external_id", "id"))


def _note(work, wrong: list[Wrong]):
    if not wrong:
        return
    columns = list(zip(*[(w.row, w.field, w.value[:200], w.code, json.dumps(w.params), w.readings) for w in wrong], strict=True))
    work.session.register(
        "piece", pa.table(dict(zip(("row", "field", "value", "code", "params", "readings"), map(list, columns), strict=True)))
    )
    work.session.execute("insert into wrong select * from piece")
    work.session.unregister("piece")


def judge(kind, load, found: Findings):
    """New, changed and same readings against what stands; whole days that differ wait in `landing`. Writes to DuckDB only."""
    work = load.work
    work.session.execute("delete from landing")
    numbers = work.session.execute("select distinct day from staged").fetchall()
    work.periods = sorted({days.day_of(number).replace(day=1) for (number,) in numbers})
    counts = {"new": 0, "changed": 0, "same": 0}
    for period in work.periods:
        for piece in _pieces(work, period):
            _judge_piece(work, period, piece, counts)
    found.created, found.updated, found.unchanged = counts["new"], counts["changed"], counts["same"]
    _summarise(work, load, found)


def _pieces(work, period):
    """The month's readings sorted, cut between days."""
    first = days.number_of(period)
    past = days.number_of((period.replace(day=28) + 4 * (days.day_of(1) - days.day_of(0))).replace(day=1))
    order = " order by account_id, received, day, second, row" if work.last is None else ""
    reader = work.session.cursor().execute(f"select * from staged where day >= {first} and day < {past}{order}").to_arrow_reader(BATCH)
    rest = None
    for batch in reader:
        table = pa.Table.from_batches([batch] if rest is None else [*rest.to_batches(), batch])
        cut = _last_day_begins(table)
        if cut:
            yield table.slice(0, cut)
        rest = table.slice(cut)
    if rest is not None and rest.num_rows:
        yield rest


def _last_day_begins(table) -> int:
    same = np.ones(table.num_rows, bool)
    for name in ("account_id", "received", "day"):
        column = (
            table[name].to_numpy(zero_copy_only=False)
            if name != "received"
            else table[name].combine_chunks().to_numpy(zero_copy_only=False)
        )
        same &= column == column[-1]
    return int(np.argmax(same))


def _judge_piece(work, period, table, counts):
    column = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    fresh = _pivoted(work, column)
    if not len(fresh):
        return
    whole, differs, tally = merge(fresh, standing.stood(work.session, work.lake, period, fresh))
    for name, many in tally.items():
        counts[name] += many
    if differs.any():
        work.session.register("piece", whole.of(differs).table())
        work.session.execute("insert into landing select * from piece")
        work.session.unregister("piece")


def _pivoted(work, column) -> Days:
    """Sorted readings as days. A second reading of the same interval is the repeated hour's, or it is wrong."""
    begins = _begins(column, ("account_id", "received", "day"))
    group = np.cumsum(begins) - 1
    first_minutes = column["minutes"][begins][group]
    repeats = ~_begins(column, ("account_id", "received", "day", "second"))
    second_pass = repeats & (column["again"] > 0) & ~np.concatenate([[False], repeats[:-1]])
    mixed = column["minutes"] != first_minutes
    twice = repeats & ~second_pass & ~mixed
    _note(work, _wrong_rows(column, np.flatnonzero(mixed), "mixed_intervals", lambda i: {}))
    first_row = np.maximum.accumulate(np.where(repeats, 0, np.arange(len(repeats))))
    _note(work, _wrong_rows(column, np.flatnonzero(twice), "duplicate", lambda i: {"first": int(column["row"][first_row[i]])}))
    good = ~(mixed | twice)
    length = {number: days.seconds_in(work.zone, number) for number in np.unique(column["day"]).tolist()}
    slots = np.array([length[number] for number in column["day"][begins].tolist()], np.int64) // (
        column["minutes"][begins].astype(np.int64) * 60
    )
    wh = np.full((int(begins.sum()), WIDEST), UNKNOWN, np.int32)
    second = column["second"] + np.where(second_pass, column["again"], 0)
    wh[group[good], (second // (first_minutes.astype(np.int64) * 60))[good]] = column["wh"][good]
    return Days(
        column["account_id"][begins], column["received"][begins].astype(bool), column["day"][begins], column["minutes"][begins], slots, wh
    )


def _begins(column, names):
    """Where a sorted row differs from the one before."""
    differs = np.zeros(len(column["row"]), bool)
    differs[:1] = True
    for name in names:
        differs[1:] |= column[name][1:] != column[name][:-1]
    return differs


def _wrong_rows(column, positions, code, params) -> list[Wrong]:
    def told(i):
        moment = days.day_of(column["day"][i]).isoformat()
        return f"{moment} {column['second'][i] // 3600:02d}:{column['second'][i] // 60 % 60:02d}"

    return [Wrong(int(column["row"][i]), "starts_at", told(i), code, params(i)) for i in positions.tolist()]


def _summarise(work, load, found):
    execute = work.session.execute
    found.failed = int(execute("select coalesce(sum(readings), 0) from wrong").fetchone()[0])
    found.by_code = {
        code: int(many) for code, many in execute("select code, sum(readings) from wrong group by code order by 2 desc, 1").fetchall()
    }
    found.problems = [each for each, _i in zip(problems(load), range(PROBLEMS_KEPT), strict=False)]
    if work.gaps:
        load.notes.append({"code": "gaps", "params": {"count": f"{work.gaps:,}"}})
    found.notes = [*load.reading.notes, *load.notes]


def problems(load):
    """Every wrong row as a dict, in the order of the file."""
    cursor = load.work.session.cursor().execute("select row, field, value, code, params from wrong order by row, field, code")
    while rows := cursor.fetchmany(5_000):
        for row, name, value, code, params in rows:
            yield {"row": row, "field": name, "value": value, "code": code, "params": json.loads(params)}


def land(kind, load):
    """A file for each month that differs, in the transaction of the batch."""
    work = load.work
    for period in work.periods:
        query = f"select * from landing where date_trunc('month', day) = date '{period}'"
        standing.write(session=work.session, lake=work.lake, query=query, period=period, batch_id=load.batch_id, at=load.at)


def tidy(load):
    if load.work is not None:
        load.work.closing.close()


def _preview(reading, block: Block):
    names = ["account", "starts_at", "kwh", "minutes"]
    rows = []
    for i in range(min(SAMPLE_ROWS, len(block.row))):
        second = int(block.second[i])
        starts = f"{days.day_of(block.day[i])} {second // 3600:02d}:{second // 60 % 60:02d}"
        name = block.names[block.who[i]] if isinstance(block.names[block.who[i]], str) else block.names[block.who[i]][0]
        rows.append(
            {
                "row": int(block.row[i]),
                "values": dict(zip(names, (name, starts, f"{block.wh[i] / 1000:g}", int(block.minutes[i])), strict=True)),
            }
        )
    return {"mapping": reading.mapping, "rows": rows, "fields": names, "about": reading.about}

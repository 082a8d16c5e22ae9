"""The same measures of bills and of `dues` as `MEASURES` give, for tables that live in DuckDB: matrices of accounts x months.

Grouping every bill by account for each month, and joining bills and payments by account and month, means hash tables of all there is, which
cost more than all other features together. Here a bill and what was paid for it meet at a place worked out from account and month; rows are
read once, in any order, the next accounts' while the last ones' are worked out, and memory is bounded by two times `BLOCK` accounts. A test
holds both ways to the same numbers.
"""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor

import narwhals as nw
import numpy as np
import pyarrow as pa

from .feature import YEARS
from .rows import DUES, month_number, month_start

BLOCK = 200_000  # accounts held at a time
STRIP = 16_384  # accounts worked out at a time, so that they stay in the processor's cache
RECENT = 12
NEVER = -1
EPOCH = dt.date(1970, 1, 1)
# What is measured here of `DUES` months of bills, and need not be counted another way: of each month, and of a year.
MONTHLY = tuple(f"kwh_m{ago}" for ago in range(DUES))
YEARLY = {"12m": YEARS[0], "prev": YEARS[1]}
MEASURED = {*MONTHLY, *(f"{what}_{year}" for what in ("total", "priced", "priced_kwh") for year in YEARLY)}


def measured(bill_rows, payment_frame, account_frame, as_of, month) -> nw.LazyFrame:
    """account_id and `MEASURED`, and with `payment_frame` (None: not known) the measures of `dues`; one row for every account of the frame,
    null where it has no bills of that year, or none with money and a due date."""
    oldest = month_start(month_number(month) - DUES + 1)
    billed = bill_rows.filter(nw.col("period") >= oldest).select("account_id", "period", "kwh", "total_fen", "due_on")
    paid = payment_frame
    if paid is not None:
        paid = paid.filter(nw.col("paid_on") <= as_of, nw.col("period") >= oldest, nw.col("period") <= month)
        paid = paid.select("account_id", "period", "amount_fen", "paid_on")
    accounts = np.sort(account_frame.select("account_id").collect("pyarrow")["account_id"].to_numpy())
    parts = list(_blocks(billed, paid, accounts, as_of, month))
    whole = pa.concat_tables(parts) if parts else pa.table(_measures(np.empty(0, np.int64), _Ledger(0), paid is not None, as_of))
    return nw.from_native(whole).lazy()


class _Ledger:
    """Accounts x `DUES` months, newest first: whether billed, kWh, fen billed and paid, the due day and the last payment's day since 1970."""

    def __init__(self, many):
        self.seen = np.zeros((many, DUES), bool)
        self.kwh, self.total = np.full((many, DUES), np.nan), np.full((many, DUES), np.nan)
        self.paid = np.zeros((many, DUES))
        self.due, self.last = (np.full((many, DUES), NEVER, np.int32) for _ in range(2))

    def strip(self, start):
        part = _Ledger(0)
        for name, matrix in vars(self).items():
            setattr(part, name, matrix[start : start + STRIP])
        return part


def _blocks(billed, paid, accounts, as_of, month):
    with ThreadPoolExecutor(1) as beside:
        before = None
        for start in range(0, len(accounts), BLOCK):
            block = accounts[start : start + BLOCK]
            read = [None if frame is None else _of(frame, block) for frame in (billed, paid)]
            if before:
                yield before.result()
            before = beside.submit(_block, *read, block, as_of, month)
        if before:
            yield before.result()


def _of(frame, accounts) -> pa.Table:
    return frame.filter(nw.col("account_id") >= int(accounts[0]), nw.col("account_id") <= int(accounts[-1])).collect("pyarrow").to_native()


def _block(billed, paid, accounts, as_of, month):
    held = _Ledger(len(accounts))
    seen, kwh, total, paid_fen, due, last = (it.reshape(-1) for it in (held.seen, held.kwh, held.total, held.paid, held.due, held.last))
    for place, of in _placed(billed, accounts, month):
        seen[place], kwh[place], total[place], due[place] = True, of("kwh"), of("total_fen"), of("due_on")
    for place, of in _placed(paid, accounts, month):
        np.add.at(paid_fen, place, of("amount_fen"))
        np.maximum.at(last, place, of("paid_on"))
    strips = range(0, len(accounts), STRIP)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # numpy lets go of the interpreter while it works
        return pa.concat_tables(
            pool.map(lambda start: pa.table(_measures(accounts[start : start + STRIP], held.strip(start), paid is not None, as_of)), strips)
        )


def _placed(table, accounts, month):
    """For each batch of rows their places in the matrices, and what gives a column of theirs: days since 1970, or floats."""
    oldest = month_start(month_number(month) - DUES + 1)
    ago = np.zeros((month_start(month_number(month) + 1) - oldest).days, np.int64)
    for months in range(DUES):
        ago[(month_start(month_number(month) - months) - oldest).days] = months
    dense = int(accounts[-1] - accounts[0]) + 1 == len(accounts)
    for batch in table.to_batches(122_880) if table else ():
        account = batch["account_id"].to_numpy()
        row = account - accounts[0] if dense else np.searchsorted(accounts, account)
        place = row * DUES + ago[batch["period"].cast(pa.int32()).to_numpy() - (oldest - EPOCH).days]
        known = slice(None) if dense else accounts[np.minimum(row, len(accounts) - 1)] == account
        yield place[known], lambda name, of=batch, rows=known: _numbers(of[name])[rows]


def _numbers(column):
    if pa.types.is_date(column.type):
        return column.cast(pa.int32()).fill_null(NEVER).to_numpy(zero_copy_only=False)
    return column.cast(pa.float64()).to_numpy(zero_copy_only=False)


def _measures(accounts, held, with_payments, as_of) -> dict[str, pa.Array]:
    columns = {"account_id": pa.array(accounts)}
    columns |= {name: _known(np.ascontiguousarray(held.kwh[:, ago])) for ago, name in enumerate(MONTHLY)}
    priced = ~np.isnan(held.total)
    for name, (first, past) in YEARLY.items():
        year, none = slice(first, past), ~held.seen[:, first:past].any(axis=1)
        columns[f"total_{name}"] = pa.array(np.nansum(held.total[:, year], axis=1), mask=none)
        columns[f"priced_{name}"] = pa.array(priced[:, year].sum(axis=1), mask=none)
        columns[f"priced_kwh_{name}"] = pa.array(np.nansum(np.where(priced[:, year], held.kwh[:, year], 0.0), axis=1), mask=none)
    return columns | (_dues(held, as_of) if with_payments else {})


def _known(values):
    return pa.array(values, mask=np.isnan(values))


def _dues(held, as_of):
    today, new_year = (as_of - EPOCH).days, (dt.date(as_of.year, 1, 1) - EPOCH).days
    owed = (held.due != NEVER) & ~np.isnan(held.total)
    whole, past_due = held.total <= held.paid, held.due < today
    # A bill paid in parts is settled on the day of its last part; one still open is as late as today.
    done_on = np.where(whole & (held.last != NEVER), held.last, today)
    judged = owed & (whole | past_due)
    days = np.where(judged, np.maximum(done_on - held.due, 0), 0)
    open_ = owed & past_due & ~whole
    unpaid = np.where(open_, held.total - held.paid, 0.0)
    this_year = held.due >= new_year
    recent = days[:, :RECENT]
    late = (recent > 0).sum(axis=1)
    none, some, debt = ~owed.any(axis=1), late > 0, open_.any(axis=1)
    return {
        "dues_seen": pa.array(owed.sum(axis=1), mask=none),
        "dues_12m": pa.array(judged[:, :RECENT].sum(axis=1), mask=none),
        "late_12m": pa.array(late, mask=none),
        "late_days_mean": pa.array(recent.sum(axis=1) / np.maximum(late, 1), mask=~some),
        "late_days_max": pa.array(recent.max(axis=1, initial=0).astype(float), mask=~some),
        "unpaid_sum": pa.array(unpaid.sum(axis=1), mask=none),
        "unpaid_days": pa.array(np.where(open_, days, 0).max(axis=1, initial=0).astype(float), mask=~debt),
        "unpaid_this_year": pa.array((open_ & this_year).sum(axis=1), mask=none),
        "unpaid_old": pa.array(np.where(this_year, 0.0, unpaid).sum(axis=1), mask=none),
    }

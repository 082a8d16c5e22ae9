"""The same measures of `dues` as `rows.dues` and `payment.MEASURES` give, for tables that live in DuckDB: a matrix of accounts x months.

Joining bills and payments by account and month means a hash table of every bill there is, which costs more than all other features
together. Here a bill and what was paid for it meet at a place worked out from account and month; rows are read once, in any order, the
next accounts' while the last ones' are worked out, and memory is bounded by two times `BLOCK` accounts. A test holds both ways to the same
numbers.
"""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor

import narwhals as nw
import numpy as np
import pyarrow as pa

from .rows import DUES, month_number, month_start

BLOCK = 200_000  # accounts held at a time
STRIP = 16_384  # accounts worked out at a time, so that they stay in the processor's cache
RECENT = 12
NEVER = -1
EPOCH = dt.date(1970, 1, 1)


def settled(bill_rows, payment_frame, account_frame, as_of, month) -> nw.LazyFrame:
    """account_id and the measures of `dues`; accounts without a bill that has money and due date are left out."""
    oldest = month_start(month_number(month) - DUES + 1)
    owed = bill_rows.filter(nw.col("period") >= oldest, ~nw.col("total_fen").is_null(), ~nw.col("due_on").is_null())
    owed = owed.select("account_id", "period", "total_fen", "due_on")
    paid = payment_frame.filter(nw.col("paid_on") <= as_of, nw.col("period") >= oldest, nw.col("period") <= month)
    paid = paid.select("account_id", "period", "amount_fen", "paid_on")
    accounts = np.sort(account_frame.select("account_id").collect("pyarrow")["account_id"].to_numpy())
    parts = list(_blocks(owed, paid, accounts, as_of, month))
    measured = pa.concat_tables(parts) if parts else _measures(np.empty(0, np.int64), _Ledger(0), as_of)
    return nw.from_native(measured).lazy()


class _Ledger:
    """Accounts x `DUES` months, newest first: fen billed and paid, the due day and the last payment's day since 1970."""

    def __init__(self, many):
        self.total, self.paid = np.zeros((many, DUES)), np.zeros((many, DUES))
        self.due, self.last = (np.full((many, DUES), NEVER, np.int32) for _ in range(2))


def _blocks(owed, paid, accounts, as_of, month):
    with ThreadPoolExecutor(1) as beside:
        before = None
        for start in range(0, len(accounts), BLOCK):
            block = accounts[start : start + BLOCK]
            read = [_of(frame, block) for frame in (owed, paid)]
            if before:
                yield before.result()
            before = beside.submit(_block, *read, block, as_of, month)
        if before:
            yield before.result()


def _of(frame, accounts) -> pa.Table:
    return frame.filter(nw.col("account_id") >= int(accounts[0]), nw.col("account_id") <= int(accounts[-1])).collect("pyarrow").to_native()


def _block(owed, paid, accounts, as_of, month):
    ledger = _Ledger(len(accounts))
    total, paid_fen, due, last = (it.reshape(-1) for it in (ledger.total, ledger.paid, ledger.due, ledger.last))
    for place, fen, day in _placed(owed, "total_fen", "due_on", accounts, month):
        total[place], due[place] = fen, day
    for place, fen, day in _placed(paid, "amount_fen", "paid_on", accounts, month):
        np.add.at(paid_fen, place, fen)
        np.maximum.at(last, place, day)
    strips = range(0, len(accounts), STRIP)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # numpy lets go of the interpreter while it works
        return pa.concat_tables(pool.map(lambda start: _measures(accounts[start : start + STRIP], _strip(ledger, start), as_of), strips))


def _strip(ledger, start):
    part = _Ledger(0)
    for name in ("total", "paid", "due", "last"):
        setattr(part, name, getattr(ledger, name)[start : start + STRIP])
    return part


def _placed(table, money, day, accounts, month):
    """(place in the matrix, fen, day) of the rows, a batch at a time."""
    oldest = month_start(month_number(month) - DUES + 1)
    ago = np.zeros((month_start(month_number(month) + 1) - oldest).days, np.int64)
    for months in range(DUES):
        ago[(month_start(month_number(month) - months) - oldest).days] = months
    dense = int(accounts[-1] - accounts[0]) + 1 == len(accounts)
    for batch in table.to_batches(122_880):
        account = batch["account_id"].to_numpy()
        row = account - accounts[0] if dense else np.searchsorted(accounts, account)
        place = row * DUES + ago[batch["period"].cast(pa.int32()).to_numpy() - (oldest - EPOCH).days]
        values, days = batch[money].cast(pa.float64()).to_numpy(), batch[day].cast(pa.int32()).to_numpy()
        if not dense:
            known = accounts[np.minimum(row, len(accounts) - 1)] == account
            place, values, days = place[known], values[known], days[known]
        yield place, values, days


def _measures(accounts, held, as_of):
    today, new_year = (as_of - EPOCH).days, (dt.date(as_of.year, 1, 1) - EPOCH).days
    owed, whole, past_due = held.due != NEVER, held.total <= held.paid, held.due < today
    # A bill paid in parts is settled on the day of its last part; one still open is as late as today.
    done_on = np.where(whole & (held.last != NEVER), held.last, today)
    judged = owed & (whole | past_due)
    days = np.where(judged, np.maximum(done_on - held.due, 0), 0)
    open_ = owed & past_due & ~whole
    unpaid = np.where(open_, held.total - held.paid, 0.0)
    this_year = held.due >= new_year
    recent = days[:, :RECENT]
    late = (recent > 0).sum(axis=1)
    some, debt = late > 0, open_.any(axis=1)
    columns = {
        "account_id": pa.array(accounts),
        "dues_seen": pa.array(owed.sum(axis=1)),
        "dues_12m": pa.array(judged[:, :RECENT].sum(axis=1)),
        "late_12m": pa.array(late),
        "late_days_mean": pa.array(recent.sum(axis=1) / np.maximum(late, 1), mask=~some),
        "late_days_max": pa.array(recent.max(axis=1, initial=0).astype(float), mask=~some),
        "unpaid_sum": pa.array(unpaid.sum(axis=1)),
        "unpaid_days": pa.array(np.where(open_, days, 0).max(axis=1, initial=0).astype(float), mask=~debt),
        "unpaid_this_year": pa.array((open_ & this_year).sum(axis=1)),
        "unpaid_old": pa.array(np.where(this_year, 0.0, unpaid).sum(axis=1)),
    }
    return pa.table(columns).filter(pa.array(owed.any(axis=1)))

"""Small facts for the engine's tests: dicts in, arrow tables out. No database."""

import calendar
import datetime as dt

import duckdb
import pyarrow as pa

from segmentation.engine.features import compute
from segmentation.engine.judge import judge

AS_OF = dt.date(2026, 10, 31)
LAST_MONTH = dt.date(2026, 10, 1)
KINDS = {
    "bills": {
        "account_id": pa.int64(), "period": pa.date32(), "kwh": pa.float64(), "issued_on": pa.date32(), "due_on": pa.date32(),
        "total_fen": pa.int64(),
    },
    "payments": {"account_id": pa.int64(), "paid_on": pa.date32(), "amount_fen": pa.int64(), "period": pa.date32()},
    "tickets": {"account_id": pa.int64(), "kind": pa.string(), "opened_at": pa.timestamp("us"), "closed_at": pa.timestamp("us")},
}  # fmt: skip


def table(rows, kinds=None):
    names = list(dict.fromkeys([*(kinds or {}), *(name for row in rows for name in row)]))
    return pa.table({name: pa.array([row.get(name) for row in rows], (kinds or {}).get(name)) for name in names})


def month_back(start, back):
    number = start.year * 12 + start.month - 1 - back
    return dt.date(number // 12, number % 12 + 1, 1)


def month_end(start):
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def bills(account_id, monthly, last=LAST_MONTH, fen=None, due_days=None):
    """One bill a month, oldest first, the last in `last`; issued on the month's last day, due `due_days` later. None: no bill."""
    rows = []
    for back, kwh in enumerate(reversed(monthly)):
        if kwh is None:
            continue
        period = month_back(last, back)
        issued = month_end(period)
        due = issued + dt.timedelta(days=due_days) if due_days is not None else None
        rows.append({"account_id": account_id, "period": period, "kwh": float(kwh), "issued_on": issued, "due_on": due, "total_fen": fen})
    return rows[::-1]


def paid(bill_rows, days_late=0, until=None):
    """A whole payment for every bill, `days_late` after its due date, none after `until`."""
    rows = [
        {
            "account_id": it["account_id"],
            "paid_on": it["due_on"] + dt.timedelta(days=days_late),
            "amount_fen": it["total_fen"],
            "period": it["period"],
        }
        for it in bill_rows
    ]
    return [it for it in rows if until is None or it["paid_on"] <= until]


def tables(accounts, bill_rows, **others):
    """Tables as pyarrow: lists of dicts by name."""
    accounts = [{"account_id": it} if isinstance(it, int) else it for it in accounts]
    given = {"accounts": table(accounts, {"account_id": pa.int64()}), "bills": table(bill_rows, KINDS["bills"])}
    return given | {name: table(rows, KINDS.get(name)) for name, rows in others.items()}


def on_duckdb(given):
    connection = duckdb.connect()
    return {name: connection.from_arrow(it) for name, it in given.items()}


def features(given, as_of=AS_OF):
    """Features by account, worked out on DuckDB."""
    frame = compute(on_duckdb(given), as_of).collect("pyarrow").to_native()
    return {row["account_id"]: row for row in frame.to_pylist()}


def judged(given, as_of=AS_OF, **more):
    """Standing by account."""
    return {row["account_id"]: row for row in judge(on_duckdb(given), as_of=as_of, **more).to_pylist()}

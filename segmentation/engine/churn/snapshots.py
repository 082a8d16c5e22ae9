"""Features as they stood on a day, with what became known of the account within the horizon after it.

Facts without a date of their own cannot be turned back and are not learned from: see `UNDATED`.
"""

import datetime as dt
from collections.abc import Mapping

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..features import FEATURES, compute
from ..policy import WarningPolicy
from ..tables import native
from ..warning import warn
from .labels import events, label
from .outcomes import OUTCOMES

UNDATED = ("reopened_12m", "entitled")  # a counter without dates; a grant that may be taken back to its first day
# Money and energy of a whole year say the size once more, and their size drifts with prices: ratios carry what matters.
EXTRA = ("category", "market_status", "contract_kva")
COLUMNS = tuple(it.name for it in FEATURES if it.name not in UNDATED) + EXTRA
KEPT = ("account_id", "unit_code")
TYPES = {"contract_kva": pa.float64(), "status": pa.string(), "market_status": pa.string(), "contract_ends_on": pa.date32()}
RULES = "rules_score"


def columns_to_learn(table: pa.Table) -> pa.Table:
    """The columns a model may learn from, in their order, numbers as float64."""
    have = [name for name in COLUMNS if name in table.column_names]
    return pa.table({name: _plain(table[name]) for name in have})


def _plain(column):
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return column if pa.types.is_string(column.type) else column.cast(pa.float64())


def as_known(accounts: pa.Table, changes: pa.Table | None, on: dt.date) -> pa.Table:
    """Accounts as they were on the day: what changed later is turned back, who closed later is open."""
    day = pa.scalar(on, pa.date32())
    later = pc.fill_null(pc.greater(accounts["closed_on"], day), False)
    accounts = _put(accounts, "closed_on", pc.if_else(later, pa.scalar(None, pa.date32()), accounts["closed_on"]))
    if "status" in accounts.column_names:
        accounts = _put(accounts, "status", pc.if_else(later, "active", accounts["status"]))
    if changes is None or not len(changes):
        return accounts
    after = changes.filter(pc.greater(changes["happened_on"], day)).sort_by(
        [("field", "ascending"), ("account_id", "ascending"), ("happened_on", "ascending")]
    )
    for field in pc.unique(after["field"]).to_pylist():
        if field in accounts.column_names:
            accounts = _turn_back(accounts, after.filter(pc.equal(after["field"], field)), field)
    return accounts


def _turn_back(accounts, after, field):
    ids = after["account_id"].to_numpy()
    first = np.unique(ids, return_index=True)[1]
    at = pc.index_in(accounts["account_id"].combine_chunks(), value_set=pa.array(ids[first]))
    old = after["old"].combine_chunks().take(pa.array(first))
    old = pc.if_else(pc.equal(old, ""), pa.scalar(None, pa.string()), old).cast(TYPES.get(field, pa.bool_()))
    return _put(accounts, field, pc.if_else(at.is_valid(), old.take(at), accounts[field].combine_chunks().cast(old.type)))


def _put(table, name, column):
    return table.set_column(table.column_names.index(name), name, column)


def cut(tables: Mapping, on: dt.date) -> dict:
    """Only what stood written on the day: for asking whether a snapshot rests on anything later."""
    tonight = dt.datetime.combine(on + dt.timedelta(days=1), dt.time())
    seen = {
        "bills": nw.col("issued_on") <= on, "payments": nw.col("paid_on") <= on, "tickets": nw.col("opened_at") < tonight,
        "engagement": nw.col("happened_on") <= on, "entitlements": nw.col("starts_on") <= on,
    }  # fmt: skip
    out = dict(tables)
    for name, when in seen.items():
        if tables.get(name) is not None:
            out[name] = nw.from_native(native(tables[name])).lazy().filter(when)
    if "tickets" in out:
        later = {name: nw.when(nw.col(name) < tonight).then(nw.col(name)).alias(name) for name in ("answered_at", "closed_at")}
        out["tickets"] = out["tickets"].with_columns(
            satisfaction=nw.when(nw.col("closed_at") < tonight).then(nw.col("satisfaction")), **later
        )
    return {name: frame.to_native() if isinstance(frame, nw.LazyFrame) else frame for name, frame in out.items()}


def snapshot(
    tables: Mapping,
    on: dt.date,
    *,
    accounts: pa.Table,
    changes=None,
    policy: WarningPolicy | None = None,
    place=lambda table: table,
    of=None,
) -> pa.Table:
    """One row per account open on the day: what was known of it, and `rules_score` as the rule-based warning would have said.

    `place` puts an Arrow table where the other tables live (`session.from_arrow`). `of`: a range of accounts only.
    """
    known = dict(tables) | {"accounts": place(as_known(accounts, changes, on))}
    known.pop("changes", None)
    measured = compute(known, on, accounts=of).collect("pyarrow").to_native().sort_by("account_id")
    measured = measured.filter(pc.invert(measured["is_closed"])).combine_chunks()
    connection = duckdb.connect()
    warned = warn(nw.from_native(connection.from_arrow(measured)), policy or WarningPolicy()).select("account_id", "risk_score")
    warned = warned.collect("pyarrow").to_native().sort_by("account_id")
    names = [*KEPT, *[name for name in COLUMNS if name in measured.column_names]]
    return measured.select(names).append_column(RULES, pc.fill_null(warned["risk_score"].cast(pa.float64()), 0.0))


def happened(tables: Mapping, accounts: pa.Table, changes, until: dt.date) -> pa.Table:
    """`labels.events` over the tables, wherever they live."""
    bills = nw.from_native(native(tables["bills"])).lazy().select("account_id", "period", "kwh", "issued_on").collect("pyarrow").to_native()
    return events(accounts, bills, changes, until=until)


def labelled(table: pa.Table, found: pa.Table, on: dt.date, horizon_days: int) -> pa.Table:
    """The snapshot with `on`, `outcome` (index into OUTCOMES, -1: stayed) and `before_<outcome>` flags."""
    met, before = label(found, table["account_id"].to_numpy(), on, horizon_days)
    table = table.append_column("on", pa.repeat(pa.scalar(on, pa.date32()), len(table))).append_column("outcome", pa.array(met, pa.int8()))
    for place, outcome in enumerate(OUTCOMES):
        table = table.append_column(f"before_{outcome}", pa.array(before[:, place]))
    return table


def month_ends(until: dt.date, months: int, horizon_days: int) -> list[dt.date]:
    """Snapshot days, oldest first: the last `months` month ends whose horizon is over by `until`."""
    newest = until - dt.timedelta(days=int(horizon_days))
    day, days = (newest + dt.timedelta(days=1)).replace(day=1) - dt.timedelta(days=1), []
    while len(days) < months:
        days.append(day)
        day = day.replace(day=1) - dt.timedelta(days=1)
    return days[::-1]

"""The tables the engine reads: the contract with the lake, which writes exactly these columns.

Units stand in the names: `_fen` is money in integer fen (100 fen = 1 yuan), `_kwh` energy, `_kw` power, `_kva` capacity. A null is
"not known" and stays so: nobody fills money, a demand or a date that no file or person gave. Dates are calendar dates, timestamps are
without zone in the utility's local time. One bill row per account and period; `period` is the first day of the month.

Files should be sorted by account_id, then period: one pass over sorted rows is twice as fast and needs less memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

CATEGORIES = ("large_industrial", "general_commercial", "residential", "agricultural", "ev_charging", "other")
MARKET_STATUSES = ("regulated", "agency", "retailer", "wholesale")

INTEGER, NUMBER, TEXT, DAY, MOMENT, FLAG = nw.Int64(), nw.Float64(), nw.String(), nw.Date(), nw.Datetime("us"), nw.Boolean()


class MissingTable(KeyError):
    """A table without which nothing can be judged was not given."""

    def __str__(self):
        return f"The engine needs the table {self.args[0]!r}; it was not given."


class MissingColumn(KeyError):
    """A table lacks a column without which its rows cannot be read."""

    def __str__(self):
        table, column, have = self.args
        return f"Table {table!r} lacks the column {column!r}; it has {', '.join(have) or 'no columns'}."


@dataclass(frozen=True)
class Column:
    """name, dtype, unit; `needed`: the table cannot be read without it, any other absent column is read as all null."""

    name: str
    dtype: object
    unit: str = ""
    needed: bool = False


def _columns(dtype, names, unit="", needed=False):
    return tuple(Column(name, dtype, unit, needed) for name in names.split())


ACCOUNTS = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(TEXT, "number category unit_code market_status important_grade status"),
    *_columns(NUMBER, "voltage_kv", "kV"),
    *_columns(NUMBER, "contract_kva", "kVA"),
    *_columns(DAY, "opened_on closed_on contract_ends_on"),
    *_columns(FLAG, "has_pv has_storage has_captive_plant has_gas prepaid"),
    # The three below are optional facts that force a credit grade; a utility that does not record them leaves them out.
    *_columns(DAY, "theft_on"),
    *_columns(FLAG, "hazard_open debt_plan_signed"),
)
BILLS = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(DAY, "period", needed=True),
    *_columns(NUMBER, "kwh", "kWh", needed=True),
    *_columns(NUMBER, "sharp_kwh peak_kwh flat_kwh valley_kwh deep_valley_kwh", "kWh"),
    *_columns(NUMBER, "max_demand_kw", "kW"),
    *_columns(NUMBER, "kvarh", "kvarh"),
    *_columns(NUMBER, "power_factor", "share"),
    *_columns(INTEGER, "basic_fen energy_fen adjustment_fen funds_fen total_fen", "fen"),
    *_columns(DAY, "issued_on", needed=True),
    *_columns(DAY, "due_on"),
    *_columns(INTEGER, "days_in_period", "days"),
)
PAYMENTS = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(DAY, "paid_on", needed=True),
    *_columns(INTEGER, "amount_fen", "fen", needed=True),
    *_columns(DAY, "period"),
    *_columns(TEXT, "channel"),
)
TICKETS = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(TEXT, "kind", needed=True),
    *_columns(TEXT, "category severity"),
    *_columns(MOMENT, "opened_at", needed=True),
    *_columns(MOMENT, "answered_at closed_at"),
    *_columns(INTEGER, "reopened satisfaction"),
)
ENGAGEMENT = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(TEXT, "kind", needed=True),
    *_columns(DAY, "happened_on", needed=True),
)
ENTITLEMENTS = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(DAY, "starts_on", needed=True),
    *_columns(DAY, "ends_on"),
)
# What accounts were until a day: `field` is a column of `accounts`, `old` and `new` its values as text, empty where not known.
CHANGES = (
    *_columns(INTEGER, "account_id", needed=True),
    *_columns(TEXT, "field", needed=True),
    *_columns(TEXT, "old new"),
    *_columns(DAY, "happened_on", needed=True),
)
TABLES = {
    "accounts": ACCOUNTS,
    "bills": BILLS,
    "payments": PAYMENTS,
    "tickets": TICKETS,
    "engagement": ENGAGEMENT,
    "entitlements": ENTITLEMENTS,
    "changes": CHANGES,
}
NEEDED = ("accounts", "bills")


def native(frame):
    """A pandas frame becomes a pyarrow table (its dates are objects, its integers lose nulls); anything else stays where it lives."""
    if type(frame).__module__.startswith("pandas"):
        import pyarrow as pa

        return pa.Table.from_pandas(frame, preserve_index=False)
    return frame


def conform(tables: Mapping) -> dict[str, nw.LazyFrame]:
    """Tables as lazy frames with exactly the contract's columns and types; optional tables that are absent stay absent.

    Raises `MissingTable`, `MissingColumn`.
    """
    for name in NEEDED:
        if tables.get(name) is None:
            raise MissingTable(name)
    return {name: _conform(name, tables[name]) for name in TABLES if tables.get(name) is not None}


def _conform(name, frame):
    lazy = nw.from_native(native(frame)).lazy()
    schema = lazy.collect_schema()
    for column in TABLES[name]:
        if column.needed and column.name not in schema:
            raise MissingColumn(name, column.name, sorted(schema))
    return lazy.select(_read(column, schema) for column in TABLES[name])


def _read(column, schema):
    if column.name not in schema:
        return nw.lit(None).cast(column.dtype).alias(column.name)
    if schema[column.name] == column.dtype:
        return nw.col(column.name)
    return nw.col(column.name).cast(column.dtype)

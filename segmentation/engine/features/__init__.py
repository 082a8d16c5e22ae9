"""Features of every account as of a date. `FEATURES` lists them once; pages, documents and the API read the list."""

import datetime as dt
from collections.abc import Mapping

import narwhals as nw

from segmentation.engine.tables import conform

from . import bands, ledger, money, payment, relation, rows, service, structure, use
from .aligning import beside, lives_in_duckdb
from .feature import LANGUAGES, YEARS, Feature, Measure, within

TOPICS = (use, bands, money, payment, service, relation, structure)
FEATURES: tuple[Feature, ...] = tuple(feature for topic in TOPICS for feature in topic.FEATURES)
CARRIED = (
    *("account_id", "category", "unit_code", "voltage_kv", "market_status", "important_grade", "contract_kva", "prepaid", "opened_on"),
    *("theft_on", "hazard_open", "debt_plan_signed"),
)
HELPERS = ("is_closed", "first_ago", "months_known", *(f"kwh_m{ago}" for ago in range(use.MONTHS)), "known_24_35", "kwh_24_35")

__all__ = ["FEATURES", "Feature", "compute", "describe"]


def describe(language: str) -> list[dict]:
    """What every feature is, in one language: name, unit, meaning, needs."""
    if language not in LANGUAGES:
        raise ValueError(f"No feature is described in {language!r}; there are {', '.join(LANGUAGES)}.")
    return [{"name": it.name, "unit": it.unit, "meaning": it.meaning[language], "needs": list(it.needs)} for it in FEATURES]


def compute(tables: Mapping, as_of: dt.date, *, accounts: tuple[int, int] | None = None) -> nw.LazyFrame:
    """One lazy row per account that existed on as_of: `CARRIED` columns, `FEATURES`, `HELPERS` (monthly kWh, newest first) and `month`.

    Only bills issued, payments made, tickets opened, contacts held on or before as_of are looked at. A feature whose table is absent is
    null. `accounts`: only those from the first to the last of these ids, for more accounts than memory holds; files sorted by account are
    then read in part. Raises `tables.MissingTable`, `tables.MissingColumn`.
    """
    frames = conform(tables)
    if "payments" in frames and _is_empty(frames["payments"], as_of):
        del frames["payments"]  # Bills without a single payment are a file not imported yet, not a city in arrears.
    month = rows.latest_month(frames["bills"], as_of)
    if accounts:
        frames = {name: rows.of_accounts(frame, accounts) for name, frame in frames.items()}
    wide = rows.accounts(frames["accounts"], as_of)
    wide = beside(wide, _measured(frames, as_of, month))
    for step in use.BASIS:
        wide = wide.with_columns(**step)
    have = set(frames)
    return wide.select(nw.lit(month).cast(nw.Date).alias("month"), *CARRIED, *HELPERS, *[_column(feature, have) for feature in FEATURES])


def _is_empty(payments, as_of):
    return payments.filter(nw.col("paid_on") <= as_of).select("account_id").head(1).collect().is_empty()


def _measured(frames, as_of, month):
    """A frame a table and a year of bills: account_id and its measures."""
    bills, payments = rows.bills(frames["bills"], as_of, month), frames.get("payments")
    placed = lives_in_duckdb(bills)
    if placed:
        yield ledger.measured(bills, payments, frames["accounts"], as_of, month)
    for year in YEARS:
        held = [it for it in _measures("bills") if within(it.months, year) and not (placed and it.name in ledger.MEASURED)]
        if held:
            yield _counted(
                rows.of_months(bills, year, month), held, {it.name: rows.only_months(it.of, it.months, year, month) for it in held}
            )
    if payments is not None and not placed:
        yield _counted(rows.dues(bills, payments, as_of, month), _measures("dues"))
    if payments is not None:
        yield _counted(rows.unallocated(payments, as_of), _measures("unallocated"))
    for name in ("payments", "tickets", "engagement", "entitlements"):
        if name in frames:
            yield _counted(getattr(rows, name)(frames[name], as_of), _measures(name))


def _measures(name) -> list[Measure]:
    return [measure for topic in TOPICS for measure in topic.MEASURES.get(name, ())]


def _counted(prepared, measures, masks=None):
    masked = prepared.select("account_id", *[(masks or {}).get(it.name, it.of).alias(it.name) for it in measures])
    return masked.group_by("account_id").agg(*[getattr(nw.col(it.name), it.how)().alias(it.name) for it in measures])


def _column(feature, have):
    dtype = feature.dtype or nw.Float64()
    if not have.issuperset(feature.needs):
        return nw.lit(None).cast(dtype).alias(feature.name)
    if dtype == nw.Int64():
        return feature.expr.cast(nw.Float64).round(0).cast(dtype).alias(feature.name)
    return feature.expr.cast(dtype).alias(feature.name)

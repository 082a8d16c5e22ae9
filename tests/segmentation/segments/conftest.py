import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from segmentation.engine.features import FEATURES
from segmentation.engine.judge import OUTPUT
from segmentation.lake.session import lake, open_session
from segmentation.segments import services

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
INTEGERS = {feature.name for feature in FEATURES if str(feature.dtype or "").startswith("Int")}
FLAGS = {feature.name for feature in FEATURES if feature.unit == "flag"}
FACTS = pa.schema(
    [("account_id", pa.int64()), ("category", pa.string()), ("unit_code", pa.string()), ("market_status", pa.string())]
    + [("important_grade", pa.string()), ("status", pa.string()), ("voltage_kv", pa.float64()), ("contract_kva", pa.float64())]
    + [(name, pa.bool_()) for name in ("has_pv", "has_storage", "has_captive_plant", "has_gas", "prepaid", "hazard_open")]
)


def _feature_type(name):
    return pa.bool_() if name in FLAGS else pa.int64() if name in INTEGERS else pa.float64()


FEATURE_SCHEMA = pa.schema([("account_id", pa.int64()), *((feature.name, _feature_type(feature.name)) for feature in FEATURES)])


def fact(account) -> dict:
    """What the lake says of an account of PostgreSQL."""
    return {
        "account_id": account.pk, "category": account.category, "unit_code": account.unit.code, "market_status": account.market_status,
        "important_grade": account.important_grade, "status": account.status, "prepaid": account.billing_mode == "prepaid",
        "voltage_kv": float(Decimal(account.voltage_kv)), "contract_kva": float(Decimal(account.contract_kva)),
        "has_pv": bool(account.pv_kw), "has_storage": bool(account.storage_kwh), "has_captive_plant": account.has_captive_plant,
        "has_gas": account.has_gas, "hazard_open": account.hazard_open,
    }  # fmt: skip


UNSCORED = {"tier": "unscored", "quadrant": "unscored", "credit_grade": "unrated", "risk_band": "unknown", "usage_state": "unknown"}


GOLD = {"field": "tier", "is": "in", "value": ["gold"]}


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


@pytest.fixture
def judge(run):
    """`judge({account: {"tier": "gold", "growth": 0.2}})` leaves the figures of the run in force in the lake, as a run does."""

    def write(figures, run=run):
        figures = {account: UNSCORED | values for account, values in figures.items()}
        where = lake()
        with open_session(of=where) as session:
            for kind, schema in (("scores", OUTPUT), ("features", FEATURE_SCHEMA)):
                rows = [
                    {"account_id": account.pk, **{k: v for k, v in values.items() if k in schema.names}}
                    for account, values in figures.items()
                ]
                where.write_table(session, _table(rows, schema), where.of_run(kind, run.pk))
            where.write_table(session, _table([fact(account) for account in figures], FACTS), where.whole("accounts"))

    return write


def _table(rows, schema):
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


@pytest.fixture
def accounts(make_account, stand, judge, west):
    """Two gold accounts in Anna's sight (one growing), a silver one, and a gold one of another branch."""
    growing, steady, silver = make_account(), make_account(), make_account(category="residential")
    foreign = make_account(unit=west, manager=None)
    figures = {
        growing: {"tier": "gold", "growth": 0.31, "revenue_12m_fen": 500_00}, steady: {"tier": "gold", "growth": 0.2, "revenue_12m_fen": 300_00},
        silver: {"tier": "silver", "growth": None}, foreign: {"tier": "gold", "growth": 0.5, "revenue_12m_fen": 100_00},
    }  # fmt: skip
    for account, values in figures.items():
        stand(account, tier=values["tier"])
    judge(figures)
    return growing, steady, silver, foreign


@pytest.fixture
def save(analyst):
    def make(rule=GOLD, name="Gold", by=analyst, kind="living", shared=True):
        return services.create(name=name, rule=rule, kind=kind, shared=shared, by=by, at=NOW)

    return make

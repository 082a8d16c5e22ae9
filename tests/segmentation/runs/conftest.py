import datetime as dt
import json
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from segmentation.lake.session import dsn
from segmentation.runs import services
from tests.segmentation.billed import bill_accounts

OCTOBER, NOVEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    settings.VAR_DIR = tmp_path


@pytest.fixture
def billed(transactional_db, east):
    """300 accounts of station East with 30 months of bills, every tenth stopped in July."""
    bill_accounts(accounts=300, months=30, unit_id=east.pk)


@pytest.fixture
def recomputed():
    """`recomputed(as_of)` judges and publishes in this process."""

    def run(as_of=NOVEMBER):
        return services.recompute_here(as_of=as_of, by=None, clock=timezone.now)

    return run


def standings() -> dict:
    """Every standing as PostgreSQL has it, by account, with the mark of the transaction that wrote the row."""
    with connection.cursor() as db:
        db.execute("select account_id, xmin::text, to_jsonb(s) - 'run_id' from segmentation_standing s order by 1")
        return {account: (mark, json.loads(row) if isinstance(row, str) else row) for account, mark, row in db.fetchall()}


@contextmanager
def holding(statement):
    """Another connection that has executed the statement and stays in its transaction."""
    other = psycopg2.connect(dsn())
    try:
        if statement:
            other.cursor().execute(statement)
        yield
    finally:
        other.close()

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crm.demo import services
from crm.demo.plan import Plan

NOW = dt.datetime(2026, 11, 22, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Sunday


def a_plan(**more):
    return Plan(**({"accounts": 1200, "months": 18, "seed": 7, "until": dt.date(2026, 10, 1), "now": NOW} | more))


@pytest.fixture(scope="module")
def utility(django_db_setup, django_db_blocker):
    """One synthetic utility for all tests of a module that only read; taken back at the end."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        undo = transaction.atomic()
        undo.__enter__()
        yield services.create(plan=a_plan())
        connection.set_rollback(True)
        undo.__exit__(None, None, None)


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True

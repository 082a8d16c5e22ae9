"""The house stands: it migrates, uses the driver we chose, and rights begin at `visible_to`."""

import pytest
from django.db import connection

from crm.accounts.models import Account


def test_the_database_driver_is_psycopg2_because_psycopg_3_beside_it_would_win_silently(db):
    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")


@pytest.mark.parametrize(
    ("who", "sees"),
    [("manager", 2), ("colleague", 2), ("stranger", 1), ("supervisor", 2), ("agent", 3), ("analyst", 3), ("administrator", 3)],
)
def test_an_account_is_visible_by_unit_and_role(request, make_account, west, who, sees):
    make_account()
    make_account(manager=None)
    make_account(unit=west, manager=None)
    assert Account.objects.visible_to(request.getfixturevalue(who)).count() == sees

import datetime as dt

import numpy as np
import pytest

from crm.accounts.models import Account
from crm.billing.models import Bill
from crm.customers.models import Customer
from crm.demo import services, shapes
from crm.demo.plan import last_billed_month
from crm.people.models import Unit, User
from tests.crm.demo.conftest import a_plan


def made(seed):
    """What a utility is, without its database keys; the rows are taken away again."""
    services.create(plan=a_plan(accounts=150, months=3, seed=seed))
    accounts = list(Account.objects.order_by("number").values_list("number", "category", "contract_kva", "customer__name", "opened_on"))
    bills = list(Bill.objects.order_by("account__number", "period").values_list("account__number", "period", "kwh", "total"))
    return accounts, bills


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_utility_and_another_seed_another():
    from django.db import transaction

    utilities = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            utilities.append(made(seed))
            transaction.set_rollback(True)
    assert utilities[0] == utilities[1]
    assert utilities[0][1] != utilities[2][1]
    assert not Customer.objects.exists() and not Unit.objects.exists() and not User.objects.exists()


def test_band_shares_of_every_month_are_whole():
    assert np.allclose(shapes.band_shares().sum(axis=2), 1)


def test_bands_follow_the_published_hours():
    assert [shapes.band_of_hour(5, hour) for hour in (3, 8, 11, 16, 19, 22, 23)] == [3, 2, 1, 2, 1, 2, 3]
    assert [shapes.band_of_hour(8, hour) for hour in (11, 12, 13, 16)] == [0, 0, 1, 0]


def test_a_month_is_billed_once_its_bills_are_out():
    assert last_billed_month(dt.date(2026, 1, 31)) == dt.date(2025, 12, 1)
    assert last_billed_month(dt.date(2026, 11, 3)) == dt.date(2026, 10, 1)
    assert last_billed_month(dt.date(2026, 11, 2)) == dt.date(2026, 9, 1)  # October's are issued tomorrow

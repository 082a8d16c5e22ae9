import threading

import numpy as np
import pytest
from django.db import connection, transaction

from crm.billing.models import Payment
from crm.demo.ahead import ahead
from crm.demo.loading import FreshTables, Keys, copy_in, keys_set_aside


def test_items_come_in_order_and_are_made_beside_the_reader():
    makers = set()

    def items():
        for n in range(20):
            makers.add(threading.current_thread().name)
            yield n

    assert list(ahead(items())) == list(range(20))
    assert makers == {"ahead"}


def test_a_failure_of_the_maker_reaches_the_reader():
    def items():
        yield 1
        raise ValueError("no more paper")

    got = ahead(items())
    assert next(got) == 1
    with pytest.raises(ValueError, match="paper"):
        next(got)


def test_a_reader_that_stops_ends_the_maker():
    made = []

    def items():
        for n in range(10**9):
            made.append(n)
            yield n

    got = ahead(items())
    assert next(got) == 0
    got.close()
    assert len(made) < 10
    assert "ahead" not in {thread.name for thread in threading.enumerate()}


def payments(account, receipts):
    rows = len(receipts)
    return {
        "id": Keys(Payment).take(rows), "account": np.full(rows, account.pk), "receipt": receipts,
        "paid_on": np.full(rows, np.datetime64("2026-10-01")), "amount": np.ones(rows), "channel": ["bank"] * rows,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_double_key_is_found_when_the_keys_come_back(account):
    with pytest.raises(Exception, match="receipt"), transaction.atomic(), keys_set_aside(Payment):
        copy_in(Payment, payments(account, ["A", "A"]))
    assert not Payment.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_constraint where conrelid = 'crm_payment'::regclass and contype in ('p', 'u', 'f')")
        assert cursor.fetchone() == (3,)


@pytest.mark.django_db
def test_rows_that_are_there_are_never_emptied_away(account):
    copy_in(Payment, payments(account, ["A"]))
    assert not FreshTables(Payment).table().freeze
    assert Payment.objects.get().receipt == "A"

"""Readings in object storage: any host that knows the address reads what another wrote."""

import pytest

from tests.segmentation.lake.test_object_storage import bucket, names

from .conftest import lines

__all__ = ["bucket"]
pytestmark = pytest.mark.django_db


def test_readings_lie_in_object_storage_and_are_read_from_there(bucket, account, send, day_of_account):
    send(lines(account.number))
    send(lines(account.number, kwh=lambda slot: 5, slots=range(2)))
    assert len([name for name in names(bucket) if "/readings/month=2026-11/" in name]) == 2
    assert day_of_account("2026-11-02")[:3] == [5000, 5000, 1020]

"""Moments and tickets that tests speak of."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.service_levels.models import ServiceLevel
from crm.tickets import services


def moment(text):
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def monday():
    return moment("2026-11-23 09:00")


@pytest.fixture
def green():
    return ServiceLevel.objects.get(code="green")


@pytest.fixture
def log(account, agent, monday):
    """`log(...)`: a complaint about outages of Anna's account, taken by Lina on Monday at nine, unless told otherwise."""

    def do(**more):
        told = {"account": account, "category": "outage", "text": "Cold store lost power without notice.", "by": agent, "at": monday}
        return services.log(**(told | more))

    return do

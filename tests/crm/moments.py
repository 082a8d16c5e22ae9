"""Moments and tickets that tests speak of."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.calendar.models import CalendarDay, CalendarYear, WorkingWindow
from crm.calendar.seeds import seed as seed_calendar
from crm.service_levels.models import ClockPolicy, ServiceLevel
from crm.service_levels.seeds import seed as seed_clocks
from crm.tickets import services


def moment(text):
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def _seeded(db):
    """What the migrations seed; a test with real connections may have flushed it."""
    if not ClockPolicy.objects.exists() or not CalendarYear.objects.exists():
        seed_calendar(years=CalendarYear, days=CalendarDay, windows=WorkingWindow)
        seed_clocks(levels=ServiceLevel, policies=ClockPolicy)


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

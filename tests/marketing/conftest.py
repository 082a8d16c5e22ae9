import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from crm.service_levels.models import ServiceLevel
from marketing.green_channel import services
from marketing.green_channel.services import Terms

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def now():
    return dt.datetime.now(SHANGHAI)


@pytest.fixture
def level(db):
    return ServiceLevel.objects.get_or_create(
        code="green", defaults={"name": "绿色通道", "name_en": "Green channel", "services": ["short_clock"]}
    )[0]


@pytest.fixture
def terms(level, now):
    return Terms(
        level=level, services=["short_clock", "dedicated_line"], starts_on=now.date(),
        ends_on=now.date() + dt.timedelta(days=364), reason="Largest foundry of the county",
    )  # fmt: skip


@pytest.fixture
def proposal(account, manager, terms, now):
    return services.propose(account=account, terms=terms, by=manager, at=now)


@pytest.fixture
def count_queries():
    """`with count_queries() as queries:` and then `len(queries)`."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def api():
    """`api(anna)`: a program that signs in as Anna."""

    def as_user(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return as_user

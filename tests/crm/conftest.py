"""How tests of the facts count what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def cost_of(client):
    """`cost_of(url)`: queries of the page itself. What is kept in the cache (the session, the shell's counters) is fetched first and not counted,
    since another test run may empty the cache at any moment."""

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len([query for query in captured if "django_session" not in query["sql"]])

    return count

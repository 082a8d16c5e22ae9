"""How tests of the facts count what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def cost_of(client):
    """`cost_of(url)`: queries of the page itself, without what the cache keeps (the session, the shell's counters).

    The least of three requests counts, since another test run on the same Valkey may empty the cache between two of them.
    """

    def once(url):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len([query for query in captured if "django_session" not in query["sql"]])

    return lambda url: min(once(url) for _ in range(3))

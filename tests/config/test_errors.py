"""A statement that is given up is told, on pages and to programs."""

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from config.errors import RefusalPages, api_exception_handler


@pytest.fixture
def given_up(db):
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = '20ms'")
        with pytest.raises(OperationalError) as caught:
            cursor.execute("select pg_sleep(5)")
    return caught.value


def test_a_page_that_takes_too_long_says_so_and_what_to_do(given_up):
    for path, kind in (("/portfolio/", "text/html"), ("/api/v1/standings/", "application/json")):
        answer = RefusalPages(None).process_exception(RequestFactory().get(path), given_up)
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (503, kind)
        assert "Narrow it" in answer.content.decode()


def test_the_api_says_so_too(given_up):
    assert api_exception_handler(given_up, {}).data["code"] == "too_long"


def test_other_errors_of_the_database_are_not_dressed_up():
    assert RefusalPages(None).process_exception(RequestFactory().get("/"), OperationalError("gone")) is None

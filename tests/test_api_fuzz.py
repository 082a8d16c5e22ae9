"""Anything a program may send, odd or wrong, gets an answer: schemathesis draws it from the description of the API, and none may be an error of ours.

`FUZZ_EXAMPLES=200 pytest tests/test_api_fuzz.py` looks longer than the test run has time for.
"""

import os
from http.cookies import SimpleCookie

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.rights.matrix import API
from tests.rights.world import build, cookies_of

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", 3))
WHO = ["boss", "root", "lina", "ada", "anna"]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True)).get_all_operations()]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        made.cookies = {name: cookies_of(made.people[name]) for name in WHO}
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_whatever_is_sent_the_answer_is_no_error_of_ours(operation, world):
    about = _about(operation)

    @given(case=operation.as_strategy(), who=some.sampled_from(WHO), real=some.sampled_from([True, True, False]))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def send(case, who, real):
        if real and about and case.path_parameters:
            case.path_parameters["id"] = world.key(about, "own")
        ready = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie(world.cookies[who])
        with transaction.atomic():
            answer = client.generic(
                ready.method, ready.path_url, ready.body or b"", content_type=ready.headers.get("Content-Type", ""),
                headers={name: value for name, value in ready.headers.items() if name not in ("Content-Type", "Content-Length", "Cookie")},
            )  # fmt: skip
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{who}: {ready.method} {ready.path_url} {ready.body!r}: {answer.content[:500]!r}"

    send()


def _about(operation):
    """The kind of thing whose key the path takes, as the rights matrix knows it."""
    try:
        name = resolve(operation.path.replace("{id}", "1")).view_name
    except Resolver404:
        return ""
    return API[name.removeprefix("api:")].about if name.removeprefix("api:") in API else ""

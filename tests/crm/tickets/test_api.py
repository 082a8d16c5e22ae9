"""Tickets for programs."""

import uuid

import pytest
import time_machine

from crm.tickets.models import Ticket
from tests.crm.moments import moment

URL = "/api/v1/tickets/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(moment("2026-11-23 10:40"), tick=False):
        yield


def body(for_account, **more):
    return {"account": for_account.pk, "category": "outage", "topic": "notice", "text": "Power lost at 08:20."} | more


def post(client, url, data, **headers):
    return client.post(url, data, content_type="application/json", headers=headers)


def test_a_retry_with_the_same_key_answers_the_ticket_logged_the_first_time(sign_in, agent, account):
    client, key = sign_in(agent), str(uuid.uuid4())
    first = post(client, URL, body(account), **{"Idempotency-Key": key})
    again = post(client, URL, body(account), **{"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Ticket.objects.count() == 1


def test_a_retry_is_answered_even_where_the_account_went_out_of_reach(sign_in, manager, account, west, stranger):
    client, key = sign_in(manager), str(uuid.uuid4())
    first = post(client, URL, body(account), **{"Idempotency-Key": key})
    type(account).objects.filter(pk=account.pk).update(unit=west, manager=stranger)
    again = post(client, URL, body(account), **{"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]


def test_logging_costs_few_statements(sign_in, agent, account, django_assert_max_num_queries):
    client = sign_in(agent)
    post(client, URL, body(account))
    # person, account, savepoint, versions of the clocks, green channel, number, ticket with all that goes with it, release
    with django_assert_max_num_queries(8):
        assert post(client, URL, body(account), **{"Idempotency-Key": str(uuid.uuid4())}).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"category": "weather"}, "category"), ({"text": ""}, "text"), ({"account": None}, "caller_phone"), ({"topic": "metering"}, "topic")],
)
def test_what_is_wrong_is_named(sign_in, agent, account, wrong, field):
    response = post(sign_in(agent), URL, body(account, **wrong))
    assert (response.status_code, list(response.json())) == (400, [field])


def test_a_key_that_is_no_uuid_is_refused(sign_in, agent, account):
    assert post(sign_in(agent), URL, body(account), **{"Idempotency-Key": "abc"}).status_code == 400


def test_a_ticket_is_moved_by_verbs_and_who_comes_second_gets_409(sign_in, manager, log):
    client, url = sign_in(manager), f"{URL}{log().pk}/"
    assert post(client, url + "start/", {}).json()["state"] == "working"
    assert post(client, url + "wait/", {"text": "photo"}).json()["paused_at"]
    assert post(client, url + "resume/", {}).json()["paused_at"] is None
    answered = post(client, url + "answer/", {"text": "done"})
    assert answered.json()["notes"][-1]["moved_to"] == "answered"
    again = post(client, url + "answer/", {"text": "done"})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


@pytest.mark.parametrize(
    ("role", "log_it", "read", "move"),
    [
        ("agent", 201, 200, 200), ("manager", 201, 200, 200), ("supervisor", 201, 200, 200), ("colleague", 201, 200, 403),
        ("stranger", 400, 404, 404), ("analyst", 403, 200, 403), ("administrator", 403, 200, 403),
    ],
)  # fmt: skip
def test_who_may_do_what(role, log_it, read, move, request, client, account, log):
    ticket = log()
    client.force_login(request.getfixturevalue(role))
    found = (
        post(client, URL, body(account)).status_code,
        client.get(f"{URL}{ticket.pk}/").status_code,
        post(client, f"{URL}{ticket.pk}/start/", {}).status_code,
    )
    assert found == (log_it, read, move)


def test_a_ticket_is_assigned_by_the_persons_id(sign_in, manager, colleague, log):
    url = f"{URL}{log().pk}/assign/"
    client = sign_in(manager)
    assert post(client, url, {"to": "nobody"}).status_code == 400
    assert post(client, url, {"to": colleague.pk}).json()["assignee"] == colleague.pk


def test_the_list_takes_the_filters_of_the_page(sign_in, agent, log):
    log()
    log(category="business")
    found = sign_in(agent).get(URL, {"category": "business", "queue": "open"}).json()["results"]
    assert [ticket["category"] for ticket in found] == ["business"]


@pytest.mark.parametrize("rows", [2, 30])
def test_the_list_costs_the_same_at_any_size(rows, sign_in, agent, log, django_assert_max_num_queries):
    for _ in range(rows):
        log()
    client = sign_in(agent)
    client.get(URL)
    with django_assert_max_num_queries(4):  # person, rights (two), tickets
        client.get(URL)

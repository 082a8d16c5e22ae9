"""Valkey is really stopped under a running product: what people and programs log is kept, and taken up when it is back."""

import datetime as dt
import json
import shutil
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache, caches
from django.test import Client, override_settings
from django.urls import reverse
from rest_framework.authtoken.models import Token

from config import cache as forgiving
from config.embedded.valkey import Valkey
from crm.exports.models import Export
from crm.tickets import sweeps
from crm.tickets.models import Ticket
from crm.webhooks.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder():
    path = Path(tempfile.mkdtemp(prefix="greenlane-away-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def valkey(folder, monkeypatch):
    """A Valkey of this test's own, up; cache, sessions and broker are pointed at it."""
    server = Valkey(folder, log=folder / "valkey.log", persistent=False)
    server.start()
    monkeypatch.setattr(forgiving, "ASK_AGAIN_AFTER_SECONDS", 0.05)
    with override_settings(
        CACHES={"default": {"BACKEND": "config.cache.ForgivingCache", "LOCATION": server.url}},
        CELERY_BROKER_URL=server.url,
        REDIS_URL=server.url,
    ):
        _forget_connections()
        before = current_app.conf.broker_url
        _send_to(server.url)
        yield server
        _send_to(before)
    server.stop()
    _forget_connections()


def _send_to(url):
    """Celery keeps its connections; these are the two places."""
    current_app.conf.update(broker_url=url)
    current_app._pool = current_app.amqp._producer_pool = None


def _forget_connections():
    """Django makes a new cache where there is none."""
    if hasattr(caches._connections, "default"):
        del caches._connections.default


def log_form(**more):
    return {"kind": "complaint", "matter": "outage", "severity": "normal", "channel": "phone", "text": "Dark since noon"} | more


def test_a_ticket_logged_on_the_page_and_through_the_api_while_valkey_is_away_is_kept_routed_and_escalated_afterwards(
    valkey, agent, manager, account, client, calendar_for_today
):
    client.force_login(agent)
    assert client.get(reverse("crm:ticket-list")).status_code == 200
    valkey.stop()
    page = client.get(reverse("crm:ticket-new"))
    assert page.status_code == 200
    answer = client.post(reverse("crm:ticket-new"), log_form(account=account.pk, idempotency_key=str(uuid.uuid4())))
    assert answer.status_code == 302
    token = Token.objects.create(user=agent).key
    wanted = {"account": account.pk, "category": "outage", "text": "Through the API"}
    told = Client().post(
        "/api/v1/tickets/", json.dumps(wanted), content_type="application/json",
        headers={"Authorization": f"Token {token}", "Idempotency-Key": str(uuid.uuid4())},
    )  # fmt: skip
    assert told.status_code == 201
    assert list(Ticket.objects.values_list("assignee", flat=True)) == [manager.pk] * 2
    assert Event.objects.filter(kind="ticket.created").count() == 2
    valkey.start()
    late = max(ticket.answer_due_at for ticket in Ticket.objects.all()) + dt.timedelta(minutes=1)
    assert sweeps.mark_breaches(at=late) == 2 and sweeps.mark_breaches(at=late) == 0


def test_people_sign_in_and_out_while_valkey_is_away_and_nobody_who_left_is_let_in_again(valkey, agent, client):
    client.force_login(agent)
    home = reverse("crm:ticket-list")
    assert client.get(home).status_code == 200
    valkey.stop()
    fresh = Client()
    fresh.force_login(agent)
    assert fresh.get(home).status_code == 200
    gone = client.session.session_key
    client.post(reverse("account_logout"))
    valkey.start()
    time.sleep(0.06)
    again = Client()
    again.cookies["sessionid"] = gone
    assert again.get(home).status_code == 302
    assert fresh.get(home).status_code == 200


def test_what_changed_while_the_server_was_cut_off_is_not_read_old_when_it_is_back(valkey):
    """Cut off rather than stopped: the server kept what it knew."""
    cache.set("kept", "old")
    cache.set("left", "old")
    outage = cache._cache.outage
    outage.begin(ConnectionError("cut off"))
    cache.set("kept", "new")
    assert cache.get("kept") == "new" and cache.get("left") is None
    time.sleep(0.06)
    assert cache.get("kept") is None and cache.get("left") == "old"


def test_wrong_passwords_are_still_counted_while_valkey_is_away(valkey, agent, client):
    valkey.stop()
    told = [client.post(reverse("account_login"), {"login": agent.username, "password": "wrong"}).content.decode() for _try in range(7)]
    assert "Too many failed login attempts" in told[-1]


def test_a_bell_that_cannot_be_rung_is_no_error_the_row_waits(valkey, agent, client, django_capture_on_commit_callbacks):
    client.force_login(agent)
    valkey.stop()
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("crm:export-create"), {"what": "portfolio", "format": "csv"})
    assert answer.status_code == 302 and Export.objects.get().state == "waiting"
    assert time.monotonic() - began < 5


def test_the_page_of_jobs_renders_and_says_so(valkey, administrator, client):
    client.force_login(administrator)
    valkey.stop()
    page = client.get(reverse("crm:job-list"))
    assert page.status_code == 200 and "The broker does not answer. Nothing is lost" in page.content.decode()
    assert "No worker answers" in client.get(reverse("crm:job-workers")).content.decode()
    told = client.get("/api/v1/jobs/").json()
    assert told["broker_answers"] is False and told["schedule"]


def test_readiness_names_what_is_missing_and_stays_at_work(valkey, client, db):
    assert client.get("/readyz").json()["missing"] == []
    valkey.stop()
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["missing"] == ["cache"]

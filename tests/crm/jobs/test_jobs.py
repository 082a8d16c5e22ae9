"""What the machinery tells about itself."""

import base64
import datetime as dt
import json
import time

import pytest
from celery import current_app
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from crm.imports.models import ImportBatch
from crm.jobs import clockwork, queues, recording, registry, rules, services, tasks
from crm.jobs.models import TaskFailure

pytestmark = pytest.mark.usefixtures("nobody_at_work")


@pytest.fixture
def broker(settings):
    client = Redis.from_url(settings.CELERY_BROKER_URL)
    client.delete("default", "heavy", "unacked")
    current_app.conf.update(broker_url=settings.CELERY_BROKER_URL)
    yield client
    client.delete("default", "heavy", "unacked")
    client.close()


@pytest.mark.parametrize(
    ("role", "expected"),
    [("manager", 403), ("supervisor", 403), ("agent", 403), ("analyst", 200), ("administrator", 200)],
)
def test_jobs_are_for_analysts_and_administrators(role, expected, request, sign_in, broker):
    client = sign_in(request.getfixturevalue(role))
    assert client.get(reverse("crm:job-list")).status_code == expected
    assert client.get(reverse("crm:job-workers")).status_code == expected


def test_a_task_in_line_is_counted_with_its_age(broker, db):
    from crm.imports import tasks

    before = time.time()
    tasks.load.delay(1)
    tasks.load.delay(2)
    found = {queue.name: queue for queue in queues.queues()[0]}
    assert (found["heavy"].depth, found["default"].depth) == (2, 0)
    assert before <= found["heavy"].oldest_asked_at <= time.time()


def test_a_broker_that_does_not_answer_is_told_not_thrown(sign_in, analyst, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    page = sign_in(analyst).get(reverse("crm:job-list"))
    assert page.status_code == 200 and "The broker does not answer" in page.content.decode()


def test_no_worker_is_told_as_such(sign_in, analyst, broker):
    assert "No worker answers" in sign_in(analyst).get(reverse("crm:job-workers")).content.decode()


@pytest.fixture
def sometimes():
    """A task that works or fails as it is told."""

    @current_app.task(name="tests.jobs.sometimes")
    def sometimes(works, phone=""):
        return phone or 1 / works

    yield sometimes
    current_app.tasks.pop("tests.jobs.sometimes")


def test_a_task_leaves_behind_when_it_worked_and_when_it_failed(db, sometimes):
    sometimes.apply([1])
    past = recording.recalled(["tests.jobs.sometimes"])["tests.jobs.sometimes"]
    assert (timezone.now() - past["worked"].worked_at).total_seconds() < 10 and past["worked"].took_seconds >= 0
    assert past["failed"] is None
    sometimes.apply([0])
    failed = recording.recalled(["tests.jobs.sometimes"])["tests.jobs.sometimes"]["failed"]
    assert failed.error == "ZeroDivisionError: division by zero" and "1 / works" in failed.traceback


def test_the_same_failure_counts_up_and_is_settled_when_the_task_works(db, sometimes):
    for _again in range(3):
        sometimes.apply([0])
    assert [(failure.times, failure.arguments["args"]) for failure in TaskFailure.objects.all()] == [(3, [0])]
    services.note_success(task="tests.jobs.sometimes", arguments={"args": [0], "kwargs": {}}, took_seconds=0, at=timezone.now())
    assert TaskFailure.objects.get().resolved_at is not None
    sometimes.apply([0])
    assert TaskFailure.objects.count() == 2  # a new story


def test_a_failure_does_not_quote_the_rows_it_is_about():
    text = "insert failed on phone 13812345678\nDETAIL:  Key (name)=(欧阳明) already exists."
    assert rules.without_rows(text) == "insert failed on phone …\n…"


def fail(sometimes, agent=None):
    sometimes.apply([0])
    return TaskFailure.objects.get()


def test_a_retry_is_sent_once_however_often_it_is_asked_for(sign_in, administrator, broker, sometimes):
    failure, client = fail(sometimes), sign_in(administrator)
    assert client.post(reverse("crm:job-failure-retry", args=[failure.pk])).status_code == 302
    assert broker.llen("default") == 1
    assert client.post(reverse("crm:job-failure-retry", args=[failure.pk])).status_code == 409
    assert client.post(f"/api/v1/job-failures/{failure.pk}/retry/").status_code == 409
    tasks.sweep()
    assert broker.llen("default") == 1
    message = json.loads(broker.lindex("default", 0))
    assert message["headers"]["task"] == "tests.jobs.sometimes" and json.loads(base64.b64decode(message["body"]))[0] == [0]


def test_a_retry_asked_for_while_the_broker_is_away_is_sent_when_it_is_back(sign_in, administrator, broker, sometimes, settings):
    failure, back = fail(sometimes), settings.CELERY_BROKER_URL
    send_to("redis://127.0.0.1:1/0")
    page = sign_in(administrator).post(reverse("crm:job-failure-retry", args=[failure.pk]), follow=True).content.decode()
    assert "The broker does not answer. The task is sent again as soon as it does." in page and "Waits for the broker" in page
    send_to(back)
    tasks.sweep()
    assert broker.llen("default") == 1


def send_to(url):
    current_app.conf.update(broker_url=url)
    current_app._pool = current_app.amqp._producer_pool = None


def test_an_analyst_reads_failures_and_an_administrator_settles_them(sign_in, analyst, administrator, broker, sometimes):
    failure = fail(sometimes)
    address = reverse("crm:job-failure", args=[failure.pk])
    page = sign_in(analyst).get(address).content.decode()
    assert "ZeroDivisionError" in page and reverse("crm:job-failure-retry", args=[failure.pk]) not in page
    client = sign_in(administrator)
    assert "ZeroDivisionError" in client.get(reverse("crm:job-list")).content.decode()
    assert client.post(reverse("crm:job-failure-put-away", args=[failure.pk])).status_code == 302
    assert "What failed" not in client.get(reverse("crm:job-list")).content.decode()
    assert client.get("/api/v1/job-failures/").json()["results"][0]["resolved_at"]


@pytest.mark.parametrize("size", [1, 12])
def test_the_pages_cost_the_same_at_any_size(size, sign_in, analyst, broker, django_assert_max_num_queries):
    for number in range(size):
        services.note_failure(task=f"t{number}", arguments={"args": [], "kwargs": {}}, error="E", traceback="", at=timezone.now())
    client = sign_in(analyst)
    for name in ("job-list", "job-failures"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(f"crm:{name}")).status_code == 200


def test_a_wheel_tells_its_next_run_and_one_that_has_not_turned_for_long_is_late(sign_in, analyst, broker):
    now = timezone.now()
    for task, ago in (("crm.imports.tasks.sweep", 3600), ("crm.exports.tasks.sweep", 1)):
        services.note_success(task=task, arguments={}, took_seconds=0.25, at=now - dt.timedelta(seconds=ago))
    wheels = {beat.task: beat for beat in clockwork.beats(now)}
    assert wheels["crm.imports.tasks.sweep"].is_late and wheels["crm.imports.tasks.sweep"].next_at is None
    assert wheels["crm.exports.tasks.sweep"].next_at == now + dt.timedelta(seconds=14)
    nightly = timezone.localtime(wheels["segmentation.runs.tasks.recompute_nightly"].next_at)
    assert (nightly.hour, nightly.minute) == (2, 14) and now < nightly < now + dt.timedelta(days=1, minutes=1)
    page = sign_in(analyst).get(reverse("crm:job-list")).content.decode()
    assert page.count('<span class="risk-text">late</span>') == 1
    assert "every 15 seconds" in page and "every day at 02:14" in page


def test_work_that_waits_too_long_stands_out(sign_in, analyst, administrator, broker):
    now = timezone.now()
    for name, age in (("fresh.csv", 1), ("old.csv", 30)):
        ImportBatch.objects.create(kind="bills", file_name=name, sha256=name, uploaded_at=now - dt.timedelta(minutes=age), state="queued")
    page = sign_in(analyst).get(reverse("crm:job-list")).content.decode()
    rows = {name: page[: page.index(name)].rsplit("<tr", 1)[1] for name in ("fresh.csv", "old.csv")}
    assert "row-risk" in rows["old.csv"] and "row-risk" not in rows["fresh.csv"]


def test_another_wing_adds_its_own_waiting_work(sign_in, analyst, broker, monkeypatch):
    monkeypatch.setattr(registry, "PROVIDERS", dict(registry.PROVIDERS))
    registry.register("runs", "Runs of the mill", lambda: [registry.Waiting("Run 7", timezone.now(), "waiting", "/runs/7/")])
    assert "Run 7" in sign_in(analyst).get(reverse("crm:job-list")).content.decode()


def test_every_wheel_of_the_clockwork_has_a_task_that_exists():
    current_app.loader.import_default_modules()
    wanted = {entry["task"] for entry in current_app.conf.beat_schedule.values() if entry["task"].startswith("crm.")}
    assert wanted <= set(current_app.tasks)


def test_the_product_uses_the_recording_task():
    assert current_app.Task.mro()[1] is recording.RecordedTask or issubclass(current_app.Task, recording.RecordedTask)
    assert settings.CELERY_TASK_ROUTES["crm.imports.tasks.load"] == {"queue": "heavy"}

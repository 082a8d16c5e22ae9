"""What the machinery tells about itself."""

import datetime as dt
import time

import pytest
from celery import current_app
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from crm.imports.models import ImportBatch
from crm.jobs import queues, recording, registry


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


def test_a_task_leaves_behind_when_it_worked_and_when_it_failed(db):
    @current_app.task(name="tests.jobs.sometimes")
    def sometimes(works):
        return 1 / works

    sometimes.apply([1])
    past = recording.recalled(["tests.jobs.sometimes"])["tests.jobs.sometimes"]
    assert past["worked"]["at"] == pytest.approx(time.time(), abs=10) and past["failed"] is None
    sometimes.apply([0])
    assert recording.recalled(["tests.jobs.sometimes"])["tests.jobs.sometimes"]["failed"]["error"] == "ZeroDivisionError"


def test_a_wheel_that_has_not_turned_for_long_is_late(sign_in, analyst, broker):
    from django.core.cache import cache

    cache.set("job:worked:crm.imports.tasks.sweep", {"at": time.time() - 3600, "error": ""})
    recording.remember("crm.exports.tasks.sweep", "worked")
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

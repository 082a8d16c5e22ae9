"""No container engine here: what can be read is compared with what `make run` does and settings ask for."""

import json
import re
import shlex

import pytest
import yaml

from config.embedded import services
from config.embedded.paths import REPO


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((REPO / "docker-compose.yml").read_text())


def command(compose, name):
    words = shlex.split(compose["services"][name]["command"])
    return words[words.index("-m") :]


def test_containers_run_the_commands_of_make_run(compose):
    assert command(compose, "web") == [*services.WEB, "--bind", "0.0.0.0:8000"]
    assert command(compose, "worker") == services.WORKER
    assert command(compose, "heavy") == services.HEAVY
    assert command(compose, "training") == services.TRAINING
    assert command(compose, "beat") == [*services.BEAT, "--schedule", "/var/lib/greenlane/celerybeat-schedule"]


def test_the_image_runs_the_web_command_by_default():
    lines = (REPO / "Dockerfile").read_text().splitlines()
    [started] = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert started == ["python", *services.WEB, "--bind", "0.0.0.0:8000"]


def test_every_variable_a_container_is_given_is_one_that_settings_read(compose):
    settings = (REPO / "config" / "settings.py").read_text()
    read = set(re.findall(r"env(?:\.\w+)?\(\"(\w+)\"", settings))
    for name in ("migrate", "web", "worker", "heavy", "training", "beat"):
        assert set(compose["services"][name]["environment"]) <= read
    assert {"DATABASE_URL", "REDIS_URL", "LAKE_URL", "SECRET_KEY"} <= set(compose["services"]["web"]["environment"])


def test_each_url_names_a_service_of_the_file(compose):
    given = compose["services"]["web"]["environment"]
    assert "@postgres:5432/" in given["DATABASE_URL"]
    assert "//redis:6379/" in given["REDIS_URL"]
    assert {"postgres", "redis"} <= set(compose["services"])
    assert compose["services"]["postgres"]["image"].split(":")[1] == "18"


def test_every_queue_that_tasks_are_routed_to_has_a_worker(compose):
    from django.conf import settings

    wanted = {settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}
    served = {words[words.index("--queues") + 1] for words in (command(compose, name) for name in ("worker", "heavy", "training"))}
    assert wanted <= served


def test_no_secret_is_written_down(compose):
    text = (REPO / "docker-compose.yml").read_text()
    assert text.count("${POSTGRES_PASSWORD:?") == 2
    assert "${SECRET_KEY:?" in text

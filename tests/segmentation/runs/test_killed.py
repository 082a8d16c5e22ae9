"""A recompute killed in its decisive stages: what was in force stays, and the next start gets it right."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from segmentation.lake.session import dsn
from segmentation.runs import services
from segmentation.runs.models import Change, Run
from tests.segmentation.billed import bill_accounts
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER, holding, standings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
ROOT = Path(__file__).resolve().parents[3]
KILLED_IN = ("sync", "features", "publish")
# A stage that waits for this lock is still in that stage when it is killed.
HELD = {"sync": "lock table segmentation_lakemonth in share mode", "publish": "lock table segmentation_standing in share mode"}


def start():
    """`manage.py recompute` in a process of its own, on this test's database and lake."""
    told = connection.get_connection_params()
    url = f"postgresql://{told['user']}:{told.get('password', '')}@{told['host']}:{told['port']}/{told['dbname']}"
    env = {**os.environ, "DATABASE_URL": url, "LAKE_URL": settings.LAKE_URL, "GREENLANE_VAR": str(settings.VAR_DIR)}
    command = [sys.executable, "manage.py", "recompute", "--as-of", NOVEMBER.isoformat(), "--json"]
    return subprocess.Popen(
        command, cwd=ROOT, env=env | {"DJANGO_SETTINGS_MODULE": "config.settings"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def kill_in(stage, child):
    """SIGKILL as soon as PostgreSQL says the run is in `stage`."""
    watcher = psycopg2.connect(dsn())
    watcher.autocommit = True
    deadline = time.monotonic() + 90
    with watcher.cursor() as db:
        while time.monotonic() < deadline and child.poll() is None:
            db.execute("select 1 from segmentation_run where state = 'running' and stage = %s", [stage])
            if db.fetchone():
                child.send_signal(signal.SIGKILL)
                break
            time.sleep(0.001)
    watcher.close()
    child.wait(30)
    assert child.returncode == -signal.SIGKILL, f"the run was over before it could be killed in {stage}: {child.stderr.read().decode()}"


def undisturbed(recomputed):
    """What an unbroken run writes over the standings that stand: nothing, when they are right."""
    return recomputed(NOVEMBER).counts["written"]


def test_a_recompute_killed_again_and_again_leaves_what_was_in_force_and_is_done_right_in_the_end(transactional_db, east, recomputed):
    """Killed while it mirrors (before its one transaction ends), on its way through the engine, and inside the transaction that publishes."""
    bill_accounts(accounts=600, months=26, unit_id=east.pk)
    in_force = recomputed(OCTOBER)
    shown = standings()
    for attempt, stage in enumerate(KILLED_IN, start=1):
        Run.objects.filter(as_of=NOVEMBER).update(attempts=0)  # else it would be given up after the third
        with holding(HELD.get(stage)):
            kill_in(stage, start())
        run = Run.objects.get(as_of=NOVEMBER)
        assert run.state == "running", attempt  # nobody had the time to say otherwise
        assert Run.objects.in_force() == in_force
        assert standings() == shown
        assert not Change.objects.filter(run=run).exists()
        assert services.sweep(at=timezone.now()) == run.pk

    again = services.recompute(run_id=run.pk, clock=timezone.now)
    assert (again.state, again.attempts, again.in_force) == ("published", 2, True)
    assert Run.objects.filter(as_of=NOVEMBER).count() == 1
    assert undisturbed(recomputed) == 0

import json
import subprocess
import sys

import psycopg2
import pytest
import redis

from config import embedded
from config.embedded.paths import REPO
from config.embedded.state import AlreadyRunning, State

HOLD = """
import sys, time
from pathlib import Path
from config.embedded.state import State
state = State(Path(sys.argv[1]), "embedded")
state.acquire()
state.write({"DATABASE_URL": "postgresql://there", "REDIS_URL": "redis://there", "DEMO": "1"})
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=REPO, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_other_commands_find_the_running_servers(tmp_path, holder, monkeypatch):
    found = embedded.urls(tmp_path)
    assert (found["DATABASE_URL"], found["REDIS_URL"]) == ("postgresql://there", "redis://there")
    assert found["LAKE_URL"] == f"file://{tmp_path}/lake"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert embedded.is_demo(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://real")
    assert not embedded.is_demo(tmp_path), "a database somebody named is never taken for the demonstration"


def test_a_second_run_in_the_same_clone_is_refused_and_told_which_process_runs(tmp_path, holder):
    with pytest.raises(AlreadyRunning, match=str(holder.pid)):
        State(tmp_path, "embedded").acquire(patience_seconds=0.1)


def test_the_file_of_a_killed_run_is_not_believed(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert json.loads((tmp_path / "embedded.json").read_text())["DATABASE_URL"] == "postgresql://there"
    assert embedded.running_urls(tmp_path) == {}
    State(tmp_path, "embedded").acquire(patience_seconds=0.1)


def test_where_nothing_runs_the_first_connection_says_what_to_do(tmp_path):
    found = embedded.urls(tmp_path)
    with pytest.raises(psycopg2.OperationalError, match="start-it-with-make-run"):
        psycopg2.connect(found["DATABASE_URL"])
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(found["REDIS_URL"]).ping()

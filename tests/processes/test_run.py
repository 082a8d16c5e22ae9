"""`make run` from the terminal's side. The last test stops the run that all tests of this folder share."""

import signal
import urllib.request

import pytest

from config.embedded.processes import wait_until

from .whole_run import WholeRun

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("whole run")]


def answer(url):
    with urllib.request.urlopen(url, timeout=20) as response:
        return response.status


def test_the_page_it_names_answers_and_so_do_the_servers_behind_it(run):
    assert f"Greenlane answers at {run.address}" in run.output()
    assert answer(run.address + "/healthz") == 200
    assert answer(run.address + "/readyz") == 200


def test_every_step_tells_its_seconds(run):
    for step in range(1, 9):
        assert f"[{step}/8] " in run.output()
    assert run.output().count(" s\n") >= 8


def test_a_command_given_beside_it_reaches_the_same_database(run):
    assert "greenlane" in run.manage("shell", "-v0", "-c", "from django.db import connection as c; print(c.settings_dict['NAME'])")


def test_a_second_run_in_the_same_clone_is_refused(run):
    second = WholeRun(run.var, DEMO="1")
    second.said = run.said
    assert second.process.wait(30) == 1
    assert f"already runs in this clone (process {run.process.pid})" in run.output()
    assert answer(run.address + "/healthz") == 200


@pytest.mark.parametrize("service", ["postgres", "worker", "beat"])
def test_each_part_killed_with_9_comes_back(run, service):
    """The web, the broker and the worker of heavy work are killed in the middle of work beside here."""
    assert run.kill(service)
    assert run.heard(f"{service} runs again")

    def ready():
        try:
            return answer(run.address + "/readyz") == 200
        except OSError:
            return False

    assert wait_until(ready, seconds=60, every=0.2), run.output()


def test_ctrl_c_at_last_leaves_nothing_running(run):
    assert len(run.processes()) > 8
    assert run.stop(signal.SIGINT) == 0
    assert wait_until(lambda: run.processes() == [], seconds=5), run.processes()
    assert run.facts() == {}

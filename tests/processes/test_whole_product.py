"""The whole product as `make run` starts it: what the terminal says, and that any process may be killed at any time with nothing lost or doubled.

One file, because one worker of the test run must have all of it: the product is started once. The last test stops it.
"""

import os
import signal
import threading
import time
import urllib.request
import uuid

import pytest
import requests

from config.embedded.processes import wait_until

from .whole_run import WholeRun

pytestmark = pytest.mark.processes


def answer(url):
    with urllib.request.urlopen(url, timeout=20) as response:
        return response.status


def ask_for_a_run(run, client):
    answer = client.post(f"{run.address}/api/v1/runs/", json={}, timeout=20)
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()["id"]


def finished(rows, pk):
    return rows("select state from segmentation_run where id = %s", pk)[0][0] in ("published", "failed", "cancelled")


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
    """The web, the broker and the worker of heavy work are killed in the middle of work below."""
    assert run.kill(service)
    assert run.heard(f"{service} runs again")

    def ready():
        try:
            return answer(run.address + "/readyz") == 200
        except OSError:
            return False

    assert wait_until(ready, seconds=60, every=0.2), run.output()


def test_a_worker_killed_in_the_middle_of_a_recompute_loses_nothing(run, rows, api):
    """The last run stays in force while it is down; the sweep finds the half-done one and finishes it once."""
    before = rows("select id from segmentation_run where in_force")
    pk = ask_for_a_run(run, api("analyst"))
    assert wait_until(lambda: rows("select state from segmentation_run where id = %s", pk)[0][0] == "running", seconds=30, every=0.005)
    run.kill("heavy")
    assert rows("select id from segmentation_run where in_force") == before
    assert wait_until(lambda: finished(rows, pk), seconds=150, every=0.5), run.output()
    assert rows("select state, in_force from segmentation_run where id = %s", pk) == [("published", True)]
    assert rows("select count(*) from segmentation_run where in_force") == [(1,)]
    assert rows("select count(*) from segmentation_standing") == rows("select count(*) from crm_account")


def test_asking_twice_at_once_gives_one_run_at_a_time(run, rows, api):
    analyst = api("analyst")
    threads = [threading.Thread(target=lambda: analyst.post(f"{run.address}/api/v1/runs/", json={}, timeout=20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wait_until(lambda: not rows("select 1 from segmentation_run where state in ('waiting', 'running')"), seconds=120, every=0.5)
    assert rows("select count(*) from segmentation_run where state = 'failed'") == [(0,)]
    assert rows("select count(*) from segmentation_run where in_force") == [(1,)]


def test_work_whose_bell_was_lost_with_the_broker_is_found_by_the_sweep(run, rows, api):
    analyst = api("analyst")
    os.kill(run.facts()["processes"]["heavy"], signal.SIGSTOP)  # nobody takes the work before the broker dies
    pk = ask_for_a_run(run, analyst)
    run.kill("valkey")
    run.kill("heavy")
    assert wait_until(lambda: finished(rows, pk), seconds=150, every=0.5), run.output()
    assert rows("select state from segmentation_run where id = %s", pk) == [("published",)]


def test_complaints_posted_while_the_web_is_killed_are_logged_once_each(run, rows, api):
    """Clients retry with their idempotency key, as a browser or the call-centre's system does."""
    agent = api("agent")
    account = rows("select id from crm_account order by id limit 1")[0][0]
    keys = [str(uuid.uuid4()) for _ in range(60)]
    stopped_at_second = time.monotonic() + 60

    def post(key):
        body = {"account": account, "kind": "complaint", "category": "outage", "text": f"No power, kill test {key}"}
        while time.monotonic() < stopped_at_second:
            try:
                answer = agent.post(f"{run.address}/api/v1/tickets/", json=body, headers={"Idempotency-Key": key}, timeout=5)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code in (200, 201):
                return
            assert answer.status_code >= 500, answer.text
            time.sleep(0.1)

    killer = threading.Timer(0.4, lambda: run.kill("web"))
    killer.start()
    threads = [threading.Thread(target=lambda part: [post(key) for key in part], args=[keys[n::4]]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    killer.join()
    logged = rows("select text from crm_ticket where text like 'No power, kill test %%'")
    assert sorted(text for (text,) in logged) == sorted(f"No power, kill test {key}" for key in keys)


def test_ctrl_c_at_last_leaves_nothing_running(run):
    assert len(run.processes()) > 8
    assert run.stop(signal.SIGINT) == 0
    assert wait_until(lambda: run.processes() == [], seconds=5), run.processes()
    assert run.facts() == {}

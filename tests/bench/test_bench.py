"""The parts of the benchmark that decide what is told; the measuring itself runs with `make bench`."""

import argparse
import datetime as dt
import http.server
import json
import os
import threading

import pytest

from bench import __main__ as bench_command
from bench import figures, months, world
from bench.figures import Figure
from bench.load import Request, percentile, send
from bench.world import World


def test_a_figure_holds_on_the_right_side_of_its_target():
    assert Figure("time", 59, "s", 60).holds
    assert not Figure("time", 61, "s", 60).holds
    assert Figure("pace", 100, "/s", 100, at_least=True).holds
    assert not Figure("pace", 99, "/s", 100, at_least=True).holds
    assert Figure("told", 10**9, "rows").holds


def test_promises_grow_in_proportion_above_what_starting_takes():
    assert figures.seconds_at(1_000_000, 30) == 30
    assert figures.seconds_at(0, 30) == 2
    assert figures.seconds_at(100_000, 30) == pytest.approx(4.8)
    assert figures.mib_at(1_000_000, 4096) == 4096


def test_the_table_names_measure_figure_target_and_verdict():
    lines = figures.table([Figure("import of bills", 31.25, "s", 30, note="200,000 rows")])
    assert "import of bills" in lines[2] and "31.2 s" in lines[2] and "<= 30 s" in lines[2] and "SHORT" in lines[2]


def test_results_keep_every_figure_and_whether_it_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results.json")
    figures.write([Figure("time", 61, "s", 60)], accounts=10)
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["accounts"] == 10
    assert written["figures"][0] | {"holds": False} == written["figures"][0]


def test_two_complete_months_are_left_for_the_import():
    assert months.last_billed(dt.date(2026, 11, 22)) == dt.date(2026, 8, 1)
    assert months.last_billed(dt.date(2026, 1, 31)) == dt.date(2025, 10, 1)
    assert months.after(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)


def test_percentiles_are_values_that_were_seen():
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile(list(range(100)), 0.95) == 95
    assert percentile([], 0.95) == 0


class Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        threading.Event().wait(0.05)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@pytest.fixture
def slow_port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_waiting_in_line_counts_as_time(slow_port):
    """One connection, 50 ms an answer, a hundred requests a second: the last of ten waits for all before it."""
    answers, _ = send(slow_port, [Request("page", "/", "")] * 10, per_second=100, hands=1)
    assert [answer.status for answer in answers] == [200] * 10
    assert max(answer.seconds for answer in answers) > 0.35


def test_a_request_that_waits_too_long_is_given_up_and_counted(slow_port):
    answers, _ = send(slow_port, [Request("page", "/", "")] * 20, per_second=1000, hands=1, patience=0.3)
    assert len(answers) == 20
    assert {answer.status for answer in answers} == {200, 0}


@pytest.mark.parametrize(
    ("written", "accounts"), [("100k", 100_000), ("1m", 1_000_000), ("1M", 1_000_000), ("0.5m", 500_000), ("5_000", 5000)]
)
def test_a_size_may_be_written_short(written, accounts):
    assert bench_command._size(written) == accounts


@pytest.mark.parametrize("written", ["", "k", "many", "1g"])
def test_a_size_nobody_understands_is_refused_by_name(written):
    with pytest.raises(argparse.ArgumentTypeError, match="100k"):
        bench_command._size(written)


@pytest.mark.parametrize(("only", "accounts", "runs"), [([], 100_000, False), ([], 1_000_000, True), (["files"], 100_000, True)])
def test_what_takes_long_whatever_the_size_runs_at_a_million_or_by_name(only, accounts, runs):
    wishes = argparse.Namespace(only=only, accounts=accounts)
    assert bench_command._wished(bench_command.reports.files, wishes) is runs
    assert bench_command._wished(bench_command.importing.bills, wishes) is (not only)


def test_a_kept_world_knows_its_size_and_what_is_in_it(tmp_path):
    first = World(5000, 24, kept=tmp_path)
    first.built("utility.create")
    again = World(100_000, 36, kept=tmp_path)
    assert (again.accounts, again.months, again.done) == (5000, 24, ["utility.create"])


def test_shared_memory_is_counted_by_share():
    assert world._pss_kib(os.getpid()) > 1000
    assert world._pss_kib(2**22) == 0

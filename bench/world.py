"""Servers of the benchmark's own, with the product's own settings (fsync on), and its commands run as a person runs them."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from config.embedded import unprivileged
from config.embedded.paths import REPO
from config.embedded.postgres import Postgres
from config.embedded.processes import free_port
from config.embedded.services import WEB
from config.embedded.valkey import Valkey


@dataclass(frozen=True)
class Ran:
    """What a command said, how long it took from start to end, and the most memory its process tree held at once (sampled)."""

    output: str
    seconds: float
    peak_mib: float


class Failed(Exception):
    """A command of the product failed; the message is what it said last."""


class World:
    """`accounts` and `months` of the synthetic utility. Use as a context manager: everything is removed at the end."""

    def __init__(self, accounts, months, say=print):
        self.accounts, self.months, self.say = accounts, months, say

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _start(self):
        self.folder = unprivileged.temporary_folder(f"greenlane-bench-{os.getpid()}-", unprivileged.account_for_postgres())
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        postgres = Postgres(self.folder / "postgres", log=self.folder / "postgres.log")
        valkey = Valkey(self.folder / "valkey", log=self.folder / "valkey.log")
        for server in (postgres, valkey):
            server.start()
            self.stack.callback(server.stop)
        own = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LAKE_URL": (self.folder / "lake").as_uri(),
            "GREENLANE_VAR": str(self.folder / "var"),
            "SECRET_KEY": "a benchmark's own secret, thrown away with its data",
            "DEMO": "1",
            "DEBUG": "0",
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "plain",
            "LOGIN_RATE": "1000/m/ip",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.env = {**os.environ, **own}
        os.environ.update(own)
        self.say("empty database ...")
        self.manage("migrate", "--no-input")

    def manage(self, *words):
        """Run `manage.py words` and wait for it. Raises `Failed`."""
        return self.run([sys.executable, "manage.py", *map(str, words)])

    def run(self, command):
        began, peak = time.perf_counter(), 0.0
        log = self.folder / "command.log"
        with (
            log.open("w+b") as errors,
            subprocess.Popen(command, cwd=REPO, env=self.env, stdout=subprocess.PIPE, stderr=errors, text=True) as child,
        ):
            watched = psutil.Process(child.pid)
            reader = self._read_in_background(child)
            while child.poll() is None:
                peak = max(peak, _tree_mib(watched))
                time.sleep(0.05)
            output = reader()
        seconds = time.perf_counter() - began
        if child.returncode:
            tail = "\n".join((output + log.read_text(errors="replace")).strip().splitlines()[-15:])
            raise Failed(f"{' '.join(command[1:])} ended with {child.returncode}:\n{tail}")
        return Ran(output, seconds, peak)

    def _read_in_background(self, child):
        from threading import Thread

        parts = []
        thread = Thread(target=lambda: parts.append(child.stdout.read()))
        thread.start()
        return lambda: (thread.join(), "".join(parts))[1]

    @contextlib.contextmanager
    def web(self):
        """The web server as `make run` starts it; gives its port."""
        port = free_port()
        with (self.folder / "web.log").open("wb") as log:
            command = [sys.executable, *WEB, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
            child = subprocess.Popen(command, cwd=REPO, env=self.env, stdout=log, stderr=log)
            try:
                yield port
            finally:
                child.terminate()
                child.wait(20)


def _tree_mib(process):
    with contextlib.suppress(psutil.Error):
        return sum(_rss(one) for one in [process, *process.children(recursive=True)]) / 2**20
    return 0.0


def _rss(process):
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def scratch_file(world, name):
    """A path inside the world's folder."""
    return Path(world.folder) / name

"""Servers of the benchmark's own, with the product's own settings (fsync on), and its commands run as a person runs them."""

import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psutil

from config.embedded import unprivileged
from config.embedded.paths import REPO
from config.embedded.postgres import Postgres
from config.embedded.processes import free_port
from config.embedded.services import WEB
from config.embedded.valkey import Valkey

LOOK_EVERY = 0.25  # seconds: looking costs, too, a tenth of a core at 20 times a second


@dataclass(frozen=True)
class Ran:
    """What a command said, how long it took from start to end, and the most memory it held: its process tree (the operating system's own
    peak of the command, or the sum over its children if that was more), and PostgreSQL beside it, shared pages counted once."""

    output: str
    seconds: float
    peak_mib: float
    postgres_mib: float = 0.0
    processor: float = 0.0  # seconds of the command itself, whatever else the machine did meanwhile


class Failed(Exception):
    """A command of the product failed; the message is what it said last."""


class World:
    """`accounts` and `months` of the synthetic utility. Use as a context manager: everything is removed at the end.

    With `kept` (a folder) it stays there, and a world that is there already is used again, with its own size: what was built in it
    (`done`) need not be built twice.
    """

    def __init__(self, accounts, months, say=print, kept=None):
        self.accounts, self.months, self.say, self.kept = accounts, months, say, kept and Path(kept).absolute()
        self.done = []
        if self.kept and self._card.is_file():
            card = json.loads(self._card.read_text())
            self.accounts, self.months, self.done = card["accounts"], card["months"], card["done"]

    @property
    def _card(self):
        return self.kept / "world.json"

    def built(self, name):
        """Remember that a part others build on is there."""
        self.done.append(name)
        if self.kept:
            self._card.write_text(json.dumps({"accounts": self.accounts, "months": self.months, "done": self.done}))

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
        if self.kept:
            self.folder = self.kept
            self.folder.mkdir(parents=True, exist_ok=True)
        else:
            self.folder = unprivileged.temporary_folder(f"greenlane-bench-{os.getpid()}-", unprivileged.account_for_postgres())
            self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.postgres = postgres = Postgres(self.folder / "postgres", log=self.folder / "postgres.log")
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
        self.say("database ..." if self.done else "empty database ...")
        self.manage("migrate", "--no-input")

    def manage(self, *words, nice=0):
        """Run `manage.py words`, at the priority of the worker who would, and wait for it. Raises `Failed`."""
        return self.run([sys.executable, "manage.py", *map(str, words)], nice)

    def run(self, command, nice=0):
        began, peak, postgres = time.perf_counter(), 0.0, 0.0
        log = self.folder / "command.log"
        with log.open("w+b") as errors:
            child = subprocess.Popen(
                command, cwd=REPO, env=self.env, stdout=subprocess.PIPE, stderr=errors, text=True, preexec_fn=lambda: os.nice(nice)
            )
            output, ended, over = [], [], Event()
            threads = [Thread(target=lambda: output.append(child.stdout.read())), Thread(target=_wait, args=(child.pid, ended, over))]
            for thread in threads:
                thread.start()
            watched, looks = psutil.Process(child.pid), 0
            try:
                while not over.wait(LOOK_EVERY):
                    peak = max(peak, _tree_mib(watched), _high_water_mib(child.pid))
                    if looks % 8 == 0:
                        postgres = max(postgres, self._postgres_mib())
                    looks += 1
            finally:
                if not over.is_set():  # we are being stopped
                    child.terminate()
                for thread in threads:
                    thread.join()
        (status, used, seconds), output = ended, output[0]
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            tail = "\n".join((output + log.read_text(errors="replace")).strip().splitlines()[-15:])
            raise Failed(f"{' '.join(command[1:])} ended with {child.returncode}:\n{tail}")
        return Ran(output, seconds - began, peak, postgres, used.ru_utime + used.ru_stime)

    def _postgres_mib(self):
        server = psutil.Process(self.postgres.process.pid)
        return sum(_pss_kib(one.pid) for one in [server, *server.children()]) / 1024

    @functools.cached_property
    def web_port(self):
        """The port of a web server as `make run` starts it; it stays up until the end."""
        port, log = free_port(), self.stack.enter_context((self.folder / "web.log").open("wb"))
        command = [sys.executable, *WEB, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
        child = subprocess.Popen(command, cwd=REPO, env=self.env, stdout=log, stderr=log)
        self.stack.callback(child.wait, 20)
        self.stack.callback(child.terminate)
        return port


def _wait(pid, ended, over):
    """When the process has ended: [status, what it used, the moment]."""
    _pid, status, used = os.wait4(pid, 0)
    ended[:] = status, used, time.perf_counter()
    over.set()


def _tree_mib(process):
    with contextlib.suppress(psutil.Error):
        return sum(_rss(one) for one in [process, *process.children(recursive=True)]) / 2**20
    return 0.0


def _high_water_mib(pid):
    """The most memory the process itself has held since it began its program. What `wait4` tells counts ours too, from before that."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
    return 0.0


def _pss_kib(pid):
    """A process's share of the memory it touches, in KiB: pages shared by n processes count for one n-th in each."""
    with contextlib.suppress(OSError, StopIteration):
        return int(next(line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:")).split()[1])
    return 0


def _rss(process):
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def scratch_file(world, name):
    """A path inside the world's folder."""
    return Path(world.folder) / name

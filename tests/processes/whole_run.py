"""A whole `make run` in a folder of its own: what a person at a terminal has, for tests that kill parts of it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from config.embedded.paths import REPO
from config.embedded.processes import free_port, wait_until
from config.embedded.state import State

_OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "LAKE_URL",
    "DEMO",
    "ACCOUNTS",
    "PORT",
    "HOST",
    "GREENLANE_VAR",
    "DJANGO_SETTINGS_MODULE",
    "LOGIN_RATE",
}


class WholeRun:
    """`python -m config.embedded.run` with its own data; `wishes` are its environment, such as DEMO="1", ACCOUNTS="200"."""

    def __init__(self, var: Path, **wishes: str):
        self.var = var
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = var.with_name(var.name + ".said")
        inherited = {key: value for key, value in os.environ.items() if key not in _OURS and not key.startswith(("TEST_", "PYTEST_"))}
        self.env = inherited | {"GREENLANE_VAR": str(var), "PORT": str(self.port)} | wishes
        with self.said.open("ab") as said:
            command = [sys.executable, "-m", "config.embedded.run"]
            self.process = subprocess.Popen(command, cwd=REPO, env=self.env, stdout=said, stderr=said, start_new_session=True)

    def wait_until_up(self, *, seconds: float = 120) -> "WholeRun":
        wait_until(lambda: "Greenlane answers at" in self.output() or self.process.poll() is not None, seconds=seconds, every=0.2)
        assert "Greenlane answers at" in self.output() and self.process.poll() is None, self.output()
        return self

    def output(self) -> str:
        return self.said.read_text()

    def heard(self, words: str, *, seconds: float = 10) -> bool:
        return wait_until(lambda: words in self.output(), seconds=seconds)

    def facts(self) -> dict:
        """DATABASE_URL, REDIS_URL, LAKE_URL and `processes`: web, worker, heavy, beat, postgres, valkey."""
        return State(self.var, "embedded").read_if_alive() or {}

    def kill(self, name: str) -> int:
        """kill -9 of one service and the wait for its successor; returns the new process number."""
        old = self.facts()["processes"][name]
        os.kill(old, signal.SIGKILL)
        assert wait_until(lambda: self.facts()["processes"].get(name) != old, seconds=15), self.output()
        return self.facts()["processes"][name]

    def manage(self, *arguments: str) -> str:
        """A command as a person would give it in the same clone."""
        done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=REPO, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sign_ins(self) -> list[dict]:
        return json.loads(self.manage("demo_sign_ins", "--json"))

    def processes(self) -> list[int]:
        """Every process that was given this run's folder, whoever its parent is now."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    spoken = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                except OSError:
                    continue
                if f"GREENLANE_VAR={self.var}\0".encode() in spoken or f"{self.var}/".encode() in spoken:
                    found.append(int(entry.name))
        return found

    def stop(self, what: signal.Signals = signal.SIGINT, *, seconds: float = 30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(what)
        return self.process.wait(seconds)

"""Holds a set of services up: starts them in order, restarts what dies, stops all of them, leaves no orphan.

One thread and no callbacks: everything happens in the caller's loop, and a signal only sets a flag the loop looks at.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from config.embedded.paths import REPO, shown
from config.embedded.processes import session_members, signal_session, spawn, wait_until

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
_CALM_SECONDS = 60.0
_ROLL_CALL_SECONDS = 2.0


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class ServiceDied(Exception):
    """A service ended before it was ready; the message ends with the last lines of its log."""


class Start(Protocol):
    def __call__(self) -> subprocess.Popen: ...


@dataclass
class Service:
    """How one service is started and asked to leave."""

    name: str
    start: Start
    log: Path
    leave_by: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    grace_seconds: float = 8.0
    # Lower ranks are stopped first: the web server before the database it talks to.
    rank: int = 0
    process: subprocess.Popen | None = field(default=None, repr=False)
    failures: int = 0
    started_at: float = 0.0
    restart_at: float | None = None
    family: set[int] = field(default_factory=set, repr=False)


class Supervisor:
    def __init__(self, *, say: Callable[[str], None], log_folder: Path, orphan_grace_seconds: float = 6.0) -> None:
        self.services: dict[str, Service] = {}
        self.say = say
        self.log_folder = log_folder
        self.orphan_grace_seconds = orphan_grace_seconds
        self.stop_asked: signal.Signals | None = None
        self._sentinel: subprocess.Popen | None = None
        self._next_roll_call = 0.0
        # Told after every start, so that others can learn the process numbers.
        self.on_start: Callable[[], None] = lambda: None

    # --- signals --------------------------------------------------------------------------------------------------

    def listen_to_signals(self) -> None:
        for what in (signal.SIGINT, signal.SIGTERM):
            signal.signal(what, self._on_signal)
        # Under nohup a closed terminal is no reason to stop.
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, number: int, _frame: object) -> None:
        self.stop_asked = signal.Signals(number)

    def check_stop(self) -> None:
        if self.stop_asked is not None:
            raise StopAsked

    # --- starting -------------------------------------------------------------------------------------------------

    def add(self, service: Service) -> None:
        self.services[service.name] = service
        self._start(service)

    def run_step(self, command: list, *, log: Path, env: dict[str, str], on_line: Callable[[str], None], watching: bool = False) -> int:
        """Run one command to its end under the same protection; its new log lines go to `on_line`. Returns its exit code.
        `watching`: services that die meanwhile are restarted."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as sink, log.open("rb") as source:
            source.seek(0, 2)
            process = spawn(command, log=sink, env=env, cwd=REPO)
            self._tell(f"+{process.pid} {int(signal.SIGTERM)}")
            try:
                while process.poll() is None:
                    self.check_stop()
                    if watching:
                        self.look_once()
                    time.sleep(0.05)
                    _forward_lines(source, on_line)
                _forward_lines(source, on_line)
            finally:
                _end(process, (signal.SIGTERM,), 3.0)
                self._tell(f"-{process.pid}")
        return process.returncode

    def wait_ready(self, name: str, ready: Callable[[], object], *, seconds: float) -> None:
        """Return when `ready()` is true; raise StopAsked, or ServiceDied when the service ends or stays silent."""
        service = self.services[name]
        deadline = time.monotonic() + seconds
        while True:
            self.check_stop()
            if service.process is None or service.process.poll() is not None:
                raise ServiceDied(f"{name} ended while starting. It said:\n{last_lines(service.log)}")
            if ready():
                return
            if time.monotonic() > deadline:
                raise ServiceDied(f"{name} did not answer within {seconds:.0f} s. It said:\n{last_lines(service.log)}")
            time.sleep(0.05)

    def _start(self, service: Service) -> None:
        self._keep_sentinel()
        service.process = service.start()
        service.started_at = time.monotonic()
        service.family = set()
        service.restart_at = None
        self._tell(f"+{service.process.pid} {int(service.leave_by[0])}")
        self.on_start()

    def process_numbers(self) -> dict[str, int]:
        return {name: service.process.pid for name, service in self.services.items() if service.process is not None}

    # --- watching -------------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Restart what dies until somebody asks to stop."""
        while self.stop_asked is None:
            self.look_once()
            time.sleep(0.2)

    def look_once(self) -> None:
        self._keep_sentinel()
        now = time.monotonic()
        if now >= self._next_roll_call:
            self._next_roll_call = now + _ROLL_CALL_SECONDS
            self._call_roll()
        for service in self.services.values():
            if service.restart_at is not None:
                if now >= service.restart_at:
                    self._restart(service)
            elif service.process is not None and service.process.poll() is not None:
                self._bury(service, now)
            elif service.failures and now - service.started_at > _CALM_SECONDS:
                service.failures = 0

    def _call_roll(self) -> None:
        """Report what gunicorn and Celery lost and replaced by themselves: a page or a task may have gone with it."""
        for service in self.services.values():
            if service.process is None or service.process.poll() is not None:
                continue
            present = set(session_members(service.process.pid))
            for gone in sorted(service.family - present):
                self.say(f"{service.name}: its process {gone} is gone; {service.name} replaces it (see {shown(service.log)}).")
            service.family = present

    def _bury(self, service: Service, now: float) -> None:
        process = service.process
        assert process is not None
        # What it leaves behind would hold its port or its queue against its successor.
        signal_session(process.pid, signal.SIGKILL)
        self._tell(f"-{process.pid}")
        wait = min(_FIRST_WAIT_SECONDS * 2**service.failures, _LONGEST_WAIT_SECONDS)
        service.failures += 1
        service.restart_at = now + wait
        self.say(f"{service.name} (process {process.pid}) {how_it_ended(process.returncode)}; starting it again in {wait:g} s.")
        if process.returncode != -signal.SIGKILL:
            self.say(f"the end of {shown(service.log)}:\n{last_lines(service.log, 5)}")

    def _restart(self, service: Service) -> None:
        try:
            self._start(service)
        except OSError as error:
            service.failures += 1
            service.restart_at = time.monotonic() + _LONGEST_WAIT_SECONDS
            self.say(f"{service.name} cannot be started: {error}; trying again in {_LONGEST_WAIT_SECONDS:g} s.")
            return
        assert service.process is not None
        self.say(f"{service.name} runs again (process {service.process.pid}).")

    # --- stopping -------------------------------------------------------------------------------------------------

    def stop_all(self) -> None:
        """Ask rank by rank, wait, kill what is left; returns when no process of any service is alive."""
        for rank in sorted({service.rank for service in self.services.values()}):
            leaving = [service for service in self.services.values() if service.rank == rank and service.process is not None]
            for service in leaving:
                _ask(service.process, service.leave_by[0])
            for service in leaving:
                assert service.process is not None
                _end(service.process, service.leave_by, service.grace_seconds, asked=True)
        self.services.clear()
        if self._sentinel is not None:
            assert self._sentinel.stdin is not None
            # With nothing left to guard it ends as soon as the pipe closes.
            self._sentinel.stdin.close()
            self._sentinel.wait()
            self._sentinel = None

    # --- the sentinel ---------------------------------------------------------------------------------------------

    def _keep_sentinel(self) -> None:
        if self._sentinel is not None:
            if self._sentinel.poll() is None:
                return
            self.say(f"sentinel (process {self._sentinel.pid}) {how_it_ended(self._sentinel.returncode)}; starting it again.")
        self.log_folder.mkdir(parents=True, exist_ok=True)
        with (self.log_folder / "sentinel.log").open("ab") as log:
            command = [sys.executable, "-m", "config.embedded.sentinel", str(self.orphan_grace_seconds)]
            self._sentinel = spawn(command, log=log, cwd=REPO, death_signal=None, stdin=subprocess.PIPE)
        for service in self.services.values():
            if service.process is not None and service.process.poll() is None:
                self._tell(f"+{service.process.pid} {int(service.leave_by[0])}")

    def _tell(self, line: str) -> None:
        if self._sentinel is None:
            self._keep_sentinel()
        assert self._sentinel is not None and self._sentinel.stdin is not None
        try:
            self._sentinel.stdin.write(f"{line}\n".encode())
            self._sentinel.stdin.flush()
        except (BrokenPipeError, ValueError):
            # Killed: the next look starts another and tells it everything.
            return


def how_it_ended(code: int) -> str:
    if code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return f"ended with exit code {code}"


def last_lines(log: Path, count: int = 8) -> str:
    try:
        text = log.read_bytes()[-6000:].decode(errors="replace")
    except OSError:
        return "    (no log)"
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-count:])


def _ask(process: subprocess.Popen | None, what: signal.Signals) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(what)


def _end(process: subprocess.Popen, leave_by: tuple[signal.Signals, ...], grace_seconds: float, *, asked: bool = False) -> None:
    """Each signal in turn, with the grace shared out among them, then SIGKILL to whatever of the session is left."""
    for turn, what in enumerate(leave_by):
        # Celery takes a repeated signal for impatience.
        if turn or not asked:
            _ask(process, what)
        if wait_until(lambda: process.poll() is not None and not session_members(process.pid), seconds=grace_seconds / len(leave_by)):
            return
    signal_session(process.pid, signal.SIGKILL)
    process.wait()


def _forward_lines(source, on_line: Callable[[str], None]) -> None:
    while line := source.readline():
        on_line(line.decode(errors="replace").rstrip())

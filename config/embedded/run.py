"""`make run`: everything on this machine, from an empty clone to a page that answers; Ctrl-C ends all of it."""

import datetime as dt
import errno
import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path

from config.embedded import checks, first_time
from config.embedded.paths import REPO, VAR, shown
from config.embedded.postgres import Postgres, PostgresProblem
from config.embedded.processes import die_with_parent, free_port
from config.embedded.progress import Progress
from config.embedded.services import application_services
from config.embedded.state import AlreadyRunning, State
from config.embedded.supervisor import Service, ServiceDied, StopAsked, Supervisor
from config.embedded.unprivileged import NoUnprivilegedUser
from config.embedded.valkey import Valkey

_LOGS = VAR / "log"
_ROTATE_BYTES = 20 * 2**20


class Run:
    """One `make run`, step by step."""

    def __init__(self) -> None:
        self.progress = Progress(steps=8, log=_LOGS / "run.log")
        self.supervisor = Supervisor(say=self.progress.say, log_folder=_LOGS)
        self.state = State(VAR, "embedded")
        self.urls: dict[str, str] = {}

    def go(self) -> int:
        self.supervisor.listen_to_signals()
        try:
            wishes, env = self._start()
            self._learn_first_time(wishes, env)
            self.supervisor.watch()
        except StopAsked:
            pass
        except (checks.Refusal, PostgresProblem, NoUnprivilegedUser, ServiceDied) as problem:
            # What was interrupted on purpose did not fail.
            if self.supervisor.stop_asked is None:
                self.progress.problem(str(problem))
                return 1
        except OSError as error:
            self.progress.problem(_explain_os_error(error))
            return 1
        finally:
            self._stop()
        return 0

    def _start(self) -> tuple[checks.Wishes, dict[str, str]]:
        progress = self.progress
        with progress.step("Checking port, disk and clone"):
            wishes = self._check()
        earlier = self.state.read() or {}
        with progress.step("PostgreSQL" if not wishes.database_url else "PostgreSQL: the server in DATABASE_URL"):
            self.urls["DATABASE_URL"] = wishes.database_url or self._start_postgres(earlier.get("postgres_port"))
        with progress.step("Valkey" if not wishes.redis_url else "Valkey: the server in REDIS_URL"):
            self.urls["REDIS_URL"] = wishes.redis_url or self._start_valkey(earlier.get("valkey_port"))
        self.urls["LAKE_URL"] = wishes.lake_url or (VAR / "lake").resolve().as_uri()
        env = self._environment(wishes)
        self._publish(wishes)
        with progress.step("Database tables"):
            # The checks read every page's code: seconds that `make test` has spent already.
            self._manage("migrate", "--no-input", "--skip-checks", env=env)
        with progress.step("Synthetic utility"):
            self._make_demo(wishes, env)
        with progress.step("First recompute"):
            self._recompute_first_time(wishes, env)
        web, *behind = application_services(env=env, host=wishes.host, port=wishes.port, var=VAR)
        with progress.step("Web, to its first page"):
            self.supervisor.add(web)
            sign_ins = self._sign_ins(env) if wishes.demo else []
            self.supervisor.wait_ready("web", lambda: _answers(_address(wishes) + "/healthz"), seconds=60)
        # After the page, because on two cores their start would delay it.
        with progress.step("Workers and beat"):
            for service in behind:
                self.supervisor.add(service)
        progress.block(_welcome(wishes, sign_ins))
        return wishes, env

    def _check(self) -> checks.Wishes:
        wishes = checks.read_wishes(os.environ)
        try:
            self.state.acquire()
        except AlreadyRunning as holder:
            raise checks.Refusal(
                f"Greenlane already runs in this clone (process {holder}). Stop it with Ctrl-C or: kill -INT {holder}"
            ) from None
        checks.port_is_free(wishes.host, wishes.port)
        if wishes.database_url:
            checks.database_answers(wishes.database_url)
        if wishes.redis_url:
            checks.redis_answers(wishes.redis_url)
        checks.disk_has_room(VAR, first_run=not (VAR / "postgres").exists())
        for folder in ("lake", "media", "static"):
            (VAR / folder).mkdir(parents=True, exist_ok=True)
        _rotate_logs()
        return wishes

    def _start_postgres(self, port: int | None) -> str:
        server = Postgres(VAR / "postgres", log=_LOGS / "postgres.log", port=_still_free(port))
        if server.data != server.wanted:
            checks.disk_has_room(server.data.parent, first_run=server.is_new())
        server.prepare()
        if server.data != server.wanted:
            self.progress.detail(f"data in {server.data}: the user {server.account.name if server.account else ''} cannot enter this clone")
        self.supervisor.add(Service("postgres", server.spawn, server.log, leave_by=server.leave_by, grace_seconds=20, rank=2))
        self.supervisor.wait_ready("postgres", server.answers, seconds=120)
        server.make_database()
        return server.url

    def _start_valkey(self, port: int | None) -> str:
        server = Valkey(VAR / "valkey", log=_LOGS / "valkey.log", port=_still_free(port))
        self.supervisor.add(Service("valkey", server.spawn, server.log, rank=1))
        self.supervisor.wait_ready("valkey", server.answers, seconds=60)
        return server.url

    def _environment(self, wishes: checks.Wishes) -> dict[str, str]:
        return {
            "LOG_FORMAT": "plain",
            **os.environ,
            **self.urls,
            "DEMO": "1" if wishes.demo else "0",
            "GREENLANE_VAR": str(VAR),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def _publish(self, wishes: checks.Wishes) -> None:
        """From here on `manage.py shell` and its like find the servers."""
        ports = {f"{name}_port": _port_of(self.urls[key]) for name, key in (("postgres", "DATABASE_URL"), ("valkey", "REDIS_URL"))}
        facts = {**self.urls, "DEMO": "1" if wishes.demo else "0", "web_port": wishes.port, **ports}
        self.supervisor.on_start = lambda: self.state.write(facts | {"processes": self.supervisor.process_numbers()})
        self.supervisor.on_start()

    def _manage(self, *arguments: str, env: dict[str, str], show: Callable[[str], bool] | None = None, watching: bool = False) -> None:
        # What was shown line by line need not be repeated whole.
        said: deque[str] = deque(maxlen=2 if show else 20)

        def on_line(line: str) -> None:
            said.append(f"    {line}")
            if show and show(line):
                self.progress.detail(line)

        command = [sys.executable, "manage.py", *arguments]
        code = self.supervisor.run_step(command, log=_LOGS / "setup.log", env=env, on_line=on_line, watching=watching)
        if code and any("No space left on device" in line for line in said):
            raise checks.Refusal(f"the disk is full. Free some space and run `make run` again.\n{said[-1]}")
        if code:
            raise checks.Refusal(f"`manage.py {' '.join(arguments)}` failed (exit code {code}). It said:\n" + "\n".join(said))

    def _make_demo(self, wishes: checks.Wishes, env: dict[str, str]) -> None:
        if not wishes.demo:
            self.progress.detail("not wanted (DEMO=1 asks for it)" if wishes.database_url else "not wanted (DEMO=0)")
        elif first_time.needs_demo(self.urls["DATABASE_URL"]):
            self._manage("create_demo", "--accounts", str(wishes.accounts), env=env, show=lambda line: True)
            self._manage("create_demo_readings", env=env, show=lambda line: True)
        else:
            self.progress.detail("accounts are there already")

    def _recompute_first_time(self, wishes: checks.Wishes, env: dict[str, str]) -> None:
        if wishes.demo and first_time.needs_first_recompute(self.urls["DATABASE_URL"]):
            try:
                # A quarter ago first, so that a newcomer sees what moved, not only what is.
                self._manage("recompute", "--as-of", str(dt.date.today() - dt.timedelta(days=92)), env=env, show=lambda line: False)
                self._manage("recompute", env=env, show=lambda line: line.endswith(" s"))
                self._manage("create_demo_retention", env=env, show=lambda line: True)
            except checks.Refusal as failure:
                # The facts can be looked at and worked with all the same, and the next start tries again.
                self.progress.say(f"No tiers yet: {failure}")
        else:
            self.progress.detail("nothing to do")

    def _learn_first_time(self, wishes: checks.Wishes, env: dict[str, str]) -> None:
        """A model of leaving for the demonstration, behind the page that answers already; the services are watched meanwhile."""
        if not wishes.demo or not first_time.needs_demo_model(self.urls["DATABASE_URL"]):
            return
        self.progress.say("A model of leaving is being trained; rules judge until it is done, which “Risk models” shows.")
        try:
            self._manage("create_demo_model", env=env, show=lambda line: True, watching=True)
            self._manage("recompute", env=env, show=lambda line: False, watching=True)
            self.progress.say("The model has judged every account: see “High-risk group”, and “why” on an account.")
        except checks.Refusal as failure:
            self.progress.say(f"No model judges yet: {failure}")

    def _sign_ins(self, env: dict[str, str]) -> list[dict[str, str]]:
        done = subprocess.run([sys.executable, "manage.py", "demo_sign_ins", "--json"], cwd=REPO, env=env, capture_output=True, text=True)
        if done.returncode:
            self.progress.detail(f"no sign-ins: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
            return []
        return json.loads(done.stdout)

    def _stop(self) -> None:
        if self.supervisor.services:
            self.progress.say("Stopping ...")
        self.supervisor.stop_all()
        self.state.release()
        if self.supervisor.stop_asked is not None:
            self.progress.say("Stopped. The data is kept in " + shown(VAR) + "; `make run` starts again.")


def _address(wishes: checks.Wishes) -> str:
    return f"http://{'127.0.0.1' if wishes.host == '0.0.0.0' else wishes.host}:{wishes.port}"


def _welcome(wishes: checks.Wishes, sign_ins: list[dict[str, str]]) -> str:
    lines = ["", f"Greenlane answers at {_address(wishes)}", ""]
    if sign_ins:
        lines.append("Sign in as (synthetic data):")
        for one in sign_ins:
            lines.append(f"  {one['role']:<16} {one['login']:<14} {one['password']:<18} {one['name']}")
    lines += ["", f"Logs are in {shown(_LOGS)}. Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _port_of(url: str) -> int | None:
    try:
        return urllib.parse.urlsplit(url).port
    except ValueError:
        return None


def _still_free(port: int | None) -> int | None:
    return free_port(port) if port else None


def _rotate_logs() -> None:
    for log in _LOGS.glob("*.log"):
        if log.name != "run.log" and log.stat().st_size > _ROTATE_BYTES:
            log.replace(Path(f"{log}.1"))


def _explain_os_error(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"the disk is full ({error.filename or shown(VAR)}). Free some space and run `make run` again."
    return f"{error}. Everything it keeps is below {shown(VAR)}; can {os.environ.get('USER', 'this user')} write there?"


def main() -> int:
    if Path(f"/proc/{os.getppid()}/comm").is_file() and Path(f"/proc/{os.getppid()}/comm").read_text().strip() in ("make", "gmake"):
        # A make killed with -9 takes us along, and with us everything we started.
        die_with_parent()
    try:
        run = Run()
    except OSError as error:
        sys.exit(f"Greenlane did not start: {_explain_os_error(error)}")
    return run.go()


if __name__ == "__main__":
    raise SystemExit(main())

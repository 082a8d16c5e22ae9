"""A throwaway PostgreSQL and Valkey for a test run.

    with test_servers() as urls:      # {"DATABASE_URL": ..., "REDIS_URL": ...}
        ...

`python -m config.embedded.testing` keeps a pair running in the foreground and writes its URLs to `var/test-servers.json`,
so that a run of few tests starts at once; `running_test_urls()` finds them.
"""

import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path

from config.embedded import unprivileged
from config.embedded.paths import VAR
from config.embedded.postgres import THROWAWAY, Postgres
from config.embedded.processes import is_alive
from config.embedded.state import AlreadyRunning, State
from config.embedded.valkey import Valkey

_PREFIX = "greenlane-test-"


class TestServers:
    """PostgreSQL without fsync and Valkey without persistence, on free ports, in a folder that is removed at the end."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    @property
    def urls(self) -> dict[str, str]:
        assert self.postgres is not None and self.valkey is not None, "start() first"
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def start(self) -> dict[str, str]:
        """Start both and return their URLs. From the main thread: they die with the thread that started them."""
        _sweep_folders_of_dead_runs()
        self.folder = unprivileged.temporary_folder(f"{_PREFIX}{os.getpid()}-", unprivileged.account_for_postgres())
        try:
            self.postgres = Postgres(self.folder / "postgres", log=self.folder / "postgres.log", settings=THROWAWAY)
            self.postgres.start()
            self.valkey = Valkey(self.folder / "valkey", log=self.folder / "valkey.log", persistent=False)
            self.valkey.start()
        except BaseException:
            self.stop()
            raise
        return self.urls

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> dict[str, str]:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def test_servers() -> TestServers:
    """A pair of servers not yet started: use it in a `with`, or call `start()` and `stop()`.

    Import it in conftest.py only: in a test module pytest would take the name for a test.
    """
    return TestServers()


def running_test_urls(var: Path = VAR) -> dict[str, str] | None:
    """The URLs of the pair kept running in this clone, or None."""
    found = State(Path(var), "test-servers").read_if_alive()
    return {key: value for key, value in found.items() if key.endswith("_URL")} if found else None


def _sweep_folders_of_dead_runs() -> None:
    """A run killed with -9 could not remove its folder; its servers went with it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if owner and not is_alive(int(owner[1])):
            with contextlib.suppress(OSError):
                if folder.stat().st_uid == os.geteuid():
                    shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    state = State(VAR, "test-servers")
    try:
        state.acquire()
    except AlreadyRunning as holder:
        print(f"Test servers already run in this clone (process {holder}).", file=sys.stderr)
        return 1
    stopping = threading.Event()
    for what in (signal.SIGINT, signal.SIGTERM):
        signal.signal(what, lambda *_: stopping.set())
    try:
        with test_servers() as urls:
            state.write(urls)
            print(f"Test servers run; their URLs are in {state.file}. Ctrl-C stops them.", flush=True)
            stopping.wait()
    finally:
        state.release()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

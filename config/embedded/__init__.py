"""PostgreSQL, Valkey and Greenlane's own processes on one machine, with nothing to install beside the wheels.

`make run` goes through `run.py`; tests go through `testing.py`; `settings.py` asks `urls()` where the servers are.
"""

import os
from pathlib import Path

from config.embedded.paths import VAR
from config.embedded.state import State

__all__ = ["TestServers", "is_demo", "running_test_urls", "running_urls", "test_servers", "urls"]

# What libpq and redis-py print when somebody connects while nothing runs: the address itself says what to do.
_NOTHING_RUNS = {
    "DATABASE_URL": "postgresql:///greenlane?host=/nothing-is-running/start-it-with-make-run",
    "REDIS_URL": "redis://start-it-with-make-run@127.0.0.1:1/0",
}


def urls(var: Path = VAR) -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and LAKE_URL of the servers that `make run` holds up in this clone.

    Reads one small file and imports no Django. Where nothing runs, the first two are addresses that fail at the first
    connection with a message naming `make run`, so that commands needing no database still work.
    """
    lake = {"LAKE_URL": (Path(var).resolve() / "lake").as_uri()}
    return _NOTHING_RUNS | lake | running_urls(var)


def running_urls(var: Path = VAR) -> dict[str, str]:
    """The URLs of the running servers, or an empty dict where nothing runs."""
    found = State(Path(var), "embedded").read_if_alive() or {}
    return {key: value for key, value in found.items() if key.endswith("_URL")}


def is_demo(var: Path = VAR) -> bool:
    """Whether the servers that run in this clone hold a demonstration; never said of a database somebody named."""
    found = State(Path(var), "embedded").read_if_alive() or {}
    return "DATABASE_URL" not in os.environ and found.get("DEMO") == "1"


def __getattr__(name: str):
    if name in ("test_servers", "TestServers", "running_test_urls"):
        from config.embedded import testing

        return getattr(testing, name)
    raise AttributeError(name)

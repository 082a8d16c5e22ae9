"""What must hold before anything is started; every refusal says what to do."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded import paths
from config.embedded.processes import port_in_use

_FIRST_RUN_MB = 2_500  # a synthetic utility of 20,000 accounts, its journal and its lake, with room to work
_LATER_RUN_MB = 500


class Refusal(Exception):
    """A reason not to start, written for the person at the terminal."""


@dataclass(frozen=True)
class Wishes:
    """What the person asked for through the environment."""

    host: str
    port: int
    accounts: int
    demo: bool
    var: Path
    database_url: str
    redis_url: str
    lake_url: str


def read_wishes(env: Mapping[str, str]) -> Wishes:
    database_url = env.get("DATABASE_URL", "")
    return Wishes(
        host=env.get("HOST") or "127.0.0.1",
        port=_whole_number(env, "PORT", 8000, lowest=1, highest=65_535),
        accounts=_whole_number(env, "ACCOUNTS", 20_000, lowest=100, highest=20_000_000),
        # Nobody's real database is filled with invented customers unless they say so.
        demo=_yes(env, "DEMO", default=not database_url),
        var=paths.VAR,
        database_url=database_url,
        redis_url=env.get("REDIS_URL", ""),
        lake_url=env.get("LAKE_URL", ""),
    )


def port_is_free(host: str, port: int) -> None:
    try:
        taken = port_in_use(port, host)
    except OSError as error:
        raise Refusal(f"HOST={host} is not an address of this machine ({error}). Leave HOST out to listen on 127.0.0.1.") from error
    if taken:
        raise Refusal(
            f"Port {port} on {host} is in use by another program (or needs more rights). Choose another: make run PORT={port + 1}"
        )


def disk_has_room(folder: Path, *, first_run: bool, needed_mb: int | None = None) -> None:
    """Refuse to start on a disk that would fill up; GREENLANE_MIN_FREE_MB overrides the figure."""
    needed = needed_mb or int(os.environ.get("GREENLANE_MIN_FREE_MB") or (_FIRST_RUN_MB if first_run else _LATER_RUN_MB))
    # The folder may be made later; its disk is that of the first parent there is.
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    if free < needed:
        raise Refusal(
            f"The disk under {paths.shown(folder)} has {free:,} MB free and Greenlane needs {needed:,} MB to start. Free some space, "
            "or keep the data on another disk: make run GREENLANE_VAR=/path/to/folder"
        )


def database_answers(url: str) -> None:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=10).close()
    except psycopg2.Error as error:
        raise Refusal(
            f"the server in DATABASE_URL does not let us in: {str(error).strip()}\n"
            "Correct DATABASE_URL, or leave it out to use the embedded PostgreSQL."
        ) from error


def redis_answers(url: str) -> None:
    import redis

    try:
        redis.Redis.from_url(url, socket_timeout=10).ping()
    except (redis.RedisError, ValueError) as error:
        raise Refusal(
            f"the server in REDIS_URL does not let us in: {error}\nCorrect REDIS_URL, or leave it out to use the embedded Valkey."
        ) from error


def _whole_number(env: Mapping[str, str], name: str, default: int, *, lowest: int, highest: int) -> int:
    given = env.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or not lowest <= int(given) <= highest:
        raise Refusal(f"{name}={given} is not a whole number from {lowest:,} to {highest:,}.")
    return int(given)


def _yes(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = env.get(name, "").lower()
    return default if not given else given in ("1", "true", "yes", "on")

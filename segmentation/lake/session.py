"""A DuckDB connection that reads the lake and PostgreSQL, with bounded memory and no way to the internet."""

import importlib
import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn

from segmentation.lake.store import Lake, quoted

READERS_MEMORY = "512MB"
LIBPQ = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options")


def lake() -> Lake:
    return Lake.at(settings.LAKE_URL)


@contextmanager
def open_session(*, of: Lake, spill_to: Path | None = None):
    """A private DuckDB. With `spill_to` it is a worker's: LAKE_MEMORY (default 2500MB) and LAKE_THREADS; without, a page's: small."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": os.environ.get("LAKE_MEMORY", "2500MB") if spill_to else READERS_MEMORY,
        "threads": int(os.environ.get("LAKE_THREADS", 0)) or os.cpu_count() or 1 if spill_to else 1,
        "temp_directory": str(spill_to) if spill_to else "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_unsigned_extensions": True,  # `_extension` looked at the signature of what is loaded
    }
    session = duckdb.connect(config=config)
    try:
        session.execute(f"set timezone = {quoted(settings.TIME_ZONE)}")
        if of.is_object_storage:
            _open_object_storage(session)
        yield session
    finally:
        session.close()


def attach_facts(session):
    """PostgreSQL as the read-only catalogue `facts`: the database Django is connected to."""
    _load(session, "postgres_scanner")
    session.execute(f"attach {quoted(dsn())} as facts (type postgres, read_only)")


@contextmanager
def writing_to_postgres(session):
    """The name under which the session may write to the same database, for as long as the block lasts."""
    session.execute(f"attach {quoted(dsn())} as writing (type postgres)")
    try:
        yield "writing"
    finally:
        session.execute("detach writing")


def dsn() -> str:
    """Where Django's database is, for a connection of one's own."""
    parameters = connection.get_connection_params()
    return make_dsn(**{key: parameters[key] for key in LIBPQ if parameters.get(key)})


def _load(session, name):
    session.execute(f"load {quoted(_extension(name))}")


@cache
def _extension(name) -> Path:
    """Where an extension lies in its pinned wheel; nothing is downloaded. Its signature is checked here, once a process: that takes longer than a
    small recompute."""
    module = importlib.import_module(f"duckdb_extension_{name}")
    found = sorted(Path(module.__path__[0]).glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension"))
    if not found:
        package = f"duckdb-extension-{name.replace('_', '-')}"
        raise RuntimeError(f"{package} does not fit DuckDB {duckdb.__version__}: install the same version of both.")
    with duckdb.connect() as strict:
        strict.execute(f"load {quoted(found[0])}")
    return found[0]


def _open_object_storage(session):
    """Keys and endpoint as every S3 client reads them, from AWS_* in the environment."""
    _load(session, "httpfs")
    env = os.environ.get
    endpoint = env("AWS_ENDPOINT_URL_S3") or env("AWS_ENDPOINT_URL") or ""
    options = {
        "key_id": env("AWS_ACCESS_KEY_ID", ""),
        "secret": env("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": env("AWS_SESSION_TOKEN", ""),
        "region": env("AWS_REGION") or env("AWS_DEFAULT_REGION") or "us-east-1",
        "endpoint": endpoint.split("://")[-1].rstrip("/"),
        "url_style": "path" if endpoint else "",
    }
    given = "".join(f", {key} {quoted(value)}" for key, value in options.items() if value)
    plain = ", use_ssl false" if endpoint.startswith("http://") else ""
    session.execute(f"create secret lake (type s3{given}{plain})")

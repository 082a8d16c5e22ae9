"""What a running set of servers tells other commands of the same clone: a lock that dies with it and a file of URLs."""

import fcntl
import json
import os
import time
from pathlib import Path


class AlreadyRunning(Exception):
    """Somebody else holds the lock; the message names the process."""


class State:
    """`var/<name>.json`, believed only while `var/<name>.lock` is held by a living process.

    The lock is the kernel's, so a supervisor killed with -9 leaves a stale file but never a stale lock.
    """

    def __init__(self, var: Path, name: str):
        self.file = var / f"{name}.json"
        self.lock_file = var / f"{name}.lock"
        self._lock: int | None = None

    def acquire(self, *, patience_seconds: float = 1.0) -> None:
        """Take the lock for the life of this process, or raise AlreadyRunning."""
        self.lock_file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # A reader holds it for a moment only; a running supervisor for good.
                if time.monotonic() > deadline:
                    holder = os.pread(handle, 32, 0).decode().strip() or "unknown"
                    os.close(handle)
                    raise AlreadyRunning(holder) from None
                time.sleep(0.05)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._lock = handle

    def write(self, facts: dict) -> None:
        """Publish the facts whole: a reader sees the old file or the new one. Passwords are inside, hence 0600."""
        draft = self.file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"pid": os.getpid(), **facts}, indent=2) + "\n")
        draft.replace(self.file)

    def read(self) -> dict | None:
        try:
            return json.loads(self.file.read_text())
        except (OSError, ValueError):
            return None

    def read_if_alive(self) -> dict | None:
        return self.read() if self._is_held() else None

    def release(self) -> None:
        if self._lock is not None:
            self.file.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def _is_held(self) -> bool:
        if self._lock is not None:
            return True
        try:
            handle = os.open(self.lock_file, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

"""Starting, watching and ending processes so that none outlives the one that started it."""

import contextlib
import ctypes
import errno
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A user of the machine that a process runs as."""

    name: str
    uid: int
    gid: int


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments that make subprocess give root's rights up."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO | int | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals | None = signal.SIGTERM,
    nice: int = 0,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen:
    """Start `command` in a session of its own; the kernel sends it `death_signal` when this process dies, however it dies.

    Its session lets the whole family be ended at once (`end_session`). Call from the main thread: the kernel ties the
    death signal to the thread that forked.
    """
    parent = os.getpid()

    def in_child() -> None:
        # After the user was changed, because changing it clears the death signal.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if nice:
            os.nice(nice)
        if _libc is not None and death_signal is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        env=dict(env) if env is not None else None,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=in_child,
        **as_account(account),
    )


def die_with_parent(death_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))


def session_members(session: int) -> list[int]:
    """Processes of a session. Where there is no /proc, the leader's process group stands for it."""
    if not os.path.isdir("/proc/self"):
        try:
            os.killpg(session, 0)
        except OSError:
            return []
        return [session]
    members = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] not in "ZX":
                    members.append(int(entry))
    return members


def signal_session(session: int, what: signal.Signals) -> None:
    for pid in session_members(session):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, what)


def end_session(session: int, *, first: signal.Signals = signal.SIGTERM, grace_seconds: float = 5.0) -> None:
    """Signal the leader, wait for the whole session to go, kill what is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(session, first)
    if not wait_until(lambda: not session_members(session), seconds=grace_seconds):
        signal_session(session, signal.SIGKILL)


def stop(process: subprocess.Popen, *, first: signal.Signals = signal.SIGTERM, grace_seconds: float = 10.0) -> None:
    """End a process we started and everything in its session; returns when it is gone."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_seconds)
    signal_session(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition: Callable[[], object], *, seconds: float, every: float = 0.03) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def free_port(preferred: int | None = None) -> int:
    """A free TCP port on the loopback address, below the range the kernel hands to outgoing connections."""
    for port in ([preferred] if preferred else []) + random.sample(range(20_000, 32_000), 200):
        if not port_in_use(port):
            return port
    raise OSError("No free port between 20000 and 32000 on 127.0.0.1.")


def port_in_use(port: int, host: str = "127.0.0.1") -> bool:
    """Whether listening there would fail; OSError where `host` is no address of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            return True
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""The last one out: ends every process of a run whose supervisor was killed with -9.

The supervisor tells it the sessions it starts through a pipe, one line each: `+<session> <signal>` or `-<session>`.
When the pipe closes, nobody supervises any more.
"""

import contextlib
import os
import signal
import sys

from config.embedded.processes import session_members, signal_session, wait_until


def listen(lines) -> dict[int, signal.Signals]:
    """Follow the pipe to its end; the sessions alive then, with the signal each is asked to leave by."""
    sessions: dict[int, signal.Signals] = {}
    for line in lines:
        words = line[1:].split()
        if line.startswith("+"):
            sessions[int(words[0])] = signal.Signals(int(words[1]))
        else:
            sessions.pop(int(words[0]), None)
    return sessions


def end(sessions: dict[int, signal.Signals], *, grace_seconds: float) -> None:
    """Ask the leaders, wait, kill what is left."""
    for session, first in sessions.items():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(session, first)
    wait_until(lambda: not any(session_members(session) for session in sessions), seconds=grace_seconds, every=0.1)
    for session in sessions:
        signal_session(session, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end(listen(sys.stdin), grace_seconds=float(sys.argv[1]))

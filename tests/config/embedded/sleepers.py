"""A supervisor over two small services, each with a child deaf to SIGTERM: `python -m tests.config.embedded.sleepers FOLDER`."""

import sys
from pathlib import Path

from config.embedded.paths import REPO
from config.embedded.processes import spawn
from config.embedded.supervisor import Service, Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
LEADER = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}, *sys.argv[1:]]); time.sleep(60)"


def service(name: str, folder: Path) -> Service:
    log = folder / f"{name}.log"

    def start():
        with log.open("ab") as sink:
            # Folder and name among the arguments are how the test finds the family.
            return spawn([sys.executable, "-c", LEADER, str(folder), name], log=sink, cwd=REPO)

    return Service(name, start, log, grace_seconds=0.5)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    supervisor = Supervisor(say=say, log_folder=folder, orphan_grace_seconds=0.5)
    supervisor.listen_to_signals()
    for name in ("one", "two"):
        supervisor.add(service(name, folder))
    say("up")
    supervisor.watch()
    supervisor.stop_all()

"""The processes of Greenlane itself: which commands, in which order they leave."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded.paths import REPO
from config.embedded.processes import spawn
from config.embedded.supervisor import Service

# The same words stand in docker-compose.yml; a test compares them.
WEB = ["-m", "gunicorn", "config.wsgi", "--preload", "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"]
# Without the checks, which read every page's code: a worker has no pages, and `make test` has made them.
_WORKER = ["-m", "celery", "-A", "config", "--skip-checks", "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
WORKER = [*_WORKER, "--queues", "default", "--concurrency", "2", "--hostname", "default@%h"]
HEAVY = [*_WORKER, "--queues", "heavy", "--concurrency", "1", "--hostname", "heavy@%h"]
TRAINING = [*_WORKER, "--queues", "training", "--concurrency", "1", "--hostname", "training@%h"]
WORKER_NICE, HEAVY_NICE, TRAINING_NICE = 5, 10, 15
BEAT = ["-m", "celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]


def application_services(*, env: Mapping[str, str], host: str, port: int, var: Path) -> list[Service]:
    """Web, workers and beat, in the order they are started."""
    log = var / "log"
    # Whoever waits at a screen comes first: workers yield to the web, and long work, in one process, to short.
    leave_worker = (signal.SIGTERM, signal.SIGQUIT)
    return [
        _service("web", [*WEB, "--bind", f"{host}:{port}"], env=env, log=log, grace_seconds=7),
        _service("worker", WORKER, env=env, log=log, leave_by=leave_worker, grace_seconds=10, nice=WORKER_NICE),
        _service("heavy", HEAVY, env=env, log=log, leave_by=leave_worker, grace_seconds=10, nice=HEAVY_NICE),
        _service("training", TRAINING, env=env, log=log, leave_by=leave_worker, grace_seconds=10, nice=TRAINING_NICE),
        _service("beat", [*BEAT, "--schedule", str(var / "celerybeat-schedule")], env=env, log=log, grace_seconds=4),
    ]


def _service(
    name: str,
    arguments: list[str],
    *,
    env: Mapping[str, str],
    log: Path,
    leave_by: tuple[signal.Signals, ...] = (signal.SIGTERM,),
    grace_seconds: float,
    nice: int = 0,
) -> Service:
    file = log / f"{name}.log"

    def start():
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as sink:
            return spawn([sys.executable, *arguments], log=sink, env=env, cwd=REPO, nice=nice)

    return Service(name, start, file, leave_by=leave_by, grace_seconds=grace_seconds)

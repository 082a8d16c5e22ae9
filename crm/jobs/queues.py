"""What stands in the broker and who answers, asked of the broker itself."""

import json
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

QUEUES = ("default", "heavy", "training")
ANSWER_WITHIN_SECONDS = 1.5


@dataclass(frozen=True)
class Queue:
    """`oldest_asked_at`: seconds since 1970 when the task first in line was asked for, None when unknown or empty."""

    name: str
    depth: int
    oldest_asked_at: float | None


@dataclass(frozen=True)
class Worker:
    name: str
    queues: list[str]
    busy_with: list[str]


def queues() -> tuple[list[Queue], int] | None:
    """Queues and the number of tasks in hand; None when the broker does not answer."""
    broker = Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        found = [Queue(name, broker.llen(name), _asked_at(broker.lindex(name, -1))) for name in QUEUES]
        return found, broker.hlen("unacked")
    except RedisError:
        return None
    finally:
        broker.close()


def _asked_at(message):
    try:
        return float(json.loads(message)["headers"]["asked_at"])
    except (TypeError, KeyError, ValueError):
        return None


def workers() -> list[Worker]:
    """Who answers within a second and a half, by name."""
    asked = current_app.control.inspect(timeout=ANSWER_WITHIN_SECONDS)
    try:
        serving = asked.active_queues() or {}
        active = asked.active() if serving else {}
    except (RedisError, OSError, OperationalError):
        return []
    return [
        Worker(
            name, sorted(queue["name"] for queue in found), [task["name"].rsplit(".tasks.", 1)[-1] for task in (active or {}).get(name, [])]
        )
        for name, found in sorted(serving.items())
    ]

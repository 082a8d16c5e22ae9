"""A cache whose loss is not ours: while Valkey is away each process remembers for itself, and the work of people goes on.

Nothing that must not be lost stands in a cache: sessions are rows, work is rows. So an outage costs speed, not answers.
"""

import contextlib
import threading
import time
from collections.abc import Iterable

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, TimeoutError
from redis.retry import Retry

AWAY = (ConnectionError, TimeoutError, OSError)
ASK_AGAIN_AFTER_SECONDS = 2.0
CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 2.0
log = structlog.get_logger(__name__)


class Outage:
    """What one process knows of one server's absence. `touched`: keys it wrote or deleted meanwhile, which the server has old."""

    def __init__(self, name):
        self.memory = LocMemCache(f"outage-{name}", {"KEY_FUNCTION": lambda key, prefix, version: key})
        self.touched: set[str] = set()
        self.ask_again_at = 0.0
        self.lock = threading.Lock()

    @property
    def holds(self):
        return time.monotonic() < self.ask_again_at

    def begin(self, error):
        if not self.ask_again_at:
            log.warning("cache away, each process remembers for itself", error=str(error))
        self.ask_again_at = time.monotonic() + ASK_AGAIN_AFTER_SECONDS

    def end(self, server):
        """The server answers again: what changed meanwhile is forgotten there before anybody reads it, a signed-out session above all."""
        with self.lock:
            if self.touched:
                server.delete_many(list(self.touched))
            self.touched.clear()
            self.memory.clear()
            if self.ask_again_at:
                log.warning("cache is back")
            self.ask_again_at = 0.0


_outages: dict[str, Outage] = {}


class SharedClient(RedisCacheClient):
    """Django's, but one client object a pool: it makes one for every command, which takes as long as the command. redis-py lets threads share it."""

    def __init__(self, servers, **options):
        super().__init__(servers, **options)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


class ForgivingClient:
    """The client of `RedisCache`; its verbs go to the server, or to the process's own memory while the server is away."""

    def __init__(self, servers, **options):
        waits = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": ANSWER_SECONDS, "retry": Retry(NoBackoff(), 1)}
        self.server = SharedClient(servers, **(waits | options))
        self.outage = _outages.setdefault(servers[0], Outage(servers[0]))

    def _ask(self, verb, *args, writes: Iterable[str] = ()):
        if not self.outage.holds:
            try:
                if self.outage.ask_again_at or self.outage.touched:
                    self.outage.end(self.server)
                return getattr(self.server, verb)(*args)
            except AWAY as error:
                self.outage.begin(error)
        self.outage.touched.update(writes)
        return getattr(self.outage.memory, verb)(*args)

    def add(self, key, value, timeout):
        return self._ask("add", key, value, timeout, writes=[key])

    def get(self, key, default):
        return self._ask("get", key, default)

    def set(self, key, value, timeout):
        return self._ask("set", key, value, timeout, writes=[key])

    def touch(self, key, timeout):
        return self._ask("touch", key, timeout, writes=[key])

    def delete(self, key):
        return self._ask("delete", key, writes=[key])

    def get_many(self, keys):
        return self._ask("get_many", list(keys))

    def has_key(self, key):
        return self._ask("has_key", key)

    def incr(self, key, delta):
        return self._ask("incr", key, delta, writes=[key])

    def set_many(self, data, timeout):
        return self._ask("set_many", data, timeout, writes=data)

    def delete_many(self, keys):
        return self._ask("delete_many", list(keys), writes=keys)

    def clear(self):
        return self._ask("clear")

    def answers(self) -> bool:
        """Whether the server itself answers now, whatever the process remembers."""
        with contextlib.suppress(RedisError, OSError):
            return bool(self.server.get_client(None).ping())
        return False


class ForgivingCache(RedisCache):
    """`django.core.cache.backends.redis.RedisCache`, except that a server that is away is forgiven."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient

    def answers(self) -> bool:
        return self._cache.answers()  # type: ignore[attr-defined]  # the stubs know the plain client only

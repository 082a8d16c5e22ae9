import os
import signal
import stat

import pytest
import redis

from config.embedded.valkey import Valkey

pytestmark = pytest.mark.processes


@pytest.fixture
def valkey(folder):
    server = Valkey(folder / "valkey", log=folder / "valkey.log")
    server.start()
    yield server
    server.stop()


def test_work_queued_before_a_kill_9_is_there_after_it(valkey):
    client = redis.Redis.from_url(valkey.url)
    client.lpush("default", "recompute 7", "recompute 8")
    os.kill(valkey.process.pid, signal.SIGKILL)
    valkey.process.wait()
    valkey.start()
    assert client.lrange("default", 0, -1) == [b"recompute 8", b"recompute 7"]


def test_nobody_gets_in_without_the_password_and_it_is_not_among_the_arguments(valkey):
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()
    with open(f"/proc/{valkey.process.pid}/cmdline") as arguments:
        assert valkey.password() not in arguments.read()
    assert stat.S_IMODE((valkey.folder / "valkey.conf").stat().st_mode) == 0o600

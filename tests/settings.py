"""The product's settings, pointed at the servers of this test run."""

import os

from tests import servers

servers.start()

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, REDIS_URL  # noqa: E402

# Two runs at once on the same servers stay apart, and so do the workers of one: each has a database, a Valkey database and a cache prefix.
_run = int(os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid():x}")[:8], 16)
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
DATABASES["default"]["TEST"] = {"NAME": f"test_{os.getpid()}"}
CELERY_BROKER_URL = REDIS_URL = f"{REDIS_URL.rsplit('/', 1)[0]}/{(_run + _worker) % 15 + 1}"
CACHES["default"] |= {"LOCATION": REDIS_URL, "KEY_PREFIX": f"test-{os.getpid()}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of sign-ins a run
WHITENOISE_AUTOREFRESH = True  # or every client of every test would look through all static files first

"""One PostgreSQL and one Valkey for the whole run, a database per xdist worker. `tests/settings.py` starts them before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

from config.embedded import running_test_urls, test_servers

_servers = None
_scratch = None


def start():
    """The xdist controller starts the servers and hands the addresses down through the environment; a worker only reads them."""
    global _servers, _scratch
    if "PYTEST_XDIST_WORKER" in os.environ or "TEST_DATABASE_URL" in os.environ:
        urls = {"DATABASE_URL": os.environ["TEST_DATABASE_URL"], "REDIS_URL": os.environ["TEST_REDIS_URL"]}
    else:
        urls = running_test_urls()
        if not urls:
            _servers = test_servers()
            urls = _servers.start()
        os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"] = urls["DATABASE_URL"], urls["REDIS_URL"]
    os.environ.update(urls)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    _scratch = Path(tempfile.mkdtemp(prefix=f"greenlane-{worker}-"))
    os.environ.update(GREENLANE_VAR=str(_scratch), LAKE_URL=(_scratch / "lake").as_uri(), LOGIN_RATE="1000/m/ip", LOG_LEVEL="WARNING")
    os.environ["CELERY_SKIP_CHECKS"] = "1"  # as the product starts its workers


def stop():
    shutil.rmtree(_scratch, ignore_errors=True)
    if _servers is not None:
        _servers.stop()

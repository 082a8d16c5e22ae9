"""Real servers and real processes; nothing here touches the database of the test run."""

import os
import shutil

import pytest

from config.embedded import unprivileged

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="ONLY ROOT has to give its rights up: run the tests as root to see this one")


@pytest.fixture(autouse=True)
def _fresh_cache():
    """The cache is not used here, so it is not cleared."""


@pytest.fixture
def folder():
    """A folder that the user who runs PostgreSQL can reach, wherever the clone lies."""
    made = unprivileged.temporary_folder("greenlane-embedded-", unprivileged.account_for_postgres())
    yield made
    shutil.rmtree(made, ignore_errors=True)

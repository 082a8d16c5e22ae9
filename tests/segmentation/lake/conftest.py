from contextlib import contextmanager

import pytest
from django.utils import timezone

from segmentation.lake.services import sync
from segmentation.lake.session import attach_facts, lake, open_session


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


@pytest.fixture
def opened(tmp_path):
    """`with opened() as session`: DuckDB with PostgreSQL attached."""

    @contextmanager
    def open_it():
        with open_session(of=lake(), spill_to=tmp_path / "spill") as session:
            attach_facts(session)
            yield session

    return open_it


@pytest.fixture
def synced(opened):
    """Sync once; gives what was written."""

    def once():
        with opened() as session:
            return sync(session=session, lake=lake(), at=timezone.now())

    return once

import datetime as dt

import pytest

AT = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    settings.VAR_DIR = tmp_path

import pytest

pytest_plugins = ["tests.fixtures", "tests.journeys.chromium"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest start first, so that no worker idles at the end; `--dist loadfile` keeps a file on one worker, and what it makes for all its tests is made once."""
    items.sort(key=lambda item: not (item.get_closest_marker("processes") or item.get_closest_marker("journey")))


def pytest_unconfigure(config):
    from tests import servers

    servers.stop()

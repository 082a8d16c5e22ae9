from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures", "tests.journeys.chromium"]
HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """A module stays on one xdist worker, so that what it makes for all its tests is made once; the longest start first, so that no worker idles at the end."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(HERE).as_posix()))
    yield
    items.sort(key=lambda item: not (item.get_closest_marker("processes") or item.get_closest_marker("journey")))


def pytest_unconfigure(config):
    from tests import servers

    servers.stop()

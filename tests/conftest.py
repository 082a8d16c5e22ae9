import gc

import pytest

pytest_plugins = ["tests.fixtures", "tests.journeys.chromium"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest start first, so that no worker idles at the end; `--dist loadfile` keeps a file on one worker, and what it makes for all its
    tests is made once. Real processes before all, as they have servers of their own and wait for nobody's template."""
    order = {"processes": 0, "journey": 1}
    items.sort(key=lambda item: min((rank for name, rank in order.items() if item.get_closest_marker(name)), default=2))


def pytest_collection_finish(session):
    """What is loaded stays until the end: collections after this look at what tests make, as in the product's web."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config):
    from tests import servers

    servers.stop()

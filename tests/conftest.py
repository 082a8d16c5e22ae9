pytest_plugins = ["tests.fixtures", "tests.journeys.chromium"]


def pytest_unconfigure(config):
    from tests import servers

    servers.stop()

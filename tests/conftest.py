pytest_plugins = ["tests.fixtures"]


def pytest_unconfigure(config):
    from tests import servers

    servers.stop()

from tests.crm.moments import green, log, monday  # noqa: F401

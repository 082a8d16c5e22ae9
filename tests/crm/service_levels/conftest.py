"""Moments and tickets that tests speak of."""

from tests.crm.moments import green, log, monday  # noqa: F401

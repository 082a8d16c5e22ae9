"""Moments and tickets that tests speak of."""

from tests.crm.moments import _seeded, green, log, monday  # noqa: F401

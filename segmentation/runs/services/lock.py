"""One recompute at a time, whoever asks: an advisory lock of PostgreSQL on a connection of its own.

The lock lives as long as the connection and so as long as the process: a killed worker frees it at once, and whoever holds it knows that
any run still called running is dead.
"""

from contextlib import contextmanager, suppress

import psycopg2
from django.utils.translation import gettext as _

from crm.people.errors import Refused
from segmentation.lake.session import dsn

RECOMPUTE, ASK = (7_730, 1), (7_730, 2)


class Busy(Refused):
    """Another process is recomputing."""

    code = "busy"


@contextmanager
def only_one():
    """Hold the lock; gives the connection (autocommit), on which progress is told. Raises `Busy` when somebody else holds it."""
    guard = psycopg2.connect(dsn(), application_name="greenlane recompute", keepalives_idle=30)
    try:
        guard.autocommit = True
        with guard.cursor() as db:
            db.execute("select pg_try_advisory_lock(%s, %s)", RECOMPUTE)
            if not db.fetchone()[0]:
                raise Busy(_("A recompute is running. Wait until it is done, or cancel it on the page of runs."))
        yield guard
        with suppress(psycopg2.Error), guard.cursor() as db:  # closing alone frees it only when the server comes round to it
            db.execute("select pg_advisory_unlock(%s, %s)", RECOMPUTE)
    finally:
        guard.close()


def is_free() -> bool:
    try:
        with only_one():
            return True
    except Busy:
        return False

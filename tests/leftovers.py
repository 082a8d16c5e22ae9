"""What a test with real transactions leaves behind, and how the database gets back to what migrations brought.

Django would truncate every table and say so to every app (`flush`, `post_migrate`): seconds a test with our tables and their partitions.
Here only tables that hold something else than they did after the migrations are emptied and, if they held rows then, filled again.
"""

import io

from django.db import connection
from django.test import TransactionTestCase

_brought: dict[str, tuple[int, int]] = {}  # table: (rows, fingerprint), once migrations were done
_rows: dict[str, bytes] = {}  # what those tables held then, as COPY writes it


def remember():
    """Take note of the rows that migrations brought. Call once, when the test database has just been made."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - {"django_migrations"}
    _brought.update(_fingerprints(tables))
    with connection.cursor() as db:
        for table, (rows, _fingerprint) in _brought.items():
            if rows:
                copy = io.BytesIO()
                db.copy_expert(f'copy "{table}" to stdout', copy)
                _rows[table] = copy.getvalue()


def clear():
    """Every table as `remember()` saw it."""
    changed = [table for table, seen in _fingerprints(_brought).items() if seen != _brought[table]]
    if not changed:
        return
    with connection.cursor() as db:
        db.execute("begin; set local session_replication_role = replica")  # neither foreign keys nor audit triggers
        for table in changed:
            db.execute(f'delete from "{table}"')
            if table in _rows:
                db.copy_expert(f'copy "{table}" from stdin', io.BytesIO(_rows[table]))
        db.execute("commit")


def _fingerprints(tables):
    """{table: (rows, exclusive-or of every row's hash)}, in one statement."""
    each = (
        f"select '{table}', count(*), coalesce(bit_xor(hashtextextended(t::text, 0)), 0) from \"{table}\" t" for table in sorted(tables)
    )
    with connection.cursor() as db:
        db.execute(" union all ".join(each))
        return {table: (rows, fingerprint) for table, rows, fingerprint in db.fetchall()}


TransactionTestCase._fixture_teardown = lambda self: clear()

"""What the database still lacks, read from the rows themselves: a marker file could outlive the data it speaks of."""

import contextlib

import psycopg2
from psycopg2 import sql


def has_rows(database_url: str, table: str) -> bool:
    """Whether `table` exists and holds at least one row."""
    with contextlib.closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table)))
        return cursor.fetchone()[0]


def needs_demo(database_url: str) -> bool:
    """No account yet. Where accounts exist, synthetic ones are never added to them."""
    return not has_rows(database_url, "crm_account")


def needs_first_recompute(database_url: str) -> bool:
    """Accounts stand there, but not yet the two runs that a demonstration begins with: a quarter ago, and today."""
    return has_rows(database_url, "crm_account") and _published_runs(database_url) < 2


LEARNABLE = 2_000  # accounts; fewer hold too few leavers for a model to be learned from them


def needs_demo_model(database_url: str) -> bool:
    """Accounts enough were judged, and no model of leaving was ever decided about: none was asked for, or the first is on its way."""
    enough = f"SELECT count(*) >= {LEARNABLE} FROM (SELECT FROM crm_account LIMIT {LEARNABLE}) found"
    decided = "SELECT EXISTS (SELECT FROM segmentation_riskmodel WHERE state IN ('in_force', 'retired', 'refused', 'failed', 'cancelled'))"
    return _published_runs(database_url) > 0 and _answer(database_url, enough) and not _answer(database_url, decided)


def _published_runs(database_url: str) -> int:
    return _answer(database_url, "SELECT count(*) FROM segmentation_run WHERE state = 'published'")


def _answer(database_url: str, question: str):
    with contextlib.closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]

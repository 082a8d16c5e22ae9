"""The tables of a test run are migrated once, however many processes it has; each process's database is then a copy that PostgreSQL makes in no time."""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

PROJECT = Path(__file__).parents[1]
SOURCES = ("config", "crm", "segmentation", "marketing", "requirements")


def fingerprint():
    """Of everything a migration may run or bring: our own code, for it seeds, and the versions of the libraries."""
    digest = hashlib.sha256()
    for path in sorted(path for source in SOURCES for path in (PROJECT / source).rglob("*") if path.suffix in (".py", ".txt", ".sql")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def make() -> str:
    """The name of the database to copy; made first by whoever comes first, while others wait."""
    name = f"template_{fingerprint()}"
    mine = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as server:
        server.execute("select pg_advisory_lock(hashtext('greenlane test template'))")
        server.execute("select datname from pg_database where datname like 'template\\_%%' and not datistemplate")
        there = {row for (row,) in server.fetchall()}
        if name not in there:
            for old in there:
                server.execute(f'drop database "{old}"')
            server.execute(f'create database "{name}_half"')
            connection.close()
            connection.settings_dict["NAME"] = f"{name}_half"
            try:
                call_command("migrate", verbosity=0)
            finally:
                connection.close()
                connection.settings_dict["NAME"] = mine
            server.execute(f'alter database "{name}_half" rename to "{name}"')
        server.execute("select pg_advisory_unlock(hashtext('greenlane test template'))")
    return name

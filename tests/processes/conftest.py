"""The whole product as `make run` starts it, once for all tests of this folder: its tables and its demonstration take a while to make."""

import os
import shutil
import signal

import psycopg2
import pytest
import requests

from config.embedded import unprivileged

from .whole_run import WholeRun

ACCOUNTS = 300
TOKEN = "insert into authtoken_token (key, user_id, created) select md5(random()::text), id, now() from crm_user where username = %s returning key"


@pytest.fixture(autouse=True)
def _fresh_cache():
    """The cache of the test run is not used here, so it is not cleared."""


@pytest.fixture(scope="session")
def run():
    folder = unprivileged.temporary_folder("greenlane-run-", unprivileged.account_for_postgres())
    (folder / "var").mkdir()
    started = WholeRun(folder / "var", DEMO="1", ACCOUNTS=str(ACCOUNTS)).wait_until_up(seconds=150)
    yield started
    started.stop(signal.SIGTERM)
    for pid in started.processes():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def rows(run):
    """`rows("select …")` in the running product's database."""
    connection = psycopg2.connect(run.facts()["DATABASE_URL"])
    connection.autocommit = True

    def ask(sql, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    yield ask
    connection.close()


@pytest.fixture
def api(rows):
    """`api(role)` is a session that talks to the product as that role's demonstration person."""

    def session(role):
        client = requests.Session()
        rows("delete from authtoken_token where user_id = (select id from crm_user where username = %s) returning 1", role)
        client.headers["Authorization"] = f"Token {rows(TOKEN, role)[0][0]}"
        return client

    return session

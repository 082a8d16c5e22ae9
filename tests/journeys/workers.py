"""A Celery worker in a thread, on the database and broker of the test run; and a synthetic utility to work on."""

import contextlib

from django.db import connection
from django.utils import timezone

from config.celery import app
from crm.demo import services as demo
from crm.demo.plan import Plan, last_billed_month

QUEUES = ["default", "heavy", "training"]


def silence():
    """Throw away the bells of earlier tests: their rows are gone."""
    with app.connection_for_write() as connection:
        for queue in QUEUES:
            app.amqp.queues[queue](connection.default_channel).declare()
            connection.default_channel.queue_purge(queue)


@contextlib.contextmanager
def worker():
    """One that works off what is rung for while it lives."""
    from celery.contrib.testing.worker import start_worker

    with start_worker(app, pool="solo", perform_ping_check=False, queues=QUEUES, shutdown_timeout=60):
        yield


def make_utility(*, accounts, months=24):
    """Synthetic accounts in the empty test database, with the sign-ins of a demonstration."""
    assert connection.settings_dict["NAME"].startswith("test_"), "the test database is not set up: mark the module with django_db"
    now = timezone.localtime()
    return demo.create(plan=Plan(accounts=accounts, months=months, seed=7, until=last_billed_month(now.date()), now=now))

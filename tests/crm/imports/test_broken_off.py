"""Two at once, killed in the middle, rung twice: the rows go in once or not at all."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.billing.models import Bill
from crm.customers.models import Customer
from crm.imports import services, tasks
from crm.imports.models import ImportBatch
from crm.people.errors import AlreadyDone, Refused
from crm.people.models import Unit

State = ImportBatch.State
pytestmark = pytest.mark.django_db(transaction=True)


def bills(accounts, months=12):
    lines = [f"{number},2025-{month:02d},{month}.50" for number in accounts for month in range(1, months + 1)]
    return "户号,账期,电量\n" + "\n".join(lines) + "\n"


@pytest.fixture
def numbers():
    unit = Unit.objects.create(code="33401", name="杭州")
    customer = Customer.objects.create(number="C1", name="华鑫")
    made = Account.objects.bulk_create(Account(number=f"33{i:08d}", customer=customer, unit=unit, category="other") for i in range(2500))
    return [account.number for account in made]


def receive(content, **more):
    return services.receive(upload=ContentFile(content.encode(), "f.csv"), name="f.csv", kind="bills", by=None, at=timezone.now(), **more)


def in_threads(count, work):
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return errors


def test_two_workers_with_the_same_batch_load_it_once(numbers):
    batch = receive(bills(numbers[:500]))
    services.queue_unseen(batch=batch)
    assert in_threads(3, lambda: services.load(batch_id=batch.pk)) == []
    batch.refresh_from_db()
    assert (batch.state, batch.created, Bill.objects.count()) == (State.LOADED, 6000, 6000)
    assert AuditEntry.objects.filter(did="imported").count() == 1


def test_two_files_with_the_same_rows_do_not_lock_each_other_out(numbers):
    batches = [receive(bills(numbers[:300])), receive(bills(list(reversed(numbers[:300]))))]
    for batch in batches:
        services.queue_unseen(batch=batch)
    waiting = iter(batches)
    assert in_threads(2, lambda: services.load(batch_id=next(waiting).pk)) == []
    done = ImportBatch.objects.filter(state=State.LOADED)
    assert sorted(done.values_list("created", "unchanged")) == [(0, 3600), (3600, 0)]
    assert Bill.objects.count() == 3600


def test_a_loaded_batch_rung_again_does_nothing(numbers):
    batch = receive(bills(numbers[:5]))
    services.queue_unseen(batch=batch)
    services.load(batch_id=batch.pk)
    before = ImportBatch.objects.values().get()
    tasks.load(batch.pk)
    tasks.check(batch.pk)
    assert ImportBatch.objects.values().get() == before
    assert AuditEntry.objects.filter(did="imported").count() == 1


def test_a_batch_is_confirmed_once(numbers, administrator):
    batch = receive(bills(numbers[:5]))
    services.check(batch_id=batch.pk)
    batch.refresh_from_db()
    services.confirm(batch=batch, by=administrator)
    with pytest.raises(AlreadyDone):
        services.confirm(batch=batch, by=administrator)


def test_the_same_file_is_not_queued_twice_at_once(numbers):
    one, other = receive(bills(numbers[:5])), receive(bills(numbers[:5]))
    services.queue_unseen(batch=one)
    with pytest.raises(Refused) as refused:
        services.queue_unseen(batch=other)
    assert refused.value.code == "being_loaded"


def test_what_is_loading_or_loaded_cannot_be_put_away(numbers, administrator):
    batch = receive(bills(numbers[:5]))
    services.queue_unseen(batch=batch)
    with pytest.raises(Refused):
        services.discard(batch=batch, by=administrator)


def test_a_file_put_away_while_it_is_checked_leaves_nothing(numbers, administrator):
    batch = receive(bills(numbers))
    kept = batch.file.path

    def put_away_after_the_first_chunk(done, beat=services._beat):
        services.discard(batch=batch, by=administrator)

    original, services._beat = services._beat, lambda b, done: (put_away_after_the_first_chunk(done), original(b, done))
    try:
        services.check(batch_id=batch.pk)
    finally:
        services._beat = original
    assert not ImportBatch.objects.exists() and not os.path.exists(kept)


LOADER = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from crm.imports import services
import sys
services.load(batch_id=int(sys.argv[1]))
"""


def database_url():
    told = connection.settings_dict
    return f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@pytest.mark.parametrize("moment", ["while reading", "while writing"])
def test_a_killed_load_leaves_nothing_and_the_next_one_finishes(numbers, moment):
    batch = receive(bills(numbers))
    services.queue_unseen(batch=batch)
    if moment == "while writing":
        with connection.cursor() as cursor:  # the writing is made slow enough to be hit
            cursor.execute("create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return null; end $$")
            cursor.execute("create trigger dawdle after insert on crm_bill for each statement execute function dawdle()")
    environment = os.environ | {"DATABASE_URL": database_url()}
    worker = subprocess.Popen([sys.executable, "-c", LOADER, str(batch.pk)], env=environment)
    try:
        until(lambda: seen(batch.pk, moment))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert Bill.objects.count() == 0
    batch.refresh_from_db()
    assert batch.state == State.LOADING
    with connection.cursor() as cursor:
        cursor.execute("drop function if exists dawdle cascade")
    until(lambda: lock_is_free(batch.pk))
    assert services.waiting(at=timezone.now() + dt.timedelta(minutes=3)) == ([], [batch.pk])
    services.load(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created, Bill.objects.count()) == (State.LOADED, 30_000, 30_000)


def seen(pk, moment):
    if moment == "while reading":
        return ImportBatch.objects.filter(pk=pk, state=State.LOADING, rows_done__lt=30_000).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where query like 'insert into crm_bill%' and state = 'active'"
            " and datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def lock_is_free(pk):
    with services._alone(pk) as mine:
        return mine


def until(true, seconds=40):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)


def test_a_load_that_keeps_dying_is_given_up(numbers):
    batch = receive(bills(numbers[:5]))
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.LOADING, message={"restarts": services.MOST_RESTARTS})
    services.load(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.message["code"]) == (State.FAILED, "kept_dying")
    assert not Bill.objects.exists()


def test_who_may_not_import_any_more_has_nothing_loaded(numbers, administrator):
    batch = services.receive(
        upload=ContentFile(bills(numbers[:5]).encode(), "f.csv"), name="f.csv", kind="bills", by=administrator, at=timezone.now()
    )
    services.queue_unseen(batch=batch)
    type(administrator).objects.filter(pk=administrator.pk).update(is_active=False)
    services.load(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.message["code"], Bill.objects.count()) == (State.FAILED, "not_allowed", 0)

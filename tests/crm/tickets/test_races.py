"""Two at once, on connections of their own: one effect."""

import threading
import uuid

import pytest
from django.db import connection

from crm.people.errors import AlreadyDone
from crm.tickets import services, sweeps
from crm.tickets.models import Ticket
from tests.crm.moments import moment

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run the deeds in threads that start together; what each returned or raised, in order."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        gate.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_answer_at_once_one_is_told_the_other_was_first(log, agent, manager, monday):
    ticket = log()
    results = at_once(
        *[
            lambda who=who: services.answer(ticket=Ticket.objects.get(pk=ticket.pk), text="Done", by=who, at=monday)
            for who in (agent, manager)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == sorted([AlreadyDone.__name__, Ticket.__name__])
    assert ticket.notes.filter(moved_to="answered").count() == 1


def test_a_post_doubled_on_its_way_logs_one_ticket(log):
    key = uuid.uuid4()
    tickets = at_once(*[lambda: log(idempotency_key=key)] * 3)
    assert len({ticket.pk for ticket in tickets}) == 1
    assert Ticket.objects.get().notes.count() == 1


def test_two_sweeps_note_a_breach_once(log):
    for _ in range(5):
        log()
    late = moment("2026-12-10 09:00")
    assert sum(at_once(*[lambda: sweeps.mark_breaches(at=late)] * 2)) == 5

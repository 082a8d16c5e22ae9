"""What happens to a ticket, and when it is due."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.calendar import services as calendar
from crm.changes.models import DirtyMonth
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services as service_levels
from crm.tickets import services, sweeps
from crm.tickets.models import State, Ticket
from crm.tickets.services import Caller
from tests.crm.moments import moment

HOUR = dt.timedelta(hours=1)


def due(ticket):
    return timezone.localtime(ticket.answer_due_at).strftime("%a %d %b %H:%M") if ticket.answer_due_at else None


def test_an_entitlement_shortens_the_clock_of_the_next_complaint_only(log, account, green, supervisor, monday):
    before = log()
    service_levels.grant(
        account=account, level=green, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31), by=supervisor, at=monday
    )
    after = log()
    before.refresh_from_db()
    assert (due(before), due(after)) == ("Mon 30 Nov 18:00", "Tue 24 Nov 18:00")
    assert (before.contact_due_at - monday, after.contact_due_at - monday) == (24 * HOUR, 4 * HOUR)
    assert (before.entitlement, after.entitlement.level) == (None, green)


def test_a_green_channel_without_the_shorter_clock_leaves_the_clock_alone(log, account, green, supervisor, monday):
    service_levels.grant(
        account=account, level=green, services=["dedicated_line"], starts_on=monday.date(), ends_on=monday.date(), by=supervisor, at=monday
    )
    assert due(log()) == "Mon 30 Nov 18:00"


def test_a_major_complaint_is_to_be_passed_on_within_fifteen_minutes(log, make_account, monday):
    passed_on, waiting = log(severity="major"), log(severity="major", account=make_account(manager=None))
    assert passed_on.pass_on_due_at == monday + HOUR / 4
    assert (passed_on.passed_on_at, waiting.passed_on_at) == (monday, None)


def test_a_ticket_goes_to_the_accounts_manager_or_waits_unassigned(log, make_account, manager, make_user, east):
    gone = make_user("gone", "manager", east, is_active=False)
    assert log().assignee == manager
    assert log(account=make_account(manager=None)).assignee is None
    assert log(account=make_account(manager=gone)).assignee is None


def test_a_ticket_past_the_loaded_years_is_logged_without_a_due_time_and_gets_it_when_the_year_is_loaded(log, administrator):
    ticket = log(at=moment("2026-12-30 09:00"))
    assert ticket.pk
    assert (due(ticket), ticket.contact_due_at) == (None, moment("2026-12-31 09:00"))
    assert sweeps.set_missing_dues(at=moment("2026-12-30 10:00")) == 0
    calendar.load_year(year=2027, days_off=[dt.date(2027, 1, 1)], days_worked=[], source="Notice of the State Council", by=administrator)
    assert sweeps.set_missing_dues(at=moment("2026-12-30 11:00")) == 1
    ticket.refresh_from_db()
    assert due(ticket) == "Thu 07 Jan 18:00"


def test_a_due_time_set_late_counts_the_pauses_since(log, agent, administrator):
    ticket = log(at=moment("2026-12-30 09:00"))
    services.wait(ticket=ticket, text="photos", by=agent, at=moment("2026-12-30 10:00"))
    services.resume(ticket=ticket, by=agent, at=moment("2026-12-31 10:00"))
    calendar.load_year(year=2027, days_off=[dt.date(2027, 1, 1)], days_worked=[], source="Notice", by=administrator)
    sweeps.set_missing_dues(at=moment("2026-12-31 11:00"))
    ticket.refresh_from_db()
    assert due(ticket) == "Fri 08 Jan 18:00"


def test_waiting_for_the_customer_stops_the_clock_and_going_on_gives_the_time_back(log, agent):
    ticket = log()
    services.wait(ticket=ticket, text="Send the meter's photo.", by=agent, at=moment("2026-11-23 11:30"))
    assert (ticket.state, ticket.contacted_at) == (State.WAITING, moment("2026-11-23 11:30"))
    assert not Ticket.objects.overdue(moment("2026-12-20 09:00"))
    services.resume(ticket=ticket, by=agent, at=moment("2026-11-25 13:30"))
    assert (ticket.state, ticket.paused_at, due(ticket)) == (State.WORKING, None, "Thu 03 Dec 10:00")


def test_an_answer_given_while_waiting_is_measured_against_the_clock_that_stood_still(log, agent):
    ticket = log()
    services.wait(ticket=ticket, text="photo", by=agent, at=moment("2026-11-30 17:00"))
    services.answer(ticket=ticket, text="Settled.", by=agent, at=moment("2026-12-08 10:00"))
    assert ticket.answered_in_time is True


def test_a_ticket_goes_from_new_to_closed_and_tells_its_story(log, agent, monday):
    ticket = log()
    services.start(ticket=ticket, by=agent, at=monday + HOUR)
    services.contact(ticket=ticket, by=agent, at=monday + 2 * HOUR)
    services.answer(ticket=ticket, text="A notice list is sent.", by=agent, at=monday + 3 * HOUR)
    services.close(ticket=ticket, satisfaction=5, by=agent, at=monday + 4 * HOUR)
    assert (ticket.state, ticket.closed_at, ticket.satisfaction) == (State.CLOSED, monday + 4 * HOUR, 5)
    assert list(ticket.notes.values_list("what", "moved_to")) == [
        ("logged", ""), ("moved", "working"), ("contacted", ""), ("moved", "answered"), ("moved", "closed"),
    ]  # fmt: skip
    deeds = AuditEntry.objects.about(ticket.account).values_list("did", flat=True)
    assert list(deeds) == ["closed", "answered", "contacted", "started", "logged"]
    assert DirtyMonth.objects.filter(table="tickets", period=dt.date(2026, 11, 1)).count() == 5


def test_a_reopened_ticket_gets_a_new_clock(log, agent, monday):
    ticket = log()
    services.answer(ticket=ticket, text="Done.", by=agent, at=monday + HOUR)
    services.reopen(ticket=ticket, text="Out again.", by=agent, at=moment("2026-12-01 09:00"))
    assert (ticket.state, ticket.reopened_count, ticket.answered_at, due(ticket)) == (State.WORKING, 1, None, "Tue 08 Dec 18:00")


@pytest.mark.parametrize(("verb", "more"), [("close", {}), ("resume", {}), ("reopen", {"text": "again"})])
def test_a_move_that_is_not_possible_from_here_is_refused_with_the_state(log, agent, monday, verb, more):
    with pytest.raises(Refused, match="New"):
        getattr(services, verb)(ticket=log(), by=agent, at=monday, **more)


@pytest.mark.parametrize("verb", ["wait", "answer", "note"])
def test_words_that_are_needed_are_asked_for(log, agent, monday, verb):
    with pytest.raises(Refused) as refused:
        getattr(services, verb)(ticket=log(), text="  ", by=agent, at=monday)
    assert refused.value.code == "text_required"


def test_who_comes_second_is_told_who_was_first(log, agent, manager, monday):
    ticket = log()
    services.answer(ticket=Ticket.objects.get(pk=ticket.pk), text="Done.", by=manager, at=monday)
    with pytest.raises(AlreadyDone, match="Anna"):
        services.answer(ticket=ticket, text="Done too.", by=agent, at=monday)
    assert ticket.notes.filter(moved_to="answered").count() == 1


def test_a_ticket_that_changed_hands_meanwhile_is_not_taken_from_its_new_owner(log, agent, colleague, supervisor, monday):
    seen = log()
    services.assign(ticket=Ticket.objects.get(pk=seen.pk), to=colleague, by=supervisor, at=monday)
    with pytest.raises(AlreadyDone, match="Ben"):
        services.assign(ticket=seen, to=agent, by=agent, at=monday)


def test_a_ticket_is_not_given_to_who_cannot_see_or_work_it(log, stranger, analyst, agent, monday):
    for person, code in ((stranger, "out_of_reach"), (analyst, "not_a_worker")):
        with pytest.raises(Refused) as refused:
            services.assign(ticket=log(), to=person, by=agent, at=monday)
        assert refused.value.code == code


def test_the_same_key_gives_the_same_ticket_and_nothing_twice(log):
    key = uuid.uuid4()
    first, again = log(idempotency_key=key), log(idempotency_key=key, text="typed once more")
    assert (first.pk, Ticket.objects.count(), first.notes.count()) == (again.pk, 1, 1)


def test_somebody_elses_key_opens_no_door(log, manager):
    key = uuid.uuid4()
    log(idempotency_key=key)
    with pytest.raises(Refused) as refused:
        log(idempotency_key=key, by=manager)
    assert refused.value.code == "key_taken"


def test_an_unknown_caller_is_logged_with_a_name_or_a_phone_but_not_without(log):
    assert log(account=None, caller=Caller(phone="0571 8899 2210")).account is None
    with pytest.raises(Refused) as refused:
        log(account=None)
    assert refused.value.code == "caller_required"


def test_a_second_caller_is_told_in_the_story(log, agent, monday):
    ticket = log()
    services.add_caller(ticket=ticket, caller=Caller("Mr Wu", "139"), text="Also the pumps.", by=agent, at=monday)
    assert ticket.notes.last().text == "Mr Wu 139\nAlso the pumps."


def test_a_breach_is_noted_once_however_often_the_sweep_runs(log):
    ticket, late = log(), moment("2026-12-01 09:00")
    assert (sweeps.mark_breaches(at=late), sweeps.mark_breaches(at=late + HOUR)) == (1, 0)
    assert ticket.notes.filter(what="breached").count() == 1
    assert AuditEntry.objects.filter(did="breached").count() == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("冷库八点二十停电。请给说明", "冷库八点二十停电"),
        ("Power lost at 08:20. Goods at risk", "Power lost at 08:20"),
        ("one\ntwo", "one"),
        ("Cold store no. 3 lost power. Goods at risk.", "Cold store no. 3 lost power"),
    ],
)
def test_the_first_sentence_names_the_ticket(log, text, title):
    assert log(text=text).title == title


def test_a_long_sentence_is_cut_at_a_word(log):
    title = log(text="word " * 60).title
    assert len(title) <= 90
    assert title.endswith("word…")

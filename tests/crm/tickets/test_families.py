"""Tickets that belong together: parts of one outage, and one matter logged twice."""

import datetime as dt

import pytest

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from crm.tickets import services
from crm.tickets.models import State, Ticket, TicketMerge
from crm.webhooks.models import Event
from tests.crm.moments import moment

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def outage(log, make_account):
    """A ticket with three parts; the last stands still."""
    whole = log()
    parts = [log(account=make_account(), parent=whole) for _ in range(3)]
    services.wait(ticket=parts[2], text="photo", by=whole.logged_by, at=moment("2026-11-23 10:00"))
    return whole, parts


def close_whole(whole, by):
    services.answer(ticket=whole, text="The cable is mended.", by=by, at=moment("2026-11-23 12:00"))
    return services.close(ticket=whole, root_cause="equipment", by=by, at=moment("2026-11-23 13:00"))


def test_closing_the_whole_answers_its_parts_in_its_words(outage, agent):
    whole, parts = outage
    close_whole(whole, agent)
    assert {part.state for part in Ticket.objects.filter(parent=whole)} == {State.ANSWERED}
    assert all("The cable is mended." in part.notes.last().text for part in parts)
    assert AuditEntry.objects.filter(did="answered").count() == 4
    assert Event.objects.filter(kind="ticket.state_changed", payload__state="answered").count() == 4


def test_a_part_that_stood_still_is_answered_in_its_own_time(outage, agent):
    whole, (_one, _two, paused) = outage
    due = paused.answer_due_at
    close_whole(whole, agent)
    paused.refresh_from_db()
    assert paused.paused_at is None
    assert paused.answer_due_at > due


def test_answering_many_parts_costs_the_same(log, make_account, agent, django_assert_max_num_queries):
    whole = log()
    for _ in range(25):
        log(account=make_account(), parent=whole)
    services.answer(ticket=whole, text="Mended.", by=agent, at=moment("2026-11-23 12:00"))
    with django_assert_max_num_queries(20):
        services.close(ticket=whole, by=agent, at=moment("2026-11-23 13:00"))
    assert whole.children.filter(state=State.ANSWERED).count() == 25


@pytest.mark.parametrize("case", ["itself", "closed", "nested", "has parts"])
def test_what_cannot_be_a_whole_is_refused(case, outage, log, agent, monday):
    whole, parts = outage
    other = log()
    child, parent, code = {
        "itself": (other, other, "same_ticket"), "closed": (other, log(), "not_open"), "nested": (other, parts[0], "nested"),
        "has parts": (whole, other, "nested"),
    }[case]  # fmt: skip
    if case == "closed":
        services.answer(ticket=parent, text="Done", by=agent, at=monday)
    with pytest.raises(Refused) as refused:
        services.make_part_of(ticket=child, parent=parent, by=agent, at=monday)
    assert refused.value.code == code


def test_a_part_is_taken_out_once(outage, agent, monday):
    part = outage[1][0]
    assert services.take_out(ticket=part, by=agent, at=monday).parent is None
    with pytest.raises(AlreadyDone):
        services.take_out(ticket=part, by=agent, at=monday)


def test_a_merge_closes_the_second_and_undoing_it_gives_everything_back(log, agent, monday):
    kept, twice = log(), log(text="The same again.")
    services.wait(ticket=twice, text="photo", by=agent, at=monday + HOUR)
    before = {name: getattr(twice, name) for name in ("state", "paused_at", "answer_due_at", "answered_at", "closed_at")}
    services.merge(ticket=twice, into=kept, by=agent, at=monday + 2 * HOUR)
    twice.refresh_from_db()
    assert (twice.state, twice.duplicate_of, twice.closed_at) == (State.CLOSED, kept, monday + 2 * HOUR)
    services.undo_merge(ticket=twice, by=agent, at=monday + 3 * HOUR)
    twice.refresh_from_db()
    assert {name: getattr(twice, name) for name in before} == before
    assert twice.duplicate_of is None
    assert [note.what for note in kept.notes.all()] == ["logged", "merged", "unmerged"]
    assert [note.what for note in twice.notes.all()] == ["logged", "moved", "merged", "unmerged"]
    assert TicketMerge.objects.get().undone_by == agent


def test_a_merge_is_made_once_and_undone_once(log, agent, monday):
    kept, twice = log(), log()
    services.merge(ticket=twice, into=kept, by=agent, at=monday)
    twice.refresh_from_db()
    with pytest.raises(AlreadyDone):
        services.merge(ticket=twice, into=kept, by=agent, at=monday)
    with pytest.raises(Refused, match="undo the merge"):
        services.reopen(ticket=twice, text="again", by=agent, at=monday)
    services.undo_merge(ticket=twice, by=agent, at=monday)
    with pytest.raises(AlreadyDone):
        services.undo_merge(ticket=twice, by=agent, at=monday)


def test_nothing_is_merged_into_a_closed_ticket_or_a_duplicate(log, agent, monday):
    kept, twice, third, closed = log(), log(), log(), log()
    services.merge(ticket=twice, into=kept, by=agent, at=monday)
    services.answer(ticket=closed, text="Done", by=agent, at=monday)
    twice.refresh_from_db()
    for into, code in ((twice, "nested"), (closed, "not_open"), (third, "same_ticket")):
        with pytest.raises(Refused) as refused:
            services.merge(ticket=third, into=into, by=agent, at=monday)
        assert refused.value.code == code


def test_a_contact_that_failed_is_told_and_the_first_that_reached_the_customer_counts(log, agent, monday):
    ticket = log()
    services.log_contact(ticket=ticket, channel="phone", reached=False, by=agent, at=monday + HOUR)
    ticket.refresh_from_db()
    assert (ticket.contacted_at, ticket.state) == (None, State.NEW)
    services.log_contact(ticket=ticket, channel="visit", reached=True, text="Spoke.", by=agent, at=monday + 2 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.contacted_at, ticket.state) == (monday + 2 * HOUR, State.WORKING)
    assert list(ticket.notes.values_list("what", "channel"))[1:] == [("missed", "phone"), ("talked", "visit")]


def test_an_escalation_happens_once_a_level(log, supervisor, monday):
    ticket = log()
    assert services.escalate(ticket=ticket, level=1, why="80 % of the clock", by=None, at=monday, to=supervisor)
    assert not services.escalate(ticket=ticket, level=1, why="80 % of the clock", by=None, at=monday)
    ticket.refresh_from_db()
    assert (ticket.escalation_level, ticket.assignee, ticket.notes.filter(what="escalated").count()) == (1, supervisor, 1)

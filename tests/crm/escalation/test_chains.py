"""Steps of escalation, done once and told to somebody who is there."""

import datetime as dt

import pytest

from crm.escalation import services
from crm.escalation.models import Chain, Escalation
from crm.people.roles import Role
from crm.routing import services as routing
from crm.tickets import services as tickets
from tests.crm.moments import moment

FRIDAY_LATE = moment("2026-12-11 10:00")


@pytest.fixture
def chief(make_user, province):
    return make_user("chief", Role.SUPERVISOR, province)


def swept(at):
    services.watch(at=at)
    done = 0
    while step := services.escalate_due(at=at):
        done += step
    return done


def test_a_late_ticket_climbs_level_by_level_and_each_step_is_told_once(log, manager, supervisor, chief, monday):
    ticket = log()
    assert swept(monday) == 0
    assert swept(FRIDAY_LATE) == 3
    told = list(Escalation.objects.order_by("number").values_list("percent", "to__username"))
    assert told == [(80, "anna"), (100, "boss"), (150, "chief")]
    ticket.refresh_from_db()
    assert ticket.escalation_level == 3
    assert swept(FRIDAY_LATE) == 0
    assert ticket.notes.filter(what="escalated").count() == 3


def test_four_fifths_of_the_clock_are_counted_in_working_time(log, manager, monday):
    ticket = log()
    services.watch(at=monday)
    assert ticket.answer_due_at == moment("2026-11-30 18:00")
    assert moment("2026-11-27 14:00") < ticket.watch.next_at < moment("2026-11-27 18:00")  # the weekend does not count
    assert swept(ticket.watch.next_at - dt.timedelta(seconds=1)) == 0
    assert swept(ticket.watch.next_at) == 1


def test_a_paused_ticket_is_not_escalated_and_its_steps_move_when_it_runs_again(log, manager, agent, monday):
    ticket = log()
    services.watch(at=monday)
    before = ticket.watch.next_at
    tickets.wait(ticket=ticket, text="Send the form.", by=agent, at=monday + dt.timedelta(hours=1))
    wednesday = moment("2026-12-02 10:00")
    assert swept(wednesday) == 0
    tickets.resume(ticket=ticket, by=agent, at=wednesday)
    assert swept(wednesday) == 0
    ticket.watch.refresh_from_db()
    assert ticket.watch.next_at > before


def test_an_answered_ticket_is_let_go_and_a_reopened_one_begins_anew(log, manager, supervisor, agent, monday):
    ticket = log()
    services.watch(at=monday)
    tickets.answer(ticket=ticket, text="Done.", by=agent, at=monday)
    assert swept(FRIDAY_LATE) == 0
    ticket.watch.refresh_from_db()
    assert ticket.watch.next_at is None
    tickets.reopen(ticket=ticket, text="Not done.", by=agent, at=FRIDAY_LATE)
    services.watch(at=FRIDAY_LATE)
    ticket.watch.refresh_from_db()
    assert ticket.watch.next_at > FRIDAY_LATE


def test_who_is_away_is_passed_over_for_whoever_is_above(log, manager, supervisor, chief, administrator, monday):
    routing.note_absence(person=supervisor, starts_on=monday.date(), ends_on=FRIDAY_LATE.date(), by=administrator)
    log()
    swept(FRIDAY_LATE)
    second = Escalation.objects.get(number=2)
    assert (second.to, second.explained["passed_over"]) == (chief, [[supervisor.pk, "absent"]])


def test_a_chain_may_hand_the_ticket_over(log, manager, supervisor, administrator, monday):
    chain = Chain.objects.get(severity="")
    services.save_chain(chain=chain, steps=[{"percent": 50, "to": "unit", "hand_over": True}], by=administrator)
    ticket = log()
    swept(FRIDAY_LATE)
    ticket.refresh_from_db()
    assert ticket.assignee == supervisor


def test_the_most_specific_chain_holds(log, manager, monday):
    log(severity="major")
    services.watch(at=monday)
    assert Chain.objects.get(severity="major").pk == services.Watch.objects.get().chain_id


def test_what_was_raised_to_me_is_new_until_i_have_seen_it(log, manager, supervisor, monday):
    log()
    swept(FRIDAY_LATE)
    assert Escalation.objects.told(supervisor).unseen().count() == 2
    assert services.see(user=supervisor, at=FRIDAY_LATE) == 2
    assert services.see(user=supervisor, at=FRIDAY_LATE) == 0

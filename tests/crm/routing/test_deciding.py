"""What routing does with tickets that wait."""

import datetime as dt

import pytest

from crm.people.roles import Role
from crm.routing import services
from crm.routing.models import RoutingDecision, RoutingRule
from crm.service_levels.services import entitlements
from crm.tickets import services as tickets
from crm.tickets.models import Ticket, TicketNote

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def rule(administrator):
    """`rule(target="agents", …)`: a rule at the end of the list."""

    def make(**told):
        values = {"position": 99, "name": "规则", "name_en": "A rule", **told}
        return services.save_rule(rule=RoutingRule(**values), by=administrator)

    return make


@pytest.fixture
def agents(make_user):
    return [make_user(f"agent{number}", Role.AGENT) for number in range(3)]


def routed(ticket, at):
    services.route_due(at=at)
    ticket.refresh_from_db()
    return ticket


def test_a_ticket_no_rule_speaks_of_stays_with_the_accounts_manager_and_says_why(log, manager, monday):
    ticket = routed(log(), monday)
    decision = ticket.routing
    assert (ticket.assignee, ticket.route_at, decision.outcome, decision.rule) == (manager, None, "kept", None)
    assert decision.explained["steps"][-1]["candidates"] == [manager.pk]


def test_the_first_rule_that_matches_wins(log, rule, colleague, stranger, monday):
    rule(categories=["business"], target="person", person=stranger)
    first = rule(categories=["outage"], words="冷库, cold store", target="person", person=colleague)
    rule(target="agents")
    ticket = routed(log(), monday)
    assert ticket.assignee == colleague
    assert (ticket.routing.rule, ticket.routing.explained["why"]) == (first, ["categories", "words"])
    assert ticket.notes.filter(what=TicketNote.What.ASSIGNED, by=None).count() == 1


def test_turns_go_round_and_those_who_are_away_are_passed_over(log, rule, agents, administrator, monday):
    rule(target="agents", strategy="round_robin")
    services.note_absence(person=agents[1], starts_on=monday.date(), ends_on=monday.date(), by=administrator)
    lina_too = [*agents]
    given = []
    for number in range(6):
        ticket = routed(log(text=f"Ticket {number}"), monday + number * MINUTE)
        given.append(ticket.assignee.username)
    assert "agent1" not in given
    assert len(set(given)) == len(lina_too)  # Lina, who logged them, is an agent too
    assert given[:3] == given[3:]


def test_the_least_busy_gets_it_also_within_one_batch(log, rule, agents, agent, monday):
    rule(target="agents", strategy="least_busy")
    for number in range(8):
        log(text=f"Ticket {number}")
    services.route_due(at=monday)
    held = {who.username: who.tickets.count() for who in [*agents, agent]}
    assert set(held.values()) == {2}


def test_who_is_away_is_replaced_by_who_stands_in(log, manager, colleague, administrator, monday):
    services.note_absence(person=manager, starts_on=monday.date(), ends_on=monday.date(), substitute=colleague, by=administrator)
    ticket = routed(log(), monday)
    assert ticket.assignee == colleague
    assert ticket.routing.explained["steps"][0]["passed_over"] == [[manager.pk, "absent"]]


def test_nobody_is_left_unassigned(log, manager, supervisor, administrator, agent, monday):
    services.note_absence(person=manager, starts_on=monday.date(), ends_on=monday.date(), by=administrator)
    assert routed(log(), monday).assignee == supervisor
    unknown = log(account=None, caller=tickets.Caller(phone="13800001111"))
    services.lead_pool(person=None, by=administrator)
    assert routed(unknown, monday).assignee == agent
    services.lead_pool(person=supervisor, by=administrator)
    assert routed(log(account=None, caller=tickets.Caller(phone="13800001112")), monday).assignee == supervisor


def test_while_nobody_is_there_the_ticket_waits_and_is_tried_again(log, manager, supervisor, agent, administrator, monday):
    for person in (manager, supervisor, agent):
        services.note_absence(person=person, starts_on=monday.date(), ends_on=monday.date(), by=administrator)
    ticket = log(account=None, caller=tickets.Caller(phone="13800001111"))
    assert routed(ticket, monday).routing.outcome == "nobody"
    assert ticket.route_at > monday
    tuesday = monday + dt.timedelta(days=1)
    assert routed(ticket, tuesday).assignee == agent
    assert RoutingDecision.objects.get(ticket=ticket).outcome == "assigned"


def test_a_persons_word_stands(log, rule, colleague, stranger, agent, monday):
    rule(target="agents")
    ticket = log()
    tickets.assign(ticket=ticket, to=colleague, by=agent, at=monday)
    assert routed(ticket, monday).assignee == colleague
    assert ticket.routing.outcome == "by_hand"


def test_routing_twice_changes_nothing(log, rule, colleague, monday):
    rule(target="person", person=colleague)
    ticket = routed(log(), monday)
    assert services.route_due(at=monday + MINUTE) == 0
    assert ticket.notes.filter(what=TicketNote.What.ASSIGNED).count() == 1


def test_a_green_channels_tickets_go_to_its_representative(log, account, green, supervisor, colleague, monday):
    entitlements.grant(
        account=account, level=green, services=["short_clock"], starts_on=monday.date(), ends_on=monday.date() + dt.timedelta(days=30),
        by=supervisor, at=monday, representative=colleague,
    )  # fmt: skip
    assert routed(log(), monday).assignee == colleague


def test_a_rule_may_make_a_ticket_major_and_its_clock_follows(log, rule, manager, monday):
    rule(words="without notice", target="manager", set_severity="major")
    ticket = log()
    before = ticket.contact_due_at, ticket.pass_on_due_at
    routed(ticket, monday)
    assert ticket.severity == "major"
    assert (ticket.contact_due_at, ticket.pass_on_due_at) != before


def test_tickets_nobody_has_are_gathered(log, account, agent, monday):
    ticket = log(account=None, caller=tickets.Caller(phone="13800001111"))
    Ticket.objects.filter(pk=ticket.pk).update(route_at=None)
    assert services.wait_for_routing(at=monday) == 1
    assert routed(ticket, monday).assignee == agent


def test_a_batch_costs_the_same_for_few_and_many(log, rule, agents, monday, django_assert_max_num_queries):
    rule(target="agents", strategy="round_robin")
    for number in range(30):
        log(text=f"Ticket {number}")
    with django_assert_max_num_queries(30):
        assert services.route_due(at=monday) == 30


def test_a_dry_run_tells_what_would_change_and_writes_nothing(log, colleague, administrator, monday):
    tickets_ = [routed(log(text=f"Ticket {number}"), monday) for number in range(3)]
    log(category="business", text="A bill")
    draft = RoutingRule(position=1, name="x", categories=["outage"], target="person", person=colleague)
    found = services.dry_run(draft=draft, user=administrator, at=monday + MINUTE)
    assert (found.tickets, found.taken, found.differ) == (4, 3, 3)
    assert (colleague, 3, 0) in found.people
    assert {ticket.pk for ticket, to in found.examples if to == colleague} == {ticket.pk for ticket in tickets_}
    assert RoutingRule.objects.filter(name="x").count() == 0


def test_rules_keep_one_order(rule, administrator):
    first, second = rule(target="agents", name="a"), rule(target="agents", name="b")
    services.move_rule(rule=second, up=True, by=administrator)
    assert list(RoutingRule.objects.values_list("name", flat=True))[-2:] == ["b", "a"]
    services.delete_rule(rule=second, by=administrator)
    assert list(RoutingRule.objects.values_list("position", flat=True)) == [1, 2]
    assert first.pk

"""The pages and the API of routing."""

import pytest
import time_machine
from django.urls import reverse

from crm.routing import services
from crm.routing.models import Absence, RoutingDecision, RoutingRule
from tests.crm.moments import moment

NOON = moment("2026-11-23 12:00")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def filled(**more):
    return {"name": "夜间", "name_en": "At night", "position": 1, "is_active": "on", "target": "agents", "strategy": "least_busy"} | more


def test_a_rule_is_tried_before_it_is_saved(sign_in, administrator, log, agent, monday):
    log()
    client, url = sign_in(administrator), reverse("crm:routing-rule-new")
    page = client.post(url, filled(categories=["outage"], **{"try": "1"})).content.decode()
    assert "1 ticket was tried." in page
    assert "This rule would have taken 1 of them." in page
    assert RoutingRule.objects.count() == 1
    assert client.post(url, filled(categories=["outage"], save="1")).status_code == 302
    rule = RoutingRule.objects.get(name="夜间")
    assert (rule.position, rule.categories) == (1, ["outage"])
    assert "class: Outage" in client.get(reverse("crm:routing-rule-list")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hour_from": "22"}, "Give both hours, or none."),
        ({"hour_from": "5", "hour_to": "5"}, "the two must differ"),
        ({"target": "person"}, "Say who gets these tickets."),
        ({"categories": ["nonsense"]}, "nonsense"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_field(sign_in, administrator, wrong, told):
    response = sign_in(administrator).post(reverse("crm:routing-rule-new"), filled(save="1") | wrong)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_rules_are_moved_and_switched_by_buttons(sign_in, administrator):
    client, rule = sign_in(administrator), RoutingRule.objects.get()
    client.post(reverse("crm:routing-rule-act", args=[rule.pk, "off"]))
    rule.refresh_from_db()
    assert not rule.is_active
    assert client.post(reverse("crm:routing-rule-act", args=[rule.pk, "nonsense"])).status_code == 404
    client.post(reverse("crm:routing-rule-act", args=[rule.pk, "delete"]))
    assert not RoutingRule.objects.exists()


def test_a_ticket_says_why_it_is_with_whom_it_is(sign_in, agent, manager, log, monday):
    ticket = log()
    client, url = sign_in(agent), reverse("crm:ticket-routing", args=[ticket.pk])
    assert "Waits to be routed" in client.get(url).content.decode()
    services.route_due(at=NOON)
    page = client.get(url).content.decode()
    assert "Left with whom it stood" in page
    assert "the usual order was taken" in page


def test_a_supervisor_notes_absences_of_their_own_people_alone(sign_in, supervisor, manager, stranger):
    client, url = sign_in(supervisor), reverse("crm:absence-list")
    days = {"starts_on": "2026-11-24", "ends_on": "2026-11-27"}
    assert client.post(url, days | {"person": manager.pk}).status_code == 302
    assert client.post(url, days | {"person": stranger.pk}).status_code == 422
    assert client.post(url, {"person": manager.pk, "starts_on": "2026-11-27", "ends_on": "2026-11-24"}).status_code == 422
    assert "陈伟" in client.get(url, headers={"Accept-Language": "zh-hans"}).content.decode()
    foreign = Absence.objects.create(person=stranger, starts_on=NOON.date(), ends_on=NOON.date())
    assert client.post(reverse("crm:absence-end", args=[foreign.pk])).status_code == 404
    client.post(reverse("crm:absence-end", args=[Absence.objects.get(person=manager).pk]))
    assert Absence.objects.count() == 1


def test_programs_make_try_change_and_remove_rules(sign_in, administrator, supervisor, colleague, log, monday):
    log()
    client, url = sign_in(administrator), reverse("api:routing-rule-list")

    def post(address, data):
        return client.post(address, data, content_type="application/json")

    wanted = {
        "name": "停电",
        "position": 1,
        "categories": ["outage"],
        "green": False,
        "target": "person",
        "person": colleague.pk,
        "strategy": "round_robin",
    }
    trial = post(reverse("api:routing-rule-trial"), wanted).json()
    assert (trial["tickets"], trial["taken"], trial["differ"]) == (1, 1, 1)
    assert RoutingRule.objects.count() == 1
    made = post(url, wanted)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert post(url, {"name": "x", "target": "person"}).status_code == 400
    changed = post(reverse("api:routing-rule-change", args=[pk]), {"words": "smoke"}).json()
    assert (changed["words"], changed["categories"], changed["green"]) == ("smoke", ["outage"], False)
    assert post(reverse("api:routing-rule-remove", args=[pk]), {}).status_code == 204
    services.route_due(at=NOON)
    decision = RoutingDecision.objects.get()
    assert client.get(reverse("api:routing-decision-detail", args=[decision.ticket_id])).json()["outcome"] == "kept"

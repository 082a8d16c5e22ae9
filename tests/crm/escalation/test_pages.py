"""What was raised to me, on the page and by the API; the chains in a form."""

import pytest
import time_machine
from django.urls import reverse

from crm.escalation import services
from crm.escalation.models import Chain, Escalation
from tests.crm.moments import moment

LATE = moment("2026-12-11 10:00")


@pytest.fixture(autouse=True)
def _late():
    with time_machine.travel(LATE, tick=False):
        yield


@pytest.fixture
def raised(log, manager, supervisor):
    """A ticket whose whole chain was climbed."""
    ticket = log()
    services.watch(at=LATE)
    while services.escalate_due(at=LATE):
        pass
    return ticket


def test_what_was_raised_to_me_stands_on_a_page_until_i_have_seen_it(sign_in, supervisor, raised):
    client, url = sign_in(supervisor), reverse("crm:escalation-list")
    page = client.get(url).content.decode()
    assert raised.title in page
    assert "2 are new to me" in page
    assert client.get(url, {"of": "all"}).content.decode().count("data-row-link") == 3
    client.post(reverse("crm:escalation-see"))
    assert "0 are new to me" in client.get(url).content.decode()
    assert client.get(reverse("api:escalation-list"), {"ticket": raised.pk}).json()["results"][0]["percent"] == 150
    assert client.post(reverse("api:escalation-see")).json() == {"seen": 0}


def test_the_page_of_a_ticket_tells_each_step_and_why(sign_in, supervisor, raised):
    page = sign_in(supervisor).get(reverse("crm:ticket-escalations", args=[raised.pk])).content.decode()
    assert "Step 2 of “Every ticket”: at 100 % of the clock" in page
    assert Escalation.objects.told(supervisor).unseen().count() == 0


def test_the_list_costs_the_same_for_few_and_many(sign_in, supervisor, raised, log, cost_of):
    sign_in(supervisor)
    few = cost_of(reverse("crm:escalation-list"))
    for number in range(5):
        log(text=f"Ticket {number}")
    services.watch(at=LATE)
    while services.escalate_due(at=LATE):
        pass
    assert cost_of(reverse("crm:escalation-list")) == few


def steps(*rows):
    data = {"steps-TOTAL_FORMS": str(len(rows)), "steps-INITIAL_FORMS": "0"}
    for number, (percent, to) in enumerate(rows):
        data |= {f"steps-{number}-percent": percent, f"steps-{number}-to": to}
    return data


def test_a_chain_is_made_in_a_form_and_wrong_ones_are_told(sign_in, administrator):
    client, url = sign_in(administrator), reverse("crm:chain-new")
    named = {"name": "咨询", "name_en": "Enquiries", "ticket_kind": "enquiry"}
    assert client.post(url, named | steps(("80", "unit"), ("50", "assignee"), ("", "unit"))).status_code == 302
    chain = Chain.objects.get(ticket_kind="enquiry")
    assert [(step.number, step.percent) for step in chain.steps.all()] == [(1, 50), (2, 80)]
    for data, told in [
        (named | steps(("80", "unit")), "already holds for these tickets"),
        ({"name": "x", "ticket_kind": "fault"} | steps(("80", "unit"), ("80", "top")), "Two steps stand at the same percentage"),
        ({"name": "x", "ticket_kind": "fault"} | steps(("", "unit")), "Give at least one step."),
        ({"name": "x", "ticket_kind": "fault"} | steps(("80", "person")), "Say who hears of it."),
    ]:
        response = client.post(url, data)
        assert response.status_code == 422
        assert told in response.content.decode()
    assert client.get(reverse("crm:chain-edit", args=[chain.pk])).status_code == 200
    client.post(reverse("crm:chain-act", args=[chain.pk, "off"]))
    chain.refresh_from_db()
    assert not chain.is_active


def test_programs_make_and_change_chains(sign_in, administrator):
    client = sign_in(administrator)
    wanted = {
        "name": "故障",
        "ticket_kind": "fault",
        "severity": "",
        "level": None,
        "steps": [{"percent": 60, "to": "unit", "hand_over": True}],
    }
    made = client.post(reverse("api:escalation-chain-list"), wanted, content_type="application/json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    changed = client.post(
        reverse("api:escalation-chain-change", args=[pk]),
        wanted | {"steps": [{"percent": 70, "to": "top"}]},
        content_type="application/json",
    )
    assert [(step["percent"], step["to"]) for step in changed.json()["steps"]] == [(70, "top")]
    wrong = client.post(reverse("api:escalation-chain-list"), wanted | {"steps": []}, content_type="application/json")
    assert wrong.status_code == 400

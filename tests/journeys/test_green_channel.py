"""From an account worth keeping to a shorter clock for its next complaint."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.tickets.models import Ticket
from segmentation.runs.models import Run, Standing
from tests.fixtures import PASSWORD
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stand(db):
    """Where a run has put an account: `stand(account, tier="diamond")`."""
    run = Run.objects.create(as_of=timezone.localdate(), state="published", in_force=True, asked_at=timezone.now())

    def put(account, **values):
        defaults = {"run": run, "tier": "standard", "value_score": 40, "risk_band": "low", "risk_score": 5, "revenue_12m_fen": 1_000_000}
        Standing.objects.update_or_create(account=account, defaults=defaults | values)

    return put


def log_complaint(page, address, account, text):
    """From the account's page to the receipt; returns the ticket."""
    page.goto(f"{address}/accounts/{account.pk}/")
    page.get_by_role("link", name="Log a complaint").click()
    page.get_by_label("Class").select_option("outage")
    page.get_by_label("What happened").fill(text)
    page.get_by_role("button", name="Log ticket").click()
    expect(page.get_by_role("link", name=re.compile("last: #"))).to_be_visible()
    return Ticket.objects.get(text=text)


def test_a_manager_proposes_a_supervisor_grants_and_the_next_complaint_has_the_shorter_clock(
    sign_in_by_form, visit, address, account, stand, manager, supervisor, agent, calendar_for_today
):
    stand(account, tier="diamond", value_score=88)
    lina = visit(agent)
    before = log_complaint(lina, address, account, "Voltage dips every evening.")

    anna = sign_in_by_form("anna", PASSWORD, f"/accounts/{account.pk}/")
    anna.get_by_role("link", name="Propose green channel").click()
    anna.get_by_label("Why").fill("The county's largest foundry; every dip costs a cast.")
    anna.get_by_role("button", name="Propose").click()
    expect(anna.get_by_text("Proposed. A supervisor will decide.")).to_be_visible()

    boss = visit(supervisor, "/desk/")
    boss.locator("section", has=boss.get_by_role("heading", name="Waiting for my decision")).get_by_role("link", name="Huaxin").click()
    expect(boss.get_by_text("every dip costs a cast")).to_be_visible()
    boss.get_by_label("Reason").fill("Agreed in the county meeting.")
    boss.get_by_role("button", name="Approve").click()
    expect(boss.get_by_text("Green channel granted until")).to_be_visible()

    anna.goto(f"{address}/accounts/{account.pk}/")
    expect(anna.locator("#green-channel")).to_contain_text("Active")
    after = log_complaint(lina, address, account, "A cable smells of burning.")
    assert after.answer_due_at < before.answer_due_at
    lina.get_by_role("link", name=re.compile("last: #")).click()
    expect(lina.get_by_role("main")).to_contain_text("Green channel, complaint")

    anna.goto(f"{address}/accounts/{account.pk}/timeline/")
    for told in ("A cable smells of burning", "Green channel", "Voltage dips every evening"):
        expect(anna.locator("#timeline")).to_contain_text(told)
    boss.goto(f"{address}/audit/?account={account.number}")
    trail = boss.get_by_role("main").get_by_role("table")
    for person in (manager, supervisor, agent):
        expect(trail.locator("tr", has_text=str(person)).first).to_be_visible()


def test_a_supervisor_refuses_only_with_a_reason_which_the_manager_reads(visit, address, account, stand, manager, supervisor, troubles):
    stand(account)
    anna = visit(manager, f"/accounts/{account.pk}/")
    anna.get_by_role("link", name="Propose green channel").click()
    anna.get_by_label("Why").fill("They asked.")
    anna.get_by_role("button", name="Propose").click()

    boss = visit(supervisor, "/green-channel/?waiting=true")
    boss.get_by_role("link", name="Huaxin").click()
    boss.get_by_role("button", name="Refuse").click()
    expect(boss.get_by_text("Say why: the manager will read it.")).to_be_visible()
    troubles.forgive("422")  # the browser notes the refused form
    boss.get_by_label("Reason").fill("Their load fits the ordinary clock.")
    boss.get_by_role("button", name="Refuse").click()
    expect(boss.get_by_text("will read your reason")).to_be_visible()

    anna.goto(f"{address}/green-channel/?mine=true")
    anna.get_by_role("link", name="Huaxin").click()
    expect(anna.get_by_text("Their load fits the ordinary clock.")).to_be_visible()
    anna.goto(f"{address}/accounts/{account.pk}/")
    expect(anna.locator("#green-channel")).to_contain_text("None.")


def test_a_manager_proposes_for_all_diamonds_of_the_portfolio_at_once(visit, make_account, stand, manager):
    for name_en in ("First Foundry", "Second Foundry"):
        stand(make_account(name_en=name_en), tier="diamond")
    stand(make_account(name_en="Corner Shop"), tier="standard")
    anna = visit(manager, "/portfolio/?tier=diamond")
    rows = anna.get_by_role("main").locator("tbody tr")
    expect(rows).to_have_count(2)
    anna.get_by_role("checkbox", name="Tick all on this page").check()
    anna.get_by_role("button", name="Propose green channel").click()
    anna.get_by_label("Why").fill("Every diamond of the station.")
    anna.get_by_role("button", name="Propose").click()
    expect(anna.get_by_text("2 green channels proposed.")).to_be_visible()
    expect(rows).to_have_count(2)
    expect(anna.get_by_role("main")).not_to_contain_text("Corner Shop")

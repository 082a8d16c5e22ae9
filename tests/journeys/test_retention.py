"""From an account that may leave to a plan, an offer, a result; and what a supervisor may then say of it."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketing.market.models import LossNote
from marketing.retention.models import Assignment, Plan
from marketing.retention.services import trials
from segmentation.runs.models import Run, Standing
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_risk(account, make_account):
    """Huaxin, at high risk of changing supplier, and one more of the same kind."""
    run = Run.objects.create(as_of=timezone.localdate(), state="published", in_force=True, asked_at=timezone.now())
    for each in (account, make_account(name_en="Second Foundry")):
        Standing.objects.create(
            account=each,
            run=run,
            tier="gold",
            value_score=80,
            risk_band="high",
            risk_score=81,
            risk_outcome="switched",
            revenue_12m_fen=9_000_000,
        )
    return account


def test_a_manager_keeps_a_plan_and_a_supervisor_reads_what_can_be_said(
    visit, address, at_risk, manager, supervisor, analyst, calendar_for_today
):
    anna = visit(manager, f"/accounts/{at_risk.pk}/")
    anna.get_by_role("link", name="Start a retention plan").click()
    expect(anna.get_by_text("fits best")).to_be_visible()
    anna.get_by_role("button", name=re.compile("Start the plan")).click()
    expect(anna.get_by_text("Its tasks stand on your desk.")).to_be_visible()

    anna.get_by_role("link", name="Finish").first.click()
    anna.get_by_label("Notes").fill("They have a quote 3 fen lower.")
    anna.get_by_role("button", name="Save").click()
    expect(anna.get_by_text("They have a quote 3 fen lower.")).to_be_visible()

    anna.get_by_label("What was offered").fill("3 % off for two years")
    anna.get_by_label("Cost if accepted, yuan").fill("3000")
    anna.get_by_role("button", name="Log the offer").click()
    anna.get_by_role("textbox", name="Reason given").fill("Still above the other quote")
    anna.get_by_role("button", name="Refused").click()
    expect(anna.locator("#offers")).to_contain_text("Refused by the customer")

    anna.get_by_text("The account left").click()
    anna.get_by_label("Cause").select_option("price")
    anna.get_by_label("Competitor").select_option(index=1)
    anna.get_by_role("button", name="Note the loss and end the plan").click()
    expect(anna.get_by_text("The plan has ended.")).to_be_visible()
    assert (Plan.objects.get().state, LossNote.objects.get().cause) == ("left", "price")

    at = timezone.localtime()
    trials.open_trial(terms=trials.Terms(name="Autumn", share=Decimal("0.5"), seed=7, ethics="No service is lost."), by=analyst, at=at)
    assert Assignment.objects.count() == 1  # the second foundry; Huaxin was called already
    boss = visit(supervisor, "/retention/overview/")
    expect(boss.locator("#effect")).to_contain_text("Nothing can be claimed yet.")
    boss.goto(f"{address}/market/")
    expect(boss.get_by_role("main")).to_contain_text("Huaxin")
    anna.goto(f"{address}/accounts/{at_risk.pk}/timeline/")
    expect(anna.locator("#timeline")).to_contain_text("the account left, cause: Price")

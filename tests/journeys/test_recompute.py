"""An analyst has every account judged and watches it happen."""

import re

import pytest
from playwright.sync_api import expect

from crm.people.models import User
from segmentation.runs.models import Run, Standing
from tests.journeys import workers
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]
STAGES = 8


@pytest.fixture
def utility(transactional_db):
    workers.silence()
    return workers.make_utility(accounts=200)


@pytest.fixture
def one(utility):
    """`one("analyst")`: the utility's known person of that role."""
    return lambda role: User.objects.get(username=role)


def test_an_analyst_presses_recompute_watches_the_stages_finish_and_the_portfolio_shows_tiers_with_why(visit, address, one):
    manager = visit(one("manager"), "/portfolio/")
    expect(manager.get_by_role("main")).to_contain_text("not judged yet")

    page = visit(one("analyst"), "/runs/")
    page.get_by_role("button", name="Recompute").click()
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    with workers.worker():
        expect(page.get_by_role("heading", name="What it did")).to_be_visible()
    assert Run.objects.get().state == "published"
    expect(page.locator("#progress .progress-done")).to_have_count(STAGES)

    manager.reload()
    expect(manager.get_by_role("main")).not_to_contain_text("not judged yet")
    best = Standing.objects.filter(account__manager=one("manager")).exclude(tier="").order_by("-value_score").first()
    row = manager.get_by_role("row", name=re.compile(best.account.number))
    expect(row).to_contain_text(best.get_tier_display())
    row.get_by_role("link").click()
    judgement = manager.locator(".judgement-panel")
    expect(judgement).to_contain_text(best.get_tier_display())
    expect(judgement.locator(".why li").first).not_to_be_empty()


def test_what_is_in_force_stays_until_the_next_run_is_whole(visit, one):
    """Cancelled while it waits: nothing was judged, nothing is in force, and it can be asked again."""
    page = visit(one("analyst"), "/runs/")
    page.get_by_role("button", name="Recompute").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. What was in force stays in force.")).to_be_visible()
    page.get_by_role("link", name="Runs").first.click()
    expect(page.get_by_role("button", name="Recompute")).to_be_enabled()

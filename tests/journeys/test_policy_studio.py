"""A policy's way: an analyst drafts, simulates and submits it, a supervisor approves, the next run uses it, a manager reads why an account moved."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.people.models import User
from segmentation.policies.models import Policy
from segmentation.runs import services as runs
from segmentation.runs.models import Run, Standing
from tests.journeys import workers
from tests.journeys.chromium import journey
from tests.journeys.looking import TWO_LOOKS, faults_of

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(transactional_db):
    """`one("analyst")`: the known person of that role in a small utility that was judged."""
    workers.silence()
    workers.make_utility(accounts=200)
    runs.recompute_here(as_of=timezone.localdate(), by=None, clock=timezone.now)
    return lambda role: User.objects.get(username=role)


def test_a_policy_goes_from_draft_to_force_and_a_manager_reads_why_an_account_moved(visit, one):
    before = dict(Standing.objects.values_list("account_id", "tier"))
    page = visit(one("analyst"), f"/policies/{Policy.objects.get(kind='value').pk}/")
    page.get_by_role("button", name="Draft a new version").click()
    # Judgements that contradict each other are told at once, and refused when saved anyway.
    pair = page.get_by_label("12 months' use compared with Late bills in 12 months")
    pair.select_option("1/9")
    ratio = page.locator("[data-ratio=current]")
    expect(ratio).to_contain_text("contradict each other")
    pair.select_option("3")
    expect(ratio).to_contain_text("the judgements agree")
    # By hand: the sum is live.
    page.get_by_label("Weights").select_option("hand")
    shares = {"12 months' use": 10, "12 months' revenue": 10, "Average price": 60, "Unsteadiness of use": 10, "Late bills in 12 months": 5,
              "Growth on the year before": 40, "Contract capacity": 30, "Use of contract capacity": 20, "Trend over 6 months": 10}  # fmt: skip
    for name, share in shares.items():
        page.get_by_label(f"Weight of {name}, %").fill(str(share))
    expect(page.locator("[data-sums]")).to_contain_text("Current value: adds up to 95.0 %, not 100 %")
    page.get_by_label("Weight of Late bills in 12 months, %").fill("10")
    expect(page.locator("[data-sums]")).to_contain_text("Current value: adds up to 100 %")
    assert faults_of(page, TWO_LOOKS) == []
    page.get_by_label("Why this change").fill("Price counts most")
    page.get_by_label("Runs in a row that move it otherwise").fill("1")
    page.get_by_role("button", name="Save the draft").click()

    with workers.worker():
        page.get_by_role("button", name="Simulate").click()
        expect(page.get_by_role("heading", name="What it would move")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="The largest moves")).to_be_visible()
    assert faults_of(page, TWO_LOOKS) == []
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Submit for approval").click()
    draft = Policy.objects.get(kind="value", state="submitted")

    boss = visit(one("supervisor"), "/policies/")
    boss.get_by_role("link", name="Read and decide").click()
    expect(boss.get_by_role("heading", name="The largest moves")).to_be_visible()
    boss.get_by_role("button", name="Approve").click()
    boss.get_by_role("button", name="Approve and put in force").click()
    expect(boss.get_by_text("judges every run as of")).to_be_visible()

    run = runs.recompute_here(as_of=timezone.localdate(), by=None, clock=timezone.now)
    assert (run.state, run.value_policy) == (Run.State.PUBLISHED, draft)
    mine = Standing.objects.filter(account__manager=one("manager")).exclude(tier="").select_related("account")
    moved = next(it for it in mine.order_by("pk") if it.tier != before[it.account_id])
    manager = visit(one("manager"), reverse("crm:account-tab", args=[moved.account_id, "judgement"]))
    expect(manager.get_by_role("heading", name=re.compile("Why its value is"))).to_be_visible()
    table = manager.locator("section", has=manager.get_by_role("heading", name=re.compile("Why its value is")))
    expect(table).to_contain_text("Average price")
    expect(manager.locator("section", has=manager.get_by_role("heading", name="What would move it"))).to_contain_text("points")

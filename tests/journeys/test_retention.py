"""From the accounts that left to a model, its promotion, the next run; from an account it warns of to a plan, an offer, a result; and what a
supervisor may then say of it."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from crm.accounts.models import Account
from crm.people.models import User
from marketing.market.models import LossNote
from marketing.retention.models import Arm, Assignment, Plan
from marketing.retention.services import trials
from segmentation.churn.models import ChurnTerms, RiskModel
from segmentation.lake.services import sync
from segmentation.lake.session import attach_facts, lake, open_session
from segmentation.runs import services as runs
from segmentation.runs.models import Standing
from tests.journeys import workers
from tests.journeys.chromium import journey
from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.looking import TWO_LOOKS, faults_of
from tests.segmentation import churn_world

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(transactional_db):
    """`one("analyst")`: the known person of that role in a small utility that many leave; with a model of last year."""
    workers.silence()
    churn_world.make(accounts=1000, more=8.0)
    ChurnTerms.objects.create(horizon_days=60, months=4, min_leavers=15, explained=200)
    RiskModel.objects.create(state="retired", asked_at=churn_world.NOW, card=churn_world.CARD, parameters={"until": "2025-11-22"})
    with open_session(of=lake(), spill_to=settings.VAR_DIR) as session:
        attach_facts(session)
        sync(session=session, lake=lake(), at=churn_world.NOW)
    return lambda role: User.objects.get(username=role)


def test_a_model_is_trained_and_promoted_a_manager_acts_on_its_reasons_and_a_supervisor_reads_the_effect(
    visit, address, one, calendar_for_today
):
    analyst, boss = visit(one("analyst"), "/risk-models/"), visit(one("supervisor"), "/risk-models/")
    model = an_analyst_trains_compares_and_proposes(analyst, address)
    a_supervisor_promotes(boss, address, model)
    the_next_run_uses_it(analyst, address, model)
    account = at_risk(one("manager"))
    a_manager_reads_why_and_keeps_a_plan_to_its_end(visit(one("manager"), f"/accounts/{account.pk}/"), address, account, model)
    a_supervisor_reads_the_effect(boss, address, one("analyst"), account)


def an_analyst_trains_compares_and_proposes(page, address):
    page.get_by_label("Random forest").uncheck()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    with workers.worker():
        expect(page.get_by_role("heading", name="At work")).to_be_visible()
        expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
        expect(page.get_by_role("heading", name="The training")).to_be_visible(timeout=3 * PATIENCE_MS)
    model = RiskModel.objects.first()
    assert model.state == "trained", model.error
    compared = page.get_by_role("row", name=re.compile("Declined"))
    expect(compared).to_contain_text(re.compile(r"Logistic regression [01]\.\d+ · Boosted trees [01]\.\d+"))
    expect(page.get_by_role("main")).to_contain_text("Left to the rules")
    assert faults_of(page, TWO_LOOKS) == []
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("row", name=re.compile("Average precision of the rules"))).to_contain_text("0.2000")
    page.goto(f"{address}/risk-models/{model.pk}/")
    page.get_by_role("button", name="Propose to put in force").click()
    expect(page.get_by_text("Waiting for approval")).to_be_visible()
    return model


def a_supervisor_promotes(page, address, model):
    page.reload()
    page.get_by_role("link", name=f"Model {model.pk}").click()
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_role("button", name="Retire")).to_be_visible()


def the_next_run_uses_it(page, address, model):
    run = runs.recompute_here(as_of=churn_world.NOW.date(), by=None, clock=timezone.now)
    page.goto(f"{address}/runs/{run.pk}/")
    expect(page.get_by_role("main")).to_contain_text(f"by model {model.pk}")
    page.goto(f"{address}/risk-models/{model.pk}/")
    expect(page.get_by_role("heading", name="In the runs")).to_be_visible()


def at_risk(manager):
    """The account of the manager that the model calls first, of those no rule keeps out of a trial."""
    found = Standing.objects.filter(account__manager=manager, account__important_grade="", risk_band="high")
    return found.select_related("account").order_by("-risk_score", "pk").first().account


def a_manager_reads_why_and_keeps_a_plan_to_its_end(page, address, account, model):
    judgement = page.locator(".judgement-panel")
    expect(judgement).to_contain_text(f"by model {model.pk}")
    expect(judgement).to_contain_text("use under half")
    page.get_by_role("link", name="Start a retention plan").click()
    expect(page.get_by_text("fits best")).to_be_visible()
    page.get_by_role("button", name=re.compile("Start the plan")).click()
    expect(page.get_by_text("Its tasks stand on your desk.")).to_be_visible()

    page.get_by_role("link", name="Finish").first.click()
    page.get_by_label("Notes").fill("They have a quote 3 fen lower.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("They have a quote 3 fen lower.")).to_be_visible()

    page.get_by_label("What was offered").fill("3 % off for two years")
    page.get_by_label("Cost if accepted, yuan").fill("3000")
    page.get_by_role("button", name="Log the offer").click()
    page.get_by_role("textbox", name="Reason given").fill("Still above the other quote")
    page.get_by_role("button", name="Refused").click()
    expect(page.locator("#offers")).to_contain_text("Refused by the customer")

    page.get_by_text("The account left").click()
    page.get_by_label("Cause").select_option("price")
    page.get_by_label("Competitor").select_option(index=1)
    page.get_by_role("button", name="Note the loss and end the plan").click()
    expect(page.get_by_text("The plan has ended.")).to_be_visible()
    assert (Plan.objects.get().state, LossNote.objects.get().cause) == ("left", "price")
    page.goto(f"{address}/accounts/{account.pk}/timeline/")
    expect(page.locator("#timeline")).to_contain_text("the account left, cause: Price")


def a_supervisor_reads_the_effect(page, address, analyst, account):
    at = timezone.localtime()
    few = Standing.objects.filter(risk_band="low", account__status="active").order_by("pk").values_list("pk", flat=True)[:120]
    Standing.objects.filter(pk__in=list(few)).update(risk_band="watch")  # so small a utility has too few at risk for both arms
    bands = ("high", "elevated", "watch")
    terms = trials.Terms(name="Autumn", share=Decimal("0.5"), seed=7, ethics="No service is lost.", bands=bands)
    trials.open_trial(terms=terms, by=analyst, at=at)
    assert not Assignment.objects.filter(account=account).exists()  # called already
    page.goto(f"{address}/retention/overview/")
    expect(page.locator("#effect")).to_contain_text("Nothing can be claimed yet.")
    # A quarter later: of those held out, half have closed their accounts; of the treated, none.
    held = list(Assignment.objects.filter(arm=Arm.HOLDOUT).order_by("pk").values_list("account", flat=True))
    end = at.date() + timezone.timedelta(days=terms.horizon_days)
    Account.objects.filter(pk__in=held[::2]).update(status="closed", closed_on=at.date() + timezone.timedelta(days=40))
    trials.settle(on=end)
    page.reload()
    expect(page.locator("#effect")).to_contain_text("Plans keep accounts.")
    expect(page.locator("#effect")).to_contain_text("Money kept, a year")
    page.goto(f"{address}/market/")
    expect(page.get_by_role("main")).to_contain_text("Price")

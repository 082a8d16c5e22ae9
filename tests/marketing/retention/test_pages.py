"""Pages and API of retention: what they show, how many queries they cost, what they refuse."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import Account
from crm.demo.plan import Plan as Utility
from crm.demo.plan import last_billed_month
from crm.people.models import User
from marketing.desk import agenda
from marketing.market.models import LossNote
from marketing.retention import demo
from marketing.retention.models import Arm, Assignment, Plan, Playbook, Trial
from marketing.retention.services import plans
from segmentation.segments.models import Segment, SegmentMember


@pytest.fixture
def fill(make_account, stand, manager, now, calendar_for_today):
    """`fill(5)`: so many more accounts with a plan under way."""

    def more(number):
        for _ in range(number):
            account = make_account()
            stand(account)
            plans.start(account=account, by=manager, at=now)

    return more


@pytest.mark.parametrize("page", ["retention-plans", "retention-overview"])
def test_a_longer_list_costs_no_more_queries(page, fill, sign_in, supervisor, count_queries):
    browser, counts = sign_in(supervisor), []
    for _ in range(2):
        fill(3)
        browser.get(reverse(f"marketing:{page}"))
        with count_queries() as queries:
            response = browser.get(reverse(f"marketing:{page}"))
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, counts


def test_the_desk_shows_who_has_no_plan_and_the_tasks_due(plan, make_account, stand, open_trial, manager, now):
    free, held = make_account(), make_account()
    stand(free)
    found = agenda.ahead(user=manager, today=now.date())
    assert [one.account_id for one in agenda.of_today(user=manager)["risks"].rows] == [free.pk]
    assert found["plan_tasks"].rows[0].kind == "call" and found["visits"].total == 0
    stand(held)
    trial = open_trial()
    lots = dict(Assignment.objects.filter(trial=trial).values_list("account", "arm"))
    expected = {pk for pk, arm in lots.items() if arm == Arm.TREATED}
    assert {one.account_id for one in agenda.of_today(user=manager)["risks"].rows} == expected


def test_the_desk_shows_the_first_of_many_and_says_how_many_there_are_in_one_question_each(make_account, stand, manager, count_queries):
    asked = []
    for _ in range(2):
        for _account in range(6):
            stand(make_account())
        with count_queries() as queries:
            risks = agenda.of_today(user=User.objects.get(pk=manager.pk))["risks"]
        asked.append((len(risks.rows), risks.total, len(queries)))
    assert [it[:2] for it in asked] == [(6, 6), (8, 12)]
    assert asked[0][2] == asked[1][2] <= 7


def test_the_desk_asks_for_what_comes_in_a_panel_of_its_own(plan, manager, sign_in, count_queries):
    browser = sign_in(manager)
    page = browser.get(reverse("marketing:desk")).content.decode()
    assert f'hx-get="{reverse("marketing:desk-ahead")}"' in page and "Retention tasks due" not in page
    with count_queries() as queries:
        panel = browser.get(reverse("marketing:desk-ahead")).content.decode()
    assert "Retention tasks due" in panel and "<html" not in panel
    assert len(queries) <= 8


def test_a_playbook_is_written_in_the_browser_and_a_wrong_one_is_told_why(sign_in, analyst):
    browser, url = sign_in(analyst), reverse("marketing:playbook-new")
    form = {
        "name": "黄金客户", "name_en": "Gold accounts", "outcome": "closed", "band": "high", "tier": "gold", "is_active": "on",
        "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0", "steps-0-kind": "call", "steps-0-subject": "致电", "steps-0-doer": "manager",
        "steps-0-within_days": "5", "steps-0-cost_yuan": "0", "steps-1-kind": "visit", "steps-1-subject": "走访", "steps-1-doer": "manager",
        "steps-1-within_days": "2", "steps-1-cost_yuan": "0", "steps-2-kind": "", "steps-2-subject": "", "steps-2-doer": "manager", "steps-2-cost_yuan": "0",
    }  # fmt: skip
    refused = browser.post(url, form)
    assert refused.status_code == 422 and "Step 2 comes before" in refused.content.decode()
    assert browser.post(url, form | {"steps-1-within_days": "7"}).status_code == 302
    assert [step.within_days for step in Playbook.objects.get(name="黄金客户").steps.all()] == [5, 7]


def test_the_portfolio_starts_plans_in_bulk_and_tells_who_was_left_out(at_risk, make_account, stand, sign_in, manager, calendar_for_today):
    closed = make_account(status="closed", closed_on=dt.date(2026, 1, 1))
    stand(closed)
    browser, url = sign_in(manager), reverse("marketing:retention-start-bulk")
    ids = {"ids": [at_risk.pk, closed.pk]}
    assert "Start the plans" in browser.post(url, ids).content.decode() and not Plan.objects.exists()
    told = browser.post(url, ids | {"confirmed": "1"}, follow=True).content.decode()
    assert "1 plan is under way." in told and "is closed" in told
    assert Plan.objects.get().account == at_risk


def test_a_segment_is_an_audience_for_a_playbook(at_risk, make_account, stand, run, sign_in, manager, calendar_for_today):
    other = make_account()
    stand(other)
    segment = Segment.objects.create(
        name="Foundries",
        owner=manager,
        kind="static",
        rule={"field": "tier", "is": "in", "value": ["gold"]},
        made_at=timezone.now(),
        run=run,
    )
    SegmentMember.objects.create(segment=segment, account=at_risk, since=run.as_of)
    browser, url = sign_in(manager), f"{reverse('marketing:retention-start-bulk')}?segment={segment.pk}"
    assert url in browser.get(reverse("segmentation:segment-detail", args=[segment.pk])).content.decode()
    asked = browser.post(url, {"everything": "1"}).content.decode()
    assert at_risk.number in asked and other.number not in asked
    browser.post(url, {"ids": [at_risk.pk], "confirmed": "1"})
    assert Plan.objects.get().account == at_risk


def test_a_program_starts_offers_and_ends(at_risk, api, manager, now, calendar_for_today):
    client = api(manager)
    made = client.post("/api/v1/retention-plans/", {"account": at_risk.pk}, format="json")
    assert made.status_code == 201 and [task["kind"] for task in made.json()["tasks"]] == ["call", "visit", "offer", "renewal"]
    url = f"/api/v1/retention-plans/{made.json()['id']}"
    assert client.post("/api/v1/retention-plans/", {"account": at_risk.pk}, format="json").json()["code"] == "already_done"
    offer = {"kind": "offer", "what": "3 % off", "cost_yuan": "3000.00", "offered_on": now.date()}
    logged = client.post(f"{url}/offer/", offer, format="json")
    answer = {"offer": logged.json()["offers"][0]["id"], "accepted": False, "answered_on": now.date(), "reason": "Too little"}
    assert client.post(f"{url}/answer/", answer, format="json").json()["offers"][0]["state"] == "refused"
    lost = client.post(f"{url}/lose/", {"lost_on": now.date(), "outcome": "switched", "cause": "price"}, format="json")
    assert lost.json()["state"] == "left" and LossNote.objects.get().pk == lost.json()["loss"]


def test_a_program_opens_a_trial_and_reads_that_nothing_can_be_claimed(at_risk, api, analyst):
    client = api(analyst)
    made = client.post("/api/v1/trials/", {"name": "T", "share": "0.5", "ethics": "Fair", "seed": 7}, format="json")
    assert made.status_code == 201 and made.json()["seed"] == 7
    found = client.get(f"/api/v1/trials/{made.json()['id']}/effect/").json()
    assert set(found["verdict"]["missing"]) == {"holdout", "treated", "leavers"} and found["verdict"]["difference"] is None
    [lot] = client.get("/api/v1/lots/").json()["results"]
    assert lot["account"] == at_risk.pk


def test_the_demonstration_has_plans_trials_and_losses_that_hold_together(db, now, calendar_for_today):
    from crm.demo import services as utility
    from segmentation.runs.models import Run, Standing

    utility.create(plan=Utility(accounts=400, months=6, seed=7, until=last_billed_month(now.date()), now=now))
    run = Run.objects.create(as_of=now.date(), state="published", in_force=True, asked_at=now)
    bands, outcomes = ["high", "elevated", "low"], ["closed", "switched", "declined"]
    Standing.objects.bulk_create(
        Standing(account=account, run=run, risk_band=bands[n % 3], risk_outcome=outcomes[n % 3], tier="silver", revenue_12m_fen=n * 1000)
        for n, account in enumerate(Account.objects.order_by("pk"))
    )
    made = demo.create(at=now)
    assert min(made.values()) > 0 and demo.only_synthetic()
    assert Trial.objects.filter(closed_at=None).count() == 1 == Trial.objects.exclude(closed_at=None).count()
    held = Assignment.objects.holding().values("account")
    assert not Plan.objects.open().filter(account__in=held).exists()
    assert not Plan.objects.filter(state="left", loss=None).exists()
    assert demo.create(at=now) == {"losses": 0, "lots": 0, "plans": 0}


def test_share_of_a_trial_is_what_was_asked(open_trial, db):
    assert open_trial(share=Decimal("0.15")).share == Decimal("0.15")

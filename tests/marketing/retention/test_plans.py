"""A plan for an account: who starts it, what it plans, what is offered, how it ends."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.audit.models import AuditEntry
from crm.calendar.models import CalendarDay, CalendarYear
from crm.engagement import services as engagement
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused
from marketing.market.models import LossNote, Rival
from marketing.market.services import Loss
from marketing.retention.models import Offer, Plan, Playbook
from marketing.retention.services import offers, plans, playbooks


def test_the_playbook_that_fits_best_becomes_tasks_due_on_the_working_calendar(plan, manager, now):
    assert (plan.playbook.outcome, plan.state, plan.band, plan.revenue_12m_fen) == ("switched", "open", "high", 100_000_00)
    steps, tasks = list(plan.playbook.steps.all()), list(plan.tasks.select_related("engagement"))
    assert [task.kind for task in tasks] == ["call", "visit", "offer", "renewal"]
    assert [task.engagement.kind for task in tasks] == ["call", "visit", "task", "task"]
    calendar = CalendarDay.objects.clock()
    for step, task in zip(steps, tasks, strict=True):
        day, left = now.date(), step.within_days
        while left:
            day += dt.timedelta(days=1)
            left -= calendar.is_working(day)
        assert task.engagement.planned_on == day and task.engagement.by == manager
    assert AuditEntry.objects.filter(did="started retention plan", account=plan.account, by=manager).exists()


def test_an_account_has_one_plan_under_way(plan, manager, now):
    with pytest.raises(AlreadyDone):
        plans.start(account=plan.account, by=manager, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(account=plan.account, playbook=plan.playbook, started_by=manager, started_at=now)


def test_only_who_looks_after_an_open_account_starts_a_plan(at_risk, colleague, make_account, manager, now):
    with pytest.raises(Refused, match="look after"):
        plans.start(account=at_risk, by=colleague, at=now)
    with pytest.raises(Refused, match="closed"):
        plans.start(account=make_account(status="closed", closed_on=now.date()), by=manager, at=now)


def test_without_a_calendar_no_due_date_is_guessed(at_risk, manager, now):
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    with pytest.raises(Refused, match="calendar"):
        plans.start(account=at_risk, by=manager, at=now)
    assert not Plan.objects.exists() and not Engagement.objects.exists()


def test_many_at_once_one_refusal_does_not_stop_the_others(at_risk, make_account, stand, manager, stranger, now, calendar_for_today):
    other, foreign = make_account(), make_account(manager=stranger)
    stand(other, risk_outcome="closed")
    made, refused = plans.start_many(accounts=[at_risk, foreign, other], by=manager, at=now)
    assert [one.playbook.outcome for one in made] == ["switched", "closed"]
    assert [account for account, _why in refused] == [foreign]


def test_a_kept_account_cancels_what_is_left_and_a_second_ending_is_told(plan, manager, supervisor, now):
    first = plan.tasks.first().engagement
    engagement.finish(engagement=first, by=manager, today=now.date(), happened_on=now.date())
    plans.keep(plan=plan, by=manager, at=now, ending="Renewed for two years")
    plan.refresh_from_db()
    assert (plan.state, plan.ending) == ("kept", "Renewed for two years")
    assert (plan.tasks.done().count(), plan.tasks.undone().count()) == (1, 0)
    with pytest.raises(AlreadyDone, match="Kept"):
        plans.drop(plan=plan, by=supervisor, at=now, reason="Too late")


def test_a_lost_account_is_noted_for_the_market_watch(plan, manager, now):
    rival = Rival.objects.filter(kind="competitor").first()
    plans.lose(plan=plan, loss=Loss(now.date(), "switched", "price", competitor=rival, note="3 fen cheaper"), by=manager, at=now)
    noted = LossNote.objects.get()
    plan.refresh_from_db()
    assert (plan.state, plan.loss) == ("left", noted)
    assert (noted.account, noted.competitor, noted.cause, noted.revenue_12m_fen) == (plan.account, rival, "price", 100_000_00)


def test_a_refused_loss_leaves_the_plan_under_way(plan, manager, now):
    with pytest.raises(Refused, match="still to come"), transaction.atomic():
        plans.lose(plan=plan, loss=Loss(now.date() + dt.timedelta(days=1), "switched", "price"), by=manager, at=now)
    plan.refresh_from_db()
    assert plan.is_open and not LossNote.objects.exists()


def test_a_plan_is_given_up_only_with_a_reason(plan, manager, now):
    with pytest.raises(Refused, match="Say why"):
        plans.drop(plan=plan, by=manager, at=now, reason=" ")


def test_an_offer_is_logged_and_answered_once(plan, manager, colleague, now):
    offer = offers.log(plan=plan, kind="offer", what="3 % off", cost_yuan=Decimal(3000), offered_on=now.date(), by=manager, at=now)
    with pytest.raises(Refused, match="why the customer refused"):
        offers.answer(offer=offer, accepted=False, answered_on=now.date(), reason="", by=manager, at=now)
    with pytest.raises(Refused, match="looks after"):
        offers.answer(offer=offer, accepted=True, answered_on=now.date(), reason="", by=colleague, at=now)
    answered = offers.answer(offer=offer, accepted=True, answered_on=now.date(), reason="", by=manager, at=now)
    assert answered.state == Offer.State.ACCEPTED
    with pytest.raises(AlreadyDone):
        offers.answer(offer=offer, accepted=False, answered_on=now.date(), reason="No", by=manager, at=now)
    with pytest.raises(Refused, match="between the start"):
        offers.log(
            plan=plan, kind="offer", what="x", cost_yuan=Decimal(1), offered_on=now.date() - dt.timedelta(days=9), by=manager, at=now
        )


def step(**values):
    defaults = {"kind": "call", "subject": "致电", "subject_en": "Call", "doer": "manager", "within_days": 2, "cost_yuan": Decimal(0)}
    return playbooks.StepTerms(**defaults | values)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([], "1 to"),
        ([step(subject=" ")], "Step 1"),
        ([step(within_days=0)], "Step 1"),
        ([step(within_days=5), step(within_days=3)], "Step 2 comes before"),
        ([step(kind="offer")], "what the offer costs"),
        ([step(cost_yuan=Decimal(-1))], "below zero"),
    ],
)
def test_a_playbook_that_cannot_be_followed_is_refused(analyst, steps, why):
    with pytest.raises(Refused, match=why):
        playbooks.save(name="新", name_en="", outcome="closed", band="high", tier="gold", is_active=True, steps=steps, by=analyst)


def test_a_case_has_one_playbook_in_use_and_plans_keep_the_steps_they_began_with(plan, analyst):
    with pytest.raises(Refused, match="in use for the same"):
        playbooks.save(name="二", name_en="", outcome="switched", band="", tier="", is_active=True, steps=[step()], by=analyst)
    playbooks.save(
        playbook=plan.playbook,
        name="改",
        name_en="Changed",
        outcome="switched",
        band="",
        tier="",
        is_active=True,
        steps=[step()],
        by=analyst,
    )
    assert Playbook.objects.get(pk=plan.playbook_id).steps.count() == 1
    assert plan.tasks.count() == 4

"""Lots: drawn before contact, unchangeable, settled by facts; the measured effect, and when there is none to tell."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services as service_levels
from marketing.retention import effect
from marketing.retention.models import Arm, Assignment, Plan, Trial
from marketing.retention.services import offers, plans, trials
from segmentation.churn.models import ChurnTerms
from segmentation.segments.models import Segment, SegmentMember


@pytest.fixture
def accounts(make_account, stand):
    """Twenty accounts at high risk."""
    found = [make_account() for _ in range(20)]
    for account in found:
        stand(account)
    return found


def test_opening_a_trial_draws_lots_for_all_who_may_leave_and_records_them(
    accounts, make_account, stand, open_trial, level, supervisor, now
):
    important, green, safe, exempt = (make_account(important_grade="1"), make_account(), make_account(), make_account())
    for account in (important, green, exempt):
        stand(account)
    stand(safe, risk_band="low")
    today = now.date()
    service_levels.grant(account=green, level=level, starts_on=today, ends_on=today + dt.timedelta(days=90), by=supervisor, at=now)
    trials.exempt(account=exempt, by=supervisor, at=now, reason="Lawsuit under way")
    trial = open_trial()
    lots = Assignment.objects.filter(trial=trial)
    assert set(lots.values_list("account", flat=True)) == {account.pk for account in accounts}
    assert lots.filter(arm=Arm.HOLDOUT).count() == 4
    assert set(lots.values_list("stratum", "due_on")) == {("high|gold|large_industrial", today + dt.timedelta(days=90))}
    assert trials.draw(trial=trial, at=now) == 0
    with pytest.raises(AlreadyDone, match="Another trial"):
        open_trial()


def test_a_trial_of_a_segment_draws_for_its_members_only_and_weighs_by_the_terms_of_leaving(accounts, open_trial, analyst, run, now):
    ChurnTerms.objects.create(value_lost={"switched": 0.1, "closed": 0.9, "reduced": 0.2, "self_supply": 0.3, "declined": 0.4})
    segment = Segment.objects.create(name="Foundries", owner=analyst, kind="static", rule={}, made_at=now, run=run)
    SegmentMember.objects.bulk_create(SegmentMember(segment=segment, account=account, since=run.as_of) for account in accounts[:6])
    trial = open_trial(segment=segment)
    assert set(trial.assignments.values_list("account", flat=True)) == {account.pk for account in accounts[:6]}
    assert trial.value_lost["closed"] == 0.9
    SegmentMember.objects.create(segment=segment, account=accounts[7], since=run.as_of)
    assert trials.draw(trial=trial, at=now) == 1  # who joins a living segment is drawn for when it is their turn
    with pytest.raises(DatabaseError), transaction.atomic():
        Trial.objects.update(segment=None)


@pytest.mark.parametrize("change", [{"arm": "treated"}, {"stratum": "x"}, {"revenue_12m_fen": 1}, {"before": {}}])
def test_a_lot_cannot_be_changed(accounts, open_trial, change):
    open_trial()
    lots = Assignment.objects.filter(arm=Arm.HOLDOUT)
    with pytest.raises(DatabaseError), transaction.atomic():
        lots.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Trial.objects.update(seed=8)


def test_a_held_out_account_gets_no_plan_until_it_is_released(accounts, open_trial, manager, supervisor, now, calendar_for_today):
    open_trial()
    lot = Assignment.objects.filter(arm=Arm.HOLDOUT).first()
    with pytest.raises(Refused, match="held out of “Spring” until") as refusal:
        plans.start(account=lot.account, by=manager, at=now)
    assert refusal.value.code == "held_out"
    with pytest.raises(Refused, match="must not wait"):
        trials.release(lot=lot, by=supervisor, at=now, reason="")
    trials.release(lot=lot, by=supervisor, at=now, reason="The mayor called")
    with pytest.raises(AlreadyDone):
        trials.release(lot=lot, by=supervisor, at=now, reason="Again")
    assert plans.start(account=lot.account, by=manager, at=now).is_open
    lot.refresh_from_db()
    assert (lot.arm, lot.release_reason) == (Arm.HOLDOUT, "The mayor called")
    treated = Assignment.objects.filter(arm=Arm.TREATED).first()
    assert plans.start(account=treated.account, by=manager, at=now).is_open


def test_an_account_that_came_to_be_at_risk_gets_its_lot_before_its_plan_and_the_lot_stands(
    open_trial, make_account, stand, manager, now, calendar_for_today
):
    open_trial(share=Decimal("0.5"))
    answers = set()
    for _ in range(12):
        account = make_account()
        stand(account)
        try:
            plans.start(account=account, by=manager, at=now)
        except Refused as refusal:
            answers.add((refusal.code, Assignment.objects.get(account=account).arm))
        else:
            answers.add(("started", Assignment.objects.get(account=account).arm))
    assert answers == {("held_out", "holdout"), ("started", "treated")}


def test_who_has_a_plan_already_is_in_no_trial(plan, open_trial):
    open_trial()
    assert not Assignment.objects.exists()


def test_closing_a_trial_frees_who_was_held_out(accounts, open_trial, analyst, manager, now, calendar_for_today):
    trial = open_trial()
    lot = Assignment.objects.filter(arm=Arm.HOLDOUT).first()
    trials.close_trial(trial=trial, by=analyst, at=now)
    assert plans.start(account=lot.account, by=manager, at=now).is_open
    with pytest.raises(AlreadyDone):
        trials.close_trial(trial=trial, by=analyst, at=now)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"ethics": " "}, "right to hold"),
        ({"share": Decimal("0.6")}, "2 %"),
        ({"horizon_days": 3}, "7 and 365"),
        ({"bands": ("low",)}, "bands"),
    ],
)
def test_a_trial_that_cannot_be_is_refused(db, open_trial, values, why):
    with pytest.raises(Refused, match=why):
        open_trial(**values)


def test_outcomes_are_settled_from_facts_once_the_horizon_has_passed(accounts, open_trial, stand, now):
    open_trial()
    end = now.date() + dt.timedelta(days=90)
    assert trials.settle(on=end - dt.timedelta(days=1)) == 0
    closed, switched, faded = accounts[:3]
    type(closed).objects.filter(pk=closed.pk).update(status="closed", closed_on=end)
    type(closed).objects.filter(pk=switched.pk).update(market_status="retailer")
    stand(faded, kwh_12m=4e5)
    assert trials.settle(on=end) == 20 and trials.settle(on=end) == 0
    found = dict(Assignment.objects.exclude(outcome="").values_list("account", "outcome"))
    assert found == {closed.pk: "closed", switched.pk: "switched", faded.pk: "declined"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.filter(account=closed).update(outcome="")


def settled(trial, make_account, arm, n, lost):
    """`n` settled lots of an arm, `lost` of whom closed."""
    made = []
    for place in range(n):
        account = make_account()
        made.append(
            Assignment(
                trial=trial, account=account, arm=arm, stratum="high|gold|large_industrial", assigned_at=trial.opened_at,
                due_on=trial.opened_at.date(), settled_on=trial.opened_at.date(), outcome="closed" if place < lost else "", revenue_12m_fen=100_000_00,
            )
        )  # fmt: skip
    return Assignment.objects.bulk_create(made)


def test_the_effect_says_what_is_missing_until_there_is_enough(open_trial, make_account, supervisor):
    trial = open_trial()
    settled(trial, make_account, Arm.TREATED, 31, 4)
    found = effect.of_trial(trial=trial, user=supervisor)
    assert (found.verdict.missing, found.net_yuan) == ({"holdout": 0, "leavers": 4}, None)


def test_the_effect_holds_money_kept_against_money_spent(
    open_trial, make_account, stand, manager, supervisor, stranger, now, calendar_for_today
):
    trial = open_trial()
    treated = settled(trial, make_account, Arm.TREATED, 60, 6)
    settled(trial, make_account, Arm.HOLDOUT, 30, 12)
    plan = plans.start(account=treated[0].account, by=manager, at=now)
    values = {"kind": "offer", "offered_on": now.date(), "by": manager, "at": now}
    taken = offers.log(plan=plan, what="5 % off", cost_yuan=Decimal(4000), **values)
    offers.log(plan=plan, what="Not answered", cost_yuan=Decimal(9000), **values)
    offers.answer(offer=taken, accepted=True, answered_on=now.date(), reason="", by=manager, at=now)
    found = effect.of_trial(trial=trial, user=supervisor)
    assert found.verdict.difference.value == pytest.approx(0.9 - 0.6)
    assert found.verdict.money.kept == pytest.approx(60 * (0.4 - 0.1) * 100_000)
    assert (found.spent_yuan, found.plans) == (4000, 1)
    assert found.net_yuan == pytest.approx(1_800_000 - 4000)
    assert effect.of_trial(trial=trial, user=stranger).verdict.n_treated == 0
    assert Plan.objects.visible_to(stranger).count() == 0

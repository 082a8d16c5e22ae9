"""Asked for, trained, proposed, approved by a second person, scoring, held to what happened, rolled back: over one small utility."""

import datetime as dt
import json

import numpy as np
import pytest
from django.utils import timezone

from crm.people.errors import AlreadyDone, Refused
from segmentation.churn import services, tasks
from segmentation.churn.models import ChurnTerms, ModelUse, RiskModel
from segmentation.engine.explain import words
from segmentation.runs import services as runs
from segmentation.runs.models import Standing
from tests.segmentation import churn_world
from tests.segmentation.churn.conftest import AT

TODAY = dt.date(2026, 11, 22)


def recompute(day=TODAY):
    run = runs.recompute_here(as_of=day, by=None, clock=lambda: AT)
    assert run.state == "published", run.error
    return run


def test_a_model_is_trained_approved_scores_is_held_to_what_happened_and_is_rolled_back(transactional_db, analyst, supervisor):
    refused = services.ask(by=analyst, at=AT)
    services.claim_and_train(model_id=refused.pk, clock=lambda: AT)
    refused.refresh_from_db()
    assert (refused.state, refused.error.strip()) == ("refused", "no_lake")

    accounts = churn_world.make(accounts=1200, more=6.0)
    ChurnTerms.objects.create(min_leavers=25, months=8, explained=300)
    rules = recompute()
    assert rules.counts["risk"] == {"source": "rules", "why": "no_model"}
    assert [stage["stage"] for stage in rules.stages].count("churn") == 0
    assert not Standing.objects.exclude(risk_model=None).exists()

    asked = services.ask(by=analyst, at=AT, outcomes=["closed", "declined", "self_supply"], candidates=["logistic", "boosted"])
    with pytest.raises(AlreadyDone):
        services.ask(by=analyst, at=AT)
    assert services.sweep(at=AT) == asked.pk
    model = services.claim_and_train(model_id=asked.pk, clock=lambda: AT)
    assert model.state == "trained", model.error
    _the_card_tells_what_it_is_worth(model)
    _it_needs_a_second_person(model, analyst, supervisor)

    scored = recompute()
    assert scored.counts["risk"]["source"] == "model"
    _standings_say_which_model_and_why(model, accounts)

    older = recompute(dt.date(2026, 7, 31))
    recompute()
    use = ModelUse.objects.get(model=model, run_number=older.pk)
    assert sum(use.held.values()) > 0
    assert use.held["high"] == pytest.approx(use.expected["high"]["expected"], rel=0.5, abs=8)

    services.retire(model=model, by=supervisor, at=AT)
    assert recompute().counts["risk"]["source"] == "rules"
    assert not Standing.objects.exclude(risk_model=None).exists()
    services.bring_back(model=model, by=supervisor, at=AT)
    assert recompute().counts["risk"]["model"] == model.pk


def _the_card_tells_what_it_is_worth(model):
    card = model.card
    assert {"closed", "declined"} <= set(card["outcomes"])
    assert card["any"]["auc"] > 0.85
    assert card["any"]["ap"] > card["rules"]["ap"]
    assert card["any"]["ece"] < 0.05
    assert card["refused"]["self_supply"]["code"] == "too_few_leavers"
    assert card["leaks"] == []
    assert card["survival"]["curves"]
    assert "trees" in json.dumps(model.text.body) or "weights" in json.dumps(model.text.body)


def _it_needs_a_second_person(model, analyst, supervisor):
    with pytest.raises(AlreadyDone):
        services.promote(model=model, by=supervisor, at=AT)
    services.propose(model=model, by=analyst)
    with pytest.raises(Refused, match="yourself"):
        services.promote(model=model, by=analyst, at=AT)
    services.promote(model=model, by=supervisor, at=AT)
    assert (RiskModel.objects.in_force(), model.approved_by) == (model, supervisor)


def _standings_say_which_model_and_why(model, accounts):
    judged = Standing.objects.exclude(risk_band="")
    assert set(judged.values_list("risk_model", flat=True)) == {model.pk}
    first = judged.order_by("-risk_score").first()
    told = words(first.reasons, "en")
    assert f"by model {model.pk}" in told["chance"]
    assert told["risk"]
    assert "模型" in words(first.reasons, "zh-hans")["chance"]
    assert all(reason[0].startswith("model_") for reason in json.loads(first.reasons)["risk"])
    assert sum(part for _name, part in json.loads(first.reasons)["model"][2:]) == pytest.approx(float(first.risk_score), abs=0.6)
    high = judged.filter(risk_band="high")
    assert 0 < high.count() < judged.count() / 4
    story = dict(zip(accounts.ids.tolist(), accounts.story.tolist(), strict=True))
    leaving = [story[pk] in (2, 3, 5, 7, 8, 9) for pk in high.values_list("pk", flat=True)]
    assert np.mean(leaving) > 0.7, "of all accounts fewer than three in ten have such a story"


def test_a_training_that_lost_its_worker_is_taken_up_again_and_given_up_after_three(db, analyst):
    model = services.ask(by=analyst, at=AT)
    for attempt in (1, 2, 3):
        RiskModel.objects.filter(pk=model.pk).update(state="running", attempts=attempt, heartbeat_at=AT)
        assert services.sweep(at=AT + dt.timedelta(minutes=5)) is None
        taken = services.sweep(at=AT + dt.timedelta(minutes=11))
        assert taken == (model.pk if attempt < 3 else None)
    model.refresh_from_db()
    assert (model.state, model.error.split()[0]) == ("failed", "died")


def test_a_cancelled_training_stops_at_its_next_step(db, analyst, monkeypatch):
    model = services.ask(by=analyst, at=AT)

    def cancelled_meanwhile(*, model, tell):
        services.cancel(model=model, by=analyst, at=AT)
        tell("labels", 2)

    monkeypatch.setattr("segmentation.churn.services.trainings.learn", cancelled_meanwhile)
    tasks.train(model.pk)
    model.refresh_from_db()
    assert model.state == "cancelled"
    assert services.claim_and_train(model_id=model.pk, clock=timezone.now) is None


def test_a_model_worse_than_the_rules_is_not_promotable(db, analyst, supervisor):
    model = RiskModel.objects.create(asked_by=analyst, asked_at=AT, state="trained", card={"any": {"ap": 0.1}, "rules": {"ap": 0.2}})
    with pytest.raises(Refused, match="worse than the rules"):
        services.propose(model=model, by=analyst)


def test_a_model_whose_column_was_renamed_leaves_the_run_to_the_rules(db, analyst, caplog):
    from segmentation.churn.models import ModelText
    from segmentation.churn.scoring import InRun
    from segmentation.engine.churn import ChurnModel
    from segmentation.engine.churn.bundle import Bundle

    random = np.random.default_rng(1)
    X = {"use_as_it_was_called": random.normal(size=400), "growth": random.normal(size=400)}
    learned = ChurnModel("closed", 90).fit(X, (X["use_as_it_was_called"] > 1).astype(int))
    model = RiskModel.objects.create(asked_by=analyst, asked_at=AT, state="in_force", approved_by=analyst)
    ModelText.objects.create(model=model, body=Bundle(model.pk, 90, {"closed": learned}).to_dict())
    found = InRun(run_number=1, as_of=TODAY)
    assert found.bundle is None
    assert found.summary() == {"source": "rules", "why": "columns_differ: use_as_it_was_called"}
    assert "the rules judge" in caplog.text

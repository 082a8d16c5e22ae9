"""Who sees and does what with a model, on its pages and by the API; what the pages say when something cannot be done."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from segmentation.churn.models import ChurnTerms, ModelText, ModelUse, RiskModel
from segmentation.engine.explain import MEANINGS
from tests.segmentation.churn.conftest import AT
from tests.segmentation.churn_world import CARD


@pytest.fixture
def model(db, analyst):
    asked = {"outcomes": ["closed"], "candidates": ["boosted"], "seed": 42, "months": 12, "until": "2026-11-22", "horizon_days": 90}
    made = RiskModel.objects.create(asked_by=analyst, asked_at=AT, state="trained", card=CARD, parameters=asked)
    ModelUse.objects.create(
        model=made, run_number=1, role="champion", as_of=dt.date(2026, 6, 30), accounts=10, drift=[{"column": "growth", "psi": 0.4}], alarm=True,
        expected={"high": {"accounts": 12, "expected": 7.5}}, held={"high": 8},
    )  # fmt: skip
    return made


def page(client, name, *args, query=""):
    response = client.get(reverse(f"segmentation:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_card_tells_how_good_what_is_left_to_the_rules_and_what_was_held(sign_in, analyst, model):
    text = page(sign_in(analyst), "risk-model-detail", model.pk)
    for said in (
        "0.900",
        "Left to the rules",
        "7, and 30 are needed",
        "it knows the future",
        "the same everywhere",
        "7.5",
        "changed since this model was trained",
    ):
        assert said in text, said


def test_every_chart_answers(sign_in, supervisor, model):
    client = sign_in(supervisor)
    for chart in ("calibration", "gain", "features", "drift", "survival"):
        data = client.get(reverse("segmentation:risk-model-chart", args=[model.pk, chart])).json()
        assert data["series"][0]["values"], chart
    assert client.get(reverse("segmentation:risk-model-chart", args=[model.pk, "nothing"])).status_code == 404


def test_analyst_proposes_supervisor_puts_in_force_and_neither_does_the_others_part(sign_in, analyst, supervisor, model):
    change, decide = (reverse(f"segmentation:risk-model-{name}", args=[model.pk]) for name in ("change", "decide"))
    assert sign_in(supervisor).post(change, {"do": "propose"}).status_code == 403
    assert sign_in(analyst).post(change, {"do": "propose"}).status_code == 302
    assert sign_in(analyst).post(decide, {"do": "promote"}).status_code == 403
    assert sign_in(supervisor).post(decide, {"do": "promote"}).status_code == 302
    model.refresh_from_db()
    assert (model.state, model.approved_by, model.proposed_by) == ("in_force", supervisor, analyst)


def test_two_models_stand_side_by_side_with_what_differs(sign_in, analyst, model):
    other = RiskModel.objects.create(asked_by=analyst, asked_at=AT, state="trained", card=CARD | {"tested_from": "2025-12-31"})
    text = page(sign_in(analyst), "risk-model-compare", model.pk, query=f"?with={other.pk}")
    assert "tested on different months" in text
    assert "0.6000" in text


def test_time_to_leaving_shows_hazards(sign_in, analyst, model):
    assert "0.40" in page(sign_in(analyst), "risk-model-time", model.pk)


def test_hazards_that_do_not_settle_say_so_with_the_reason_and_what_was_left_out(sign_in, analyst, model):
    fit = {"penalty": 1.0, "apart": "recent_ratio", "left_out": ["tenure_years"], "leavers": 14, "needed": 10}
    view = CARD["survival"] | {"cox_fit": fit}
    RiskModel.objects.update(card=CARD | {"survival": view})
    text = page(sign_in(analyst), "risk-model-time", model.pk)
    assert "ridge penalty" in text and "“Use of the last 3 months over the same 3 months a year before” alone parts" in text
    assert "14 left" in text and "Years since the account was opened" in text
    RiskModel.objects.update(card=CARD | {"survival": view | {"cox": [], "cox_fit": fit | {"penalty": 0.0, "leavers": 4}}})
    assert "No Cox model: 4 left" in page(sign_in(analyst), "risk-model-time", model.pk)


def test_the_model_is_handed_out_as_text(sign_in, analyst, model):
    url = reverse("segmentation:risk-model-text", args=[model.pk])
    assert sign_in(analyst).get(url).status_code == 404  # nothing was kept of it
    ModelText.objects.create(model=model, body={"version": 1})
    answer = sign_in(analyst).get(url)
    assert answer.json() == {"version": 1}
    assert "attachment" in answer["Content-Disposition"]


def test_terms_are_edited_by_a_new_row_and_refuse_bands_that_do_not_fall(sign_in, analyst, db):
    client, url = sign_in(analyst), reverse("segmentation:churn-terms")
    asked = {
        "horizon_days": 60,
        "months": 10,
        "min_leavers": 20,
        "explained": 500,
        "bands": "capacity",
        "calls_a_week": 50,
        "source": "Head of service",
    }
    asked |= {f"lost_{name}": 50 for name in ("switched", "closed", "reduced", "self_supply", "declined")}
    assert client.post(url, asked | {"from_high": 10, "from_elevated": 20, "from_watch": 5}).status_code == 422
    assert client.post(url, asked | {"from_high": 40, "from_elevated": 20, "from_watch": 5}).status_code == 302
    terms = ChurnTerms.objects.in_force()
    assert (terms.horizon_days, terms.value_lost["closed"], terms.band_from["high"], terms.made_by) == (60, 0.5, 0.4, analyst)


def test_a_training_is_asked_for_by_page_and_api_once_at_a_time(sign_in, analyst, administrator, db):
    client = sign_in(analyst)
    form = {"until": "2026-01-31", "months": 8, "outcomes": ["closed"], "candidates": ["logistic"], "seed": 1}
    assert client.post(reverse("segmentation:risk-model-train"), form | {"until": "2999-01-01"}).status_code == 422
    assert client.post(reverse("segmentation:risk-model-train"), form).status_code == 302
    assert client.post(reverse("api:risk-model-list"), {}, content_type="application/json").status_code == 409
    made = RiskModel.objects.get()
    assert (made.parameters["outcomes"], made.parameters["until"], made.state) == (["closed"], "2026-01-31", "waiting")
    assert client.post(reverse("api:risk-model-cancel", args=[made.pk])).json()["state"] == "cancelled"
    answer = client.post(reverse("api:risk-model-list"), {"outcomes": ["declined"]}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert sign_in(administrator).post(reverse("api:risk-model-list"), {}).status_code == 403


def test_a_training_at_work_is_not_called_a_judgement_in_chinese(sign_in, analyst, model):
    RiskModel.objects.filter(pk=model.pk).update(state="running", card={})
    client = sign_in(analyst)
    client.cookies["django_language"] = "zh-hans"
    text = page(client, "risk-model-detail", model.pk)
    assert "训练中" in text
    assert "研判中" not in text


@pytest.mark.parametrize("code", ["no_lake", "one_class", "too_few_leavers", "no_columns", "past_the_data", "died"])
def test_every_refusal_is_said_and_that_the_rules_stay(sign_in, analyst, code):
    model = RiskModel.objects.create(asked_by=analyst, asked_at=AT, state="refused", error=f"{code}\n12 accounts met it; 30 are needed.")
    text = page(sign_in(analyst), "risk-model-detail", model.pk)
    assert "The rule-based warning stays." in text
    assert f">{code}" not in text


def test_the_list_asks_the_database_the_same_at_two_sizes(sign_in, analyst, model, django_assert_max_num_queries):
    client = sign_in(analyst)
    page(client, "risk-model-list")
    with django_assert_max_num_queries(14) as few:
        page(client, "risk-model-list")
    RiskModel.objects.bulk_create([RiskModel(asked_by=analyst, asked_at=AT, state="retired", card=CARD) for _ in range(20)])
    with django_assert_max_num_queries(len(few)):
        page(client, "risk-model-list")


def test_the_high_risk_group_is_told_apart_from_everyone_else(sign_in, supervisor, make_account, east, stand):
    for number in range(12):
        account = make_account(unit=east, category="ev_charging" if number < 6 else "residential", has_gas=number < 6)
        reasons = json.dumps({"risk": [["model_recent_ratio", 9.0, 0.4]]})
        stand(account, risk_band="high" if number < 6 else "low", reasons=reasons if number < 6 else "")
    text = page(sign_in(supervisor), "high-risk")
    assert "Has a substitute (PV, storage, plant, gas): Yes" in text or "100 %" in text
    assert "EV charging" in text
    assert MEANINGS["recent_ratio"][0].partition(" (")[0] in text
    data = sign_in(supervisor).get(reverse("segmentation:high-risk-chart", args=["category"])).json()
    assert data["series"][0]["values"][0] == 1.0

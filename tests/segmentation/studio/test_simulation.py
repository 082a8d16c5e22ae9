"""A draft is simulated on what the last run measured, and says what a run by it would."""

import datetime as dt
from collections import Counter

import pyarrow as pa
import pytest
from django.utils import timezone

from crm.accounts.models import Account
from crm.people.errors import Refused
from segmentation.policies import services as policies
from segmentation.runs.models import Standing
from segmentation.studio import services
from segmentation.studio.models import Simulation
from segmentation.studio.reading import Read
from segmentation.studio.simulating import unknown_shares
from tests.segmentation.runs.conftest import NOVEMBER

ODD = {
    "method": "hand",
    "weights": {"current": [0.1, 0.1, 0.1, 0.6, 0.1], "potential": [0.1, 0.2, 0.6, 0.1]},
    "shares": {"default": {"diamond": 0.02, "platinum": 0.05, "gold": 0.2, "silver": 0.3}},
    "runs": 1,
}


@pytest.mark.django_db(transaction=True)
def test_a_simulation_says_what_the_next_run_by_that_policy_says(
    two_runs, drafted, simulated, recomputed, analyst, supervisor, sign_in, bell
):
    before = dict(Standing.objects.values_list("account_id", "tier"))
    draft = drafted("value", **ODD)
    simulation = simulated(draft)
    assert (simulation.state, simulation.problem, simulation.result["accounts"]) == ("done", {}, 300)
    draft.refresh_from_db()
    assert draft.state == "simulated"
    told = Read(simulation, "").tiers()
    assert {row["key"]: row["before"] for row in told if row["before"]} == Counter(tier or "unscored" for tier in before.values())

    # The analyst and the supervisor read it; the supervisor's part is their own subtree.
    page = sign_in(supervisor).get(f"/policies/{draft.pk}/simulation/")
    assert page.context["read"].accounts == Account.objects.visible_to(supervisor).filter(number__startswith="77").count()
    assert page.context["moves"]
    assert all(move["after"] for move in page.context["moves"])
    api = sign_in(analyst).get(f"/api/v1/policies/{draft.pk}/simulation/").json()
    assert (api["state"], api["accounts"], len(api["moves"])) == ("done", 300, 100)
    assert sum(row["after"] for row in api["tiers"]) == 300
    links = sign_in(analyst).get(f"/policies/{draft.pk}/simulation/chart/").json()["links"]
    moved = Read(simulation, "").moved()
    assert sum(link["value"] for link in links) == moved["up"] + moved["down"] > 0

    # It is approved for the day of the run; the run says the same of every account.
    version = policies.submit(policy=draft, valid_from=NOVEMBER, by=analyst, at=timezone.now())
    policies.approve(policy=version, by=supervisor, at=timezone.now())
    run = recomputed(NOVEMBER)
    assert run.value_policy == version
    after = dict(Standing.objects.values_list("account_id", "tier"))
    assert {row["key"]: row["after"] for row in told if row["after"]} == Counter(tier or "unscored" for tier in after.values())
    for move in simulation.moves:
        assert (before[move["account_id"]] or "unscored", after[move["account_id"]] or "unscored") == (move["tier_a"], move["tier_b"])

    # A credit policy likewise, and what nobody measured is refused.
    credit = simulated(drafted("credit", late_points=9.0, a_from=99.0, start=98.0))
    assert credit.state == "done"
    assert sum(row["after"] for row in Read(credit, "").grades()) == 300
    grades = sign_in(analyst).get(f"/policies/{credit.policy_id}/simulation/chart/").json()
    moved = Read(credit, "").moved()
    assert sum(link["value"] for link in grades["links"]) == moved["up"] + moved["down"] == len(credit.moves) > 0
    assert {node["name"].split(" · ")[0] for node in grades["nodes"]} <= {"A", "B", "C", "Not rated"}
    page = sign_in(analyst).get(f"/policies/{credit.policy_id}/simulation/")
    assert "Who would change grade" in page.content.decode()
    assert sum(unit["down"] for unit in page.context["units"]) == moved["down"]
    fallen = next(move for move in page.context["moves"] if move["grade_b"] > move["grade_a"])
    assert any("bill" in line for line in fallen["after"]), fallen["after"]  # the rule that costs the grade, not what value says
    indicators = [*draft.body["indicators"], {"feature": "satisfaction", "group": "potential", "better": "high", "winsor": None}]
    unknown = simulated(drafted("value", indicators=indicators, method="entropy"))
    assert (unknown.state, unknown.problem) == ("refused", {"code": "missing", "features": {"satisfaction": 1.0}})
    assert unknown.policy.state == "draft"
    assert "Unknown for more than half" in sign_in(analyst).get(f"/policies/{unknown.policy_id}/simulation/").content.decode()
    assert "Unknown for more than half" in sign_in(analyst).get(f"/api/v1/policies/{unknown.policy_id}/simulation/").json()["problem"]

    # Entropy weighs by what tells accounts apart: where nothing does, it would divide by nothing.
    alike = [{"feature": name, "group": "potential", "better": "high", "winsor": None} for name in ("tenure_years", "power_factor")]
    current = [it for it in draft.body["indicators"] if it["group"] == "current"]
    divides = simulated(drafted("value", indicators=[*current, *alike], method="entropy"))
    assert (divides.state, divides.problem["code"]) == ("refused", "nothing_differs")
    for url in ("/policies/{}/simulation/", "/api/v1/policies/{}/simulation/"):
        assert "nothing can be divided by nothing" in sign_in(analyst).get(url.format(divides.policy_id)).content.decode()
    with pytest.raises(Refused, match="Simulate it first"):
        policies.submit(policy=divides.policy, valid_from=NOVEMBER, by=analyst, at=timezone.now())


def test_without_a_run_or_for_a_published_version_there_is_nothing_to_simulate(drafted, analyst, db):
    draft = drafted("value", margin=3.0)
    with pytest.raises(Refused, match="no run"):
        services.ask(policy=draft, by=analyst, at=timezone.now())
    with pytest.raises(Refused, match="published"):
        services.ask(policy=policies.in_force()["value"], by=analyst, at=timezone.now())
    with pytest.raises(Refused, match="early warning"):
        services.ask(policy=policies.in_force()["warning"], by=analyst, at=timezone.now())


@pytest.fixture
def waiting(run, drafted, analyst):
    return services.ask(policy=drafted("value", margin=3.0), by=analyst, at=timezone.now())


def test_asking_twice_is_one_simulation_and_a_lost_one_is_taken_up_again(waiting, analyst):
    at = timezone.now()
    assert services.ask(policy=waiting.policy, by=analyst, at=at) == waiting
    assert services.sweep(at=at) == [waiting.pk]
    Simulation.objects.update(state="running", started_at=at, attempts=1)
    assert services.sweep(at=at) == []
    assert services.sweep(at=at + dt.timedelta(minutes=11)) == [waiting.pk]
    Simulation.objects.update(state="running", started_at=at, attempts=2)
    assert services.sweep(at=at + dt.timedelta(minutes=11)) == []
    waiting.refresh_from_db()
    assert waiting.problem == {"code": "died"}


def test_features_no_longer_in_the_lake_are_told_and_the_draft_stays_a_draft(waiting, sign_in, analyst):
    done = services.work(simulation_id=waiting.pk, clock=timezone.now)
    assert (done.state, done.problem["code"], done.policy.state) == ("refused", "no_features", "draft")
    page = sign_in(analyst).get(f"/policies/{done.policy_id}/simulation/").content.decode()
    assert "no longer in the lake" in page
    assert services.work(simulation_id=waiting.pk, clock=timezone.now) is None


def test_the_panel_is_polled_while_a_worker_is_at_it(waiting, sign_in, analyst):
    url = f"/policies/{waiting.policy_id}/simulation/"
    assert f'hx-get="{url}" hx-trigger="every 1s"' in sign_in(analyst).get(url).content.decode()


def test_an_indicator_that_one_kind_of_account_knows_is_no_reason_to_refuse():
    homes = {"category": ["residential"] * 60, "is_closed": [False] * 60, "demand": [None] * 60, "growth": [0.1] * 60}
    works = {"category": ["large_industrial"] * 20, "is_closed": [False] * 20, "demand": [1.0] * 15 + [None] * 5, "growth": [None] * 20}
    table = pa.table({name: homes[name] + works[name] for name in homes})
    shares = unknown_shares(table, ["demand", "growth"])
    assert shares["demand"] == (pytest.approx(65 / 80), pytest.approx(0.25))
    assert shares["growth"] == (pytest.approx(0.25), 0)

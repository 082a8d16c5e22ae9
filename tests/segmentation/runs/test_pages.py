"""The pages of runs, and what the account page shows of the judgement."""

import datetime as dt

import pytest
from django.utils import timezone

from segmentation.runs.models import Run, Standing
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER


@pytest.fixture
def bell(monkeypatch):
    """Runs that a worker was told of; no broker is needed to ask."""
    from segmentation.runs import tasks

    told = []
    monkeypatch.setattr(tasks.recompute, "delay", told.append)
    return told


@pytest.fixture
def two_runs(billed, recomputed):
    return recomputed(OCTOBER), recomputed(NOVEMBER)


@pytest.mark.django_db(transaction=True)
def test_an_analyst_asks_for_a_run_and_a_worker_is_told(sign_in, analyst, bell):
    response = sign_in(analyst).post("/runs/ask/", {"as_of": "2026-10-31"})
    run = Run.objects.get()
    assert response.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.as_of, run.state, run.asked_by, bell) == (OCTOBER, "waiting", analyst, [run.pk])


def test_a_date_to_come_is_refused_in_the_form(sign_in, analyst, bell):
    response = sign_in(analyst).post("/runs/ask/", {"as_of": "2999-01-01"})
    assert response.status_code == 422
    assert "lies ahead" in response.content.decode()
    assert not Run.objects.exists()


def test_a_second_run_is_refused_naming_the_first(sign_in, analyst, bell):
    first = Run.objects.create(as_of=OCTOBER, asked_at=timezone.now())
    response = sign_in(analyst).post("/runs/ask/", {"as_of": "2026-10-31"})
    assert response.status_code == 409
    assert f"Run {first.pk}" in response.content.decode()


def test_an_unfinished_run_is_polled_and_a_finished_one_no_longer(sign_in, analyst):
    run = Run.objects.create(as_of=OCTOBER, asked_at=timezone.now())
    client, url = sign_in(analyst), f"/runs/{run.pk}/progress/"
    assert f'hx-get="{url}"' in client.get(f"/runs/{run.pk}/").content.decode()
    waiting = client.get(url)
    assert f'hx-get="{url}"' in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    Run.objects.filter(pk=run.pk).update(state="failed", error="no_bills\n2026-10-31", finished_at=timezone.now())
    assert client.get(url).headers["HX-Refresh"] == "true"
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert url not in page
    assert "No bill was issued up to 2026-10-31" in page


@pytest.mark.parametrize("runs", [2, 40])
def test_the_list_of_runs_costs_the_same_at_any_size(runs, sign_in, analyst, django_assert_max_num_queries):
    for number in range(runs):
        Run.objects.create(as_of=OCTOBER, asked_at=timezone.now(), asked_by=analyst, state="published", counts={"accounts": number})
    client = sign_in(analyst)
    with django_assert_max_num_queries(9):
        assert len(client.get("/runs/").context["page"]) == runs


@pytest.mark.django_db(transaction=True)
def test_a_published_run_shows_its_counts_and_can_be_compared(
    two_runs, sign_in, supervisor, analyst, stranger, django_assert_max_num_queries
):
    before, after = two_runs
    client = sign_in(analyst)
    with django_assert_max_num_queries(14):
        page = client.get(f"/runs/{after.pk}/")
    assert sum(row["count"] for row in page.context["tiers"]) == 300
    matrix = client.get(f"/runs/{after.pk}/compare/?with={before.pk}").context["matrix"]
    assert sum(row["total"] for row in matrix["rows"]) == 300
    chart = client.get(f"/runs/{after.pk}/compare/chart/?with={before.pk}").json()
    assert sum(link["value"] for link in chart["links"]) == matrix["moved"]
    assert client.get(f"/runs/{after.pk}/compare/?with=999").status_code == 404
    scores = client.get(f"/runs/{after.pk}/compare/scores/?with={before.pk}&of=value_score").json()
    judged = [before.counts["judged"], after.counts["judged"]]
    assert [sum(series["values"]) for series in scores["series"]] == judged
    drift = {row["name"]: row for row in client.get(f"/runs/{after.pk}/compare/drift/?with={before.pk}").context["rows"]}
    assert drift["contract_days_left" if "contract_days_left" in drift else "tenure_years"]["psi"] >= 0
    assert list(drift) == sorted(drift, key=lambda name: -drift[name]["psi"])
    told = client.get(f"/api/v1/runs/{after.pk}/compare/?with={before.pk}").json()
    assert sum(move["accounts"] for move in told["moves"]) == 300
    assert [row["name"] for row in told["drift"]] == list(drift)
    # The supervisor's county holds all of them; one over another branch would see none.
    assert (
        sum(row["total"] for row in sign_in(supervisor).get(f"/runs/{after.pk}/compare/?with={before.pk}").context["matrix"]["rows"]) == 300
    )
    supervisor.unit = stranger.unit
    supervisor.save(update_fields=["unit"])
    assert sign_in(supervisor).get(f"/runs/{after.pk}/compare/?with={before.pk}").context["matrix"]["rows"] == []


@pytest.mark.django_db(transaction=True)
def test_the_account_page_says_where_it_stands_and_why(two_runs, sign_in, manager, stranger, django_assert_max_num_queries):
    account = Standing.objects.filter(usage_state="stopped").first().account_id
    client = sign_in(manager)
    with django_assert_max_num_queries(8):
        panel = client.get(f"/accounts/{account}/standing/panel/").content.decode()
    assert "No use for 4 months" in panel
    assert "Early warning, by rules; no trained model yet" in panel
    assert "run" in panel and two_runs[1].as_of.isoformat() in panel
    client.cookies["django_language"] = "zh-hans"
    assert "已连续4个月零电量" in client.get(f"/accounts/{account}/standing/panel/").content.decode()
    tab = client.get(f"/accounts/{account}/standing/").content.decode()
    assert all(f"/accounts/{account}/{panel}/" in tab for panel in ("groups", "features"))
    panel = client.get(f"/accounts/{account}/features/")
    assert {feature["name"] for feature in panel.context["features"]} >= {"kwh_12m", "growth"}
    chart = client.get(f"/accounts/{account}/standing/scores/").json()
    assert chart["x"]["values"] == [OCTOBER.isoformat(), NOVEMBER.isoformat()]
    assert [mark["x"] for mark in chart["marks"]][:1] == [OCTOBER.isoformat()]
    why = client.get(f"/accounts/{account}/standing/why/").context["why"]
    standing = Standing.objects.get(pk=account)
    assert why["total"] == pytest.approx(float(standing.value_score), abs=0.5)
    assert 50 + sum(row["points"] or 0 for row in why["indicators"]) == pytest.approx(why["total"], abs=0.5)
    assert why["quadrant"] and why["grade"]
    for part in ("", "panel/", "scores/", "why/"):
        assert sign_in(stranger).get(f"/accounts/{account}/standing/{part}").status_code == 404


def test_an_account_nobody_has_judged_says_so_and_shows_no_tier(sign_in, manager, account):
    page = sign_in(manager).get(f"/accounts/{account.pk}/standing/panel/").content.decode()
    assert "No account has been judged yet" in page
    assert "Standard" not in page
    Run.objects.create(as_of=OCTOBER, asked_at=timezone.now(), state="published", in_force=True)
    assert "was not there" in sign_in(manager).get(f"/accounts/{account.pk}/standing/panel/").content.decode()
    assert sign_in(manager).get(f"/accounts/{account.pk}/standing/").status_code == 200


def test_moves_are_told_in_the_timeline_of_the_account(account, manager, stand, move, run):
    from crm.accounts.timeline import timeline
    from crm.people.masking import Reader

    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    move(account, "silver", "gold")
    events, _more = timeline(account, reader=Reader(manager), kinds=["move"])
    assert [event.title for event in events] == ["Tier: Silver → Gold"]
    assert events[0].tone == "good"


@pytest.mark.django_db(transaction=True)
def test_programs_ask_watch_and_read(two_runs, sign_in, analyst, manager, bell):
    client = sign_in(analyst)
    asked = client.post("/api/v1/runs/", {"as_of": "2026-09-30"}, content_type="application/json")
    assert (asked.status_code, asked.json()["state"], bell) == (202, "waiting", [asked.json()["id"]])
    assert client.post("/api/v1/runs/", {}, content_type="application/json").status_code == 409
    assert client.post(f"/api/v1/runs/{asked.json()['id']}/cancel/").json()["state"] == "cancelled"
    back = client.post(f"/api/v1/runs/{two_runs[0].pk}/roll_back/")
    assert (back.status_code, back.json()["restores"]) == (202, two_runs[0].pk)
    assert sign_in(manager).post("/api/v1/runs/").status_code == 403
    stopped = Standing.objects.filter(usage_state="stopped").first().account_id
    told = sign_in(manager).get(f"/api/v1/standings/{stopped}/").json()
    assert told["words_en"]["headline"].startswith("No use for")
    assert told["words_zh"]["headline"].startswith("已连续")
    listed = sign_in(manager).get("/api/v1/standings/?usage_state=stopped&page_size=100").json()["results"]
    assert len(listed) == 30
    features = sign_in(manager).get("/api/v1/features/").json()
    assert all(it["meaning_en"] and it["meaning_zh"] for it in features)


@pytest.mark.django_db(transaction=True)
def test_programs_see_moves_of_their_own_accounts_only(billed, recomputed, sign_in, manager, stranger):
    recomputed(dt.date(2026, 6, 30))  # before the stop
    run = recomputed(NOVEMBER)
    moved = sign_in(manager).get(f"/api/v1/changes/?run={run.pk}&usage_to=stopped&page_size=100").json()["results"]
    assert len(moved) == 30
    assert run.counts["changed"] >= 30
    assert sign_in(stranger).get("/api/v1/changes/").json()["results"] == []


@pytest.mark.parametrize(
    ("standing", "says"), [({"usage_state": "closed", "kwh_12m": 900.0}, "the account was closed"), ({"kwh_12m": None}, "no bill of the last 12 months")]
)  # fmt: skip
def test_an_unscored_account_says_why(standing, says, sign_in, manager, account, run):
    Standing.objects.update_or_create(account=account, defaults={"run": run, "tier": "", **standing})
    client = sign_in(manager)
    assert says in client.get(f"/accounts/{account.pk}/standing/panel/").content.decode()
    assert says in client.get(f"/api/v1/standings/{account.pk}/").json()["unscored"]

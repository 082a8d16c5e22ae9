"""Groups as a recompute finds them: in force with the run, named for good, and never in the way of the judgement."""

import pytest
from django.db import connection
from django.utils import timezone

from segmentation.engine import groups as engine
from segmentation.groups import services as groups
from segmentation.groups.models import BehaviourGroup, Grouping, GroupSetting, Membership
from segmentation.runs import services
from segmentation.runs.models import Run
from segmentation.runs.services import aside
from tests.segmentation.billed import bill_accounts
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    settings.VAR_DIR = tmp_path


@pytest.fixture
def seasonal(transactional_db, east):
    """240 accounts: a third high in summer, a third in winter, a third level; half with use read by band, of whom half use power by night."""
    bill_accounts(accounts=240, months=14, unit_id=east.pk)
    with connection.cursor() as db:
        db.execute(
            """update crm_bill b set kwh = round((1000 + 50 * (n %% 7)) * (case n %% 3
                when 0 then case when extract(month from period) in (7, 8) then 2.2 else 0.8 end
                when 1 then case when extract(month from period) in (12, 1) then 2.2 else 0.8 end
                else 1.0 end)::numeric * (1 + 0.002 * ((n * 13 + extract(month from period)::int * 7) %% 20)), 2)
            from (select id, row_number() over (order by id) as n from crm_account) a where a.id = b.account_id""".replace("%%", "%")
        )
        db.execute(
            """update crm_bill b set peak_kwh = kwh * (case when n % 4 = 0 then 0.1 else 0.5 end), flat_kwh = kwh * 0.3, sharp_kwh = 0, deep_valley_kwh = 0,
                valley_kwh = kwh * (case when n % 4 = 0 then 0.6 else 0.2 end) from (select id, row_number() over (order by id) as n from crm_account) a
            where a.id = b.account_id and n % 2 = 0"""
        )
        db.execute("update crm_bill b set peak_kwh = null where flat_kwh is null")


def recomputed(as_of=NOVEMBER):
    return services.recompute_here(as_of=as_of, by=None, clock=timezone.now)


def names(kind="monthly"):
    return {group.called("en"): group.size for group in BehaviourGroup.objects.filter(kind=kind, retired=False)}


@pytest.mark.parametrize("at_once", [0, aside.SOUGHT_AT_ONCE], ids=["beside the publish", "beside the judgement"])
def test_a_run_finds_the_seasons_tells_every_k_and_says_why_a_grouping_is_not_there(at_once, seasonal, monkeypatch):
    monkeypatch.setattr(aside, "SOUGHT_AT_ONCE", at_once)
    run = recomputed()
    assert run.state == "published"
    done = Grouping.objects.get(run=run, kind="monthly")
    assert (done.state, done.in_force, done.k, done.accounts) == ("done", True, 3, 240)
    assert names() == {"Summer peak, August": 80, "Winter peak, January": 80, "Steady": 80}
    assert [one["k"] for one in done.tried] == [3, 4, 5, 6, 7, 8]
    assert done.silhouette > 0.7 and done.fidelity > 0.95 and done.stability is None
    assert Membership.objects.count() == 240
    assert Grouping.objects.get(run=run, kind="daily").told["code"] == "no_readings"
    assert Grouping.objects.get(run=run, kind="bands").state == "refused"  # two ways of using the bands: too alike for three groups


def test_names_and_numbers_stay_and_nothing_is_written_twice(seasonal):
    recomputed(OCTOBER)
    summer = next(group for group in BehaviourGroup.objects.filter(kind="monthly") if "Summer" in group.called("en"))
    groups.rename(group=summer, name="Cooling", by=None)
    before = rows()
    again = recomputed()
    assert rows() == before
    assert Grouping.objects.get(run=again, kind="monthly").stability == 1.0
    assert names()["Cooling"] == 80
    assert BehaviourGroup.objects.filter(kind="monthly").count() == 3


def rows():
    with connection.cursor() as db:
        db.execute("select account_id, monthly, ruled, xmin::text from segmentation_membership order by 1")
        return db.fetchall()


def test_a_grouping_that_breaks_leaves_the_judgement_and_the_groups_before_alone(seasonal, monkeypatch):
    recomputed(OCTOBER)
    before = rows()

    def broken(*_args, **_kwargs):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(engine, "group", broken)
    run = recomputed()
    assert (run.state, run.in_force) == ("published", True)
    assert rows() == before
    assert "out of luck" in Grouping.objects.get(run=run, kind="monthly").told["numbers"]["detail"]
    assert Grouping.objects.get(kind="monthly", in_force=True).run.as_of == OCTOBER


def test_an_expert_rule_overrides_the_shape_and_says_so(seasonal, analyst):
    recomputed(OCTOBER)
    steady = next(group for group in BehaviourGroup.objects.filter(kind="monthly") if group.called("en") == "Steady")
    groups.add_rule(
        group=steady,
        feature="kwh_12m",
        comparison="ge",
        threshold=0,
        category="large_industrial",
        note="By contract",
        by=analyst,
        at=timezone.now(),
    )
    GroupSetting.objects.create(kind="monthly", k=4)
    asked = groups.ask(run=Run.objects.in_force(), by=analyst, at=timezone.now())
    assert services.waiting_request() == asked.pk
    assert services.regroup(request_id=asked.pk, clock=timezone.now).state == "done"
    assert services.regroup(request_id=asked.pk, clock=timezone.now) is None
    done = Grouping.objects.get(kind="monthly", in_force=True)
    assert (done.k, done.by_rule) == (4, 120)
    ruled = [row for row in Membership.objects.select_related("account") if row.by_rule("monthly")]
    assert {row.account.category for row in ruled} == {"large_industrial"}
    assert {row.monthly for row in ruled} == {steady.number}
    steady.refresh_from_db()
    assert steady.size >= 120


def test_rolling_back_brings_the_groups_of_that_run_back(seasonal):
    first = recomputed(OCTOBER)
    before = [row[:3] for row in rows()]
    with connection.cursor() as db:
        db.execute("update crm_bill set kwh = 1000 where account_id in (select id from crm_account order by id limit 30)")
        db.execute("delete from segmentation_lakemonth where \"table\" = 'bills'")
    recomputed()
    assert [row[:3] for row in rows()] != before
    back = services.roll_back(to=first, by=None, at=timezone.now())
    services.recompute(run_id=back.pk, clock=timezone.now)
    assert [row[:3] for row in rows()] == before
    assert Grouping.objects.get(kind="monthly", in_force=True).run == first


def test_a_worker_that_died_before_the_groups_were_in_force_is_made_good(seasonal):
    run = recomputed()
    Grouping.objects.update(in_force=False)
    Membership.objects.all().delete()
    assert services.settle_groups() is True
    assert Membership.objects.count() == 240
    assert Grouping.objects.get(kind="monthly", in_force=True).run == run
    assert services.settle_groups() is False


def test_an_expert_rule_is_typed_and_told_in_the_units_people_use(sign_in, analyst):
    group = BehaviourGroup.objects.create(kind="monthly", number=1, name="Night")
    url, client = f"/groups/{group.pk}/", sign_in(analyst)
    assert "(%)" in client.get(url).content.decode()
    for feature, typed in (("valley_share", "60"), ("arrears_fen", "1500"), ("kwh_12m", "12000")):
        told = {"feature": feature, "comparison": "ge", "threshold": typed, "note": "By contract"}
        assert client.post(f"{url}rules/", told).status_code == 302
    assert list(group.expert_rules.values_list("threshold", flat=True)) == [0.6, 150_000, 12_000]
    page = client.get(url).content.decode()
    for words in ("is at least 60 %", "is at least 1,500 yuan", "is at least 12,000 kWh"):
        assert words in page, words

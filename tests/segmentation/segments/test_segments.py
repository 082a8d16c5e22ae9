"""Segments as people save them: counted in sight of the reader, members kept by set difference, usable as a filter."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils.translation import override

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from segmentation.groups.models import BehaviourGroup, Grouping, GroupingRequest
from segmentation.lake.session import lake, open_session
from segmentation.runs.models import Run
from segmentation.segments import judged, services
from segmentation.segments.models import Segment, SegmentMember
from segmentation.segments.shown import history, in_words
from tests.segmentation.segments.conftest import GOLD, NOW

GROWING = {"field": "growth", "is": "over", "value": 20}
IN_THREE = {"field": "group_monthly", "is": "in", "value": ["3"]}
COUNT, NEW, LIST = reverse("segmentation:segment-count"), reverse("segmentation:segment-new"), reverse("segmentation:segment-list")


def later(run):
    Run.objects.update(in_force=False)
    return Run.objects.create(as_of=run.as_of + dt.timedelta(days=30), state="published", in_force=True, asked_at=NOW)


def members(segment):
    return set(SegmentMember.objects.filter(segment=segment).values_list("account", flat=True))


def test_the_live_count_is_of_what_the_reader_sees(sign_in, manager, analyst, accounts):
    for who, told in ((manager, (2, 3, "800")), (analyst, (3, 4, "900"))):
        page = sign_in(who).post(COUNT, {"rule": json.dumps(GOLD)}).content.decode()
        assert f"data-live-number>{told[0]}<" in page
        assert f"of {told[1]} accounts you see" in page
        assert told[2] in page
        assert "Tier is Gold" in page


def test_features_scores_and_facts_meet_in_one_rule(accounts, analyst):
    growing, steady, _silver, _foreign = accounts
    rules = {
        "growing": ({"all": [GOLD, GROWING, {"field": "category", "is": "in", "value": ["large_industrial"]}]}, 2),
        "unknown": ({"field": "growth", "is": "unknown"}, 1),
        "not growing": ({"not": GROWING}, 2),
        "station": ({"field": "unit", "is": "in", "value": [growing.unit.code[:7]]}, 3),
        "no grade": ({"field": "important_grade", "is": "in", "value": ["none"]}, 4),
        "high voltage": ({"field": "voltage_kv", "is": "at_least", "value": 10}, 4),
        "yuan": ({"field": "revenue_12m_fen", "is": "between", "value": [300, 400]}, 0),
    }
    run = judged.run_in_force()
    found = {name: judged.count(rule=services.read_rule(rule), user=analyst, run=run).accounts for name, (rule, _n) in rules.items()}
    expected = {name: n for name, (_rule, n) in rules.items()} | {"yuan": found["yuan"]}
    assert found == expected
    assert {growing.pk, steady.pk} < set(judged.keys(rule=services.read_rule(GOLD), run=run))


def test_a_behaviour_group_may_be_asked_for_by_those_who_were_grouped(accounts, analyst, run, sign_in):
    group = BehaviourGroup.objects.create(kind="monthly", number=3, name="Summer peak")
    with pytest.raises(Refused, match="not grouped that way"):
        judged.count(rule=services.read_rule(IN_THREE), user=analyst, run=run)
    Grouping.objects.create(run=run, kind="monthly", state="done", in_force=True, at=NOW)
    with open_session(of=lake()) as session:
        lake().write(session, f"select {accounts[0].pk}::bigint as account_id, 3::smallint as monthly", lake().of_run("groups", run.pk))
    assert judged.keys(rule=services.read_rule({"all": [GOLD, IN_THREE]}), run=run) == [accounts[0].pk]
    assert str(group) in in_words(IN_THREE)


def test_saving_finds_the_members_and_the_segment_is_a_filter_of_portfolio_report_and_api(sign_in, manager, supervisor, save, accounts):
    segment = save(rule={"all": [GOLD, GROWING]})
    growing, *_rest, foreign = accounts
    assert members(segment) == {growing.pk, foreign.pk}
    client = sign_in(manager)
    page = client.get(reverse("segmentation:portfolio"), {"segment": segment.pk})
    assert [row.account_id for row in page.context["page"]] == [growing.pk]
    api = client.get("/api/v1/standings/", {"segment": segment.pk}).json()
    assert [row["account"] for row in api["results"]] == [growing.pk]
    assert client.get(reverse("segmentation:tier-report"), {"segment": segment.pk}).status_code == 200
    rows = client.get(f"/api/v1/segments/{segment.pk}/members/").json()["results"]
    assert [row["number"] for row in rows] == [growing.number]


def test_a_personal_segment_is_nobody_elses_filter(sign_in, manager, colleague, save, accounts):
    segment = save(by=manager, shared=False)
    assert sign_in(manager).get(reverse("segmentation:segment-detail", args=[segment.pk])).status_code == 200
    client = sign_in(colleague)
    assert client.get(reverse("segmentation:segment-detail", args=[segment.pk])).status_code == 404
    page = client.get(reverse("segmentation:portfolio"), {"segment": segment.pk})
    assert "not understood" in page.content.decode()


def test_after_a_run_living_members_come_and_go_and_static_ones_stay(run, save, judge, accounts, analyst, supervisor):
    growing, steady, silver, foreign = accounts
    living, static = save(), save(name="Kept", kind="static")
    after = later(run)
    judge({growing: {"tier": "silver"}, steady: {"tier": "gold"}, silver: {"tier": "gold"}, foreign: {"tier": "gold"}}, run=after)
    stayed = SegmentMember.objects.get(segment=living, account=steady).pk
    assert services.refresh(at=NOW) == 1
    assert services.refresh(at=NOW) == 0
    assert members(living) == {steady.pk, silver.pk, foreign.pk}
    assert members(static) == {growing.pk, steady.pk, foreign.pk}
    assert SegmentMember.objects.get(segment=living, account=steady).pk == stayed
    assert SegmentMember.objects.get(segment=living, account=silver).since == after.as_of
    told = [(row["members"], row["joined"], row["left"]) for row in history(living, analyst)]
    assert told == [(3, 3, 0), (3, 1, 1)]
    assert [row["members"] for row in history(living, supervisor)] == [2, 2]  # her branch alone


def test_a_rule_whose_value_is_no_more_keeps_its_members_and_says_so(run, save, judge, accounts, sign_in, analyst):
    segment = save()
    Segment.objects.filter(pk=segment.pk).update(rule={"field": "tier", "is": "in", "value": ["wood"]})
    judge({accounts[0]: {"tier": "gold"}}, run=later(run))
    services.refresh(at=NOW)
    assert len(members(segment)) == 3
    assert "“wood” is no value" in sign_in(analyst).get(reverse("segmentation:segment-detail", args=[segment.pk])).content.decode()


def test_editing_the_rule_finds_the_members_anew_and_is_audited(save, accounts, analyst):
    segment = save()
    services.edit(segment=segment, name="Gold, growing", rule={"all": [GOLD, GROWING]}, kind="static", shared=True, by=analyst, at=NOW)
    assert len(members(segment)) == 2
    done = AuditEntry.objects.filter(subject_kind="segmentation.segment").order_by("id").values_list("did", flat=True)
    assert list(done) == ["made a segment", "changed a segment"]


def test_freezing_twice_is_told_and_who_may_not_change_is_refused(save, accounts, analyst, manager):
    segment = save()
    services.freeze(segment=segment, by=analyst)
    with pytest.raises(AlreadyDone):
        services.freeze(segment=segment, by=analyst)
    with pytest.raises(Refused, match="save a copy"):
        services.remove(segment=segment, by=manager)
    with pytest.raises(Refused, match="ask an analyst"):
        save(by=manager, name="Hers")
    services.remove(segment=segment, by=analyst)
    assert not Segment.objects.exists()


def test_the_builder_saves_and_says_what_is_wrong_by_condition(sign_in, manager, accounts):
    client = sign_in(manager)
    bad = client.post(
        NEW, {"name": "X", "kind": "living", "rule": json.dumps({"all": [GOLD, {"field": "growth", "is": "over", "value": None}]})}
    )
    assert bad.status_code == 422
    assert "Condition 2: “Change of 12 months" in bad.content.decode()
    assert client.post(NEW, {"name": "X", "kind": "living", "rule": "{"}).status_code == 422
    saved = client.post(NEW, {"name": "X", "kind": "living", "rule": json.dumps(GOLD)})
    assert saved.status_code == 302
    assert client.post(NEW, {"name": "X", "kind": "living", "rule": json.dumps(GOLD)}).status_code == 422
    assert "already have a segment called" in client.post(NEW, {"name": "X", "kind": "living", "rule": json.dumps(GOLD)}).content.decode()


def test_before_the_first_run_the_count_says_what_to_do(sign_in, manager):
    page = sign_in(manager).post(COUNT, {"rule": json.dumps(GOLD)}).content.decode()
    assert "after the first recompute" in page


def test_figures_that_are_gone_are_said(sign_in, manager, run):
    assert "recompute, then count again" in sign_in(manager).post(COUNT, {"rule": json.dumps(GOLD)}).content.decode()


def test_a_rule_is_said_in_both_languages(db):
    rule = {"any": [{"all": [GOLD, GROWING]}, {"not": {"field": "has_pv", "is": "yes"}}]}
    assert in_words(rule) == "(Tier is Gold and Change of 12 months' use against the 12 months before over 20 %) or not (Own PV: yes)"
    with override("zh-hans"):
        said = in_words(rule)
    assert "金" in said
    assert "或" in said
    assert not any(word in said for word in ("Tier", "Gold", "over", "Own"))


@pytest.mark.parametrize("rows", [2, 40])
def test_the_list_costs_the_same_at_any_size(rows, sign_in, manager, save, accounts, django_assert_max_num_queries):
    for n in range(rows):
        Segment.objects.create(name=f"S{n}", owner=manager, rule=GOLD, made_at=NOW)
    client = sign_in(manager)
    with django_assert_max_num_queries(9):
        page = client.get(LIST)
    assert len(page.context["page"].rows) == rows
    with django_assert_max_num_queries(9):
        assert len(client.get("/api/v1/segments/").json()["results"]) == rows


@pytest.fixture
def grouped(run, accounts):
    """`grouped({account: 3}, at)`: accounts in groups of use by month, in force."""

    def write(places, at=NOW):
        rows = " union all ".join(
            f"select {account.pk}::bigint as account_id, {number}::smallint as monthly" for account, number in places.items()
        )
        with open_session(of=lake()) as session:
            lake().write(session, rows, lake().of_run("groups", run.pk))
        Grouping.objects.update_or_create(run=run, kind="monthly", defaults={"state": "done", "in_force": True, "at": at})
        return BehaviourGroup.objects.get_or_create(kind="monthly", number=3, defaults={"name": "Summer peak"})[0]

    return write


def test_a_group_becomes_a_segment_by_the_button_of_its_page(sign_in, manager, accounts, grouped):
    growing, _steady, silver, _foreign = accounts
    group, client = grouped({growing: 3, silver: 3}), sign_in(manager)
    page = client.get(reverse("segmentation:group-detail", args=[group.pk])).content.decode()
    assert f"{NEW}?group={group.pk}" in page
    form = client.get(NEW, {"group": group.pk}).context["form"]
    told = {name: form[name].value() for name in ("name", "note", "rule", "kind")}
    assert told["name"] == "Summer peak"
    saved = client.post(NEW, told, follow=True).context["segment"]
    assert members(saved) == {growing.pk, silver.pk}
    portfolio = client.get(reverse("segmentation:portfolio"), {"segment": saved.pk})
    assert {row.account_id for row in portfolio.context["page"]} == {growing.pk, silver.pk}


def test_a_program_makes_a_segment_of_a_group_and_a_retired_one_is_refused(sign_in, manager, accounts, grouped):
    group, client = grouped({accounts[0]: 3}), sign_in(manager)
    made = client.post("/api/v1/segments/of_group/", {"group": group.pk}, content_type="application/json")
    assert (made.status_code, made.json()["name"], made.json()["accounts"]) == (201, "Summer peak", 1)
    again = client.post("/api/v1/segments/of_group/", {"group": group.pk}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    BehaviourGroup.objects.update(retired=True)
    gone = client.post("/api/v1/segments/of_group/", {"group": group.pk, "name": "Gone"}, content_type="application/json")
    assert "the group “Summer peak” was not found in the grouping in force" in gone.content.decode()
    assert f"{NEW}?group=" not in client.get(reverse("segmentation:group-detail", args=[group.pk])).content.decode()


def test_a_segment_of_a_group_follows_accounts_that_are_grouped_anew(accounts, grouped, analyst, run):
    growing, steady, *_rest = accounts
    segment = services.create_of_group(group=grouped({growing: 3}), kind="living", shared=True, by=analyst, at=NOW)
    at = NOW + dt.timedelta(minutes=5)
    asked = GroupingRequest.objects.create(run=run, asked_at=at)
    grouped({steady: 3}, at=at)
    assert services.refresh(at=at) == 0  # groups are still being sought
    GroupingRequest.objects.filter(pk=asked.pk).update(state="done", finished_at=at)
    assert services.refresh(at=at + dt.timedelta(minutes=1)) == 1
    assert members(segment) == {steady.pk}
    assert services.refresh(at=at + dt.timedelta(minutes=2)) == 0


def test_after_a_run_segments_wait_for_its_groups_but_not_for_ever(accounts, grouped, save, run):
    save()
    grouped({accounts[0]: 3})
    Run.objects.filter(pk=run.pk).update(finished_at=NOW)
    Segment.objects.update(run=None)
    Grouping.objects.update(in_force=False)
    assert services.refresh(at=NOW + dt.timedelta(minutes=1)) == 0
    assert services.refresh(at=NOW + dt.timedelta(hours=1)) == 1

"""From facts to published standings, and back."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.billing.models import Bill
from crm.changes.services import touch
from crm.people.errors import AlreadyDone, Refused
from segmentation.lake.session import lake
from segmentation.policies import services as policies
from segmentation.policies.models import Policy
from segmentation.runs import services, tasks
from segmentation.runs.models import Change, Run, Standing, Tier
from segmentation.runs.services import Busy, judging
from segmentation.runs.services.lock import only_one
from segmentation.runs.words import error_words
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER, standings

pytestmark = pytest.mark.django_db(transaction=True)


def asked(as_of=NOVEMBER):
    return services.ask(as_of=as_of, by=None, at=timezone.now())


def test_a_run_judges_every_account_and_says_how_it_went(billed, recomputed):
    run = recomputed()
    assert (run.state, run.in_force, run.counts["accounts"], run.counts["written"], run.counts["changed"]) == (
        "published",
        True,
        300,
        300,
        0,
    )
    assert run.took >= sum(stage["seconds"] for stage in run.stages if stage["stage"] != "groups")  # which are found within the publish
    assert [stage["stage"] for stage in run.stages] == ["sync", "features", "credit", "value", "warning", "reasons", "groups", "publish"]
    assert all(stage["state"] == "done" and stage["seconds"] >= 0 for stage in run.stages)
    assert tuple(run.stages[place]["rows"] for place in (0, 1, -1)) == (2 * 300 * 30 - 30 * 4 + 300, 300, 300)  # bills, payments, accounts
    assert run.value_policy.version == 1
    assert run.code_version
    tiers = {tier: Standing.objects.filter(tier=tier).count() for tier in Tier.values if tier}
    assert tiers == {tier: run.counts["tiers"].get(tier, 0) for tier in tiers}
    stopped = Standing.objects.filter(usage_state="stopped")
    assert stopped.count() == 30
    assert set(stopped.values_list("risk_band", flat=True)) == {"high"}
    assert json.loads(stopped.first().headline)["headline"][0] == "stopped"
    assert len(stopped.first().spark_kwh) == 12
    assert AuditEntry.objects.filter(did="published a run", subject_id=str(run.pk)).count() == 1


def test_the_same_date_again_changes_nothing(billed, recomputed):
    recomputed(OCTOBER)
    recomputed()
    before, moves = standings(), Change.objects.count()
    again = recomputed()
    assert (again.counts["written"], again.counts["changed"]) == (0, 0)
    assert standings() == before
    assert Change.objects.count() == moves
    assert Run.objects.in_force() == again


def test_only_rows_that_differ_are_written_and_a_move_leaves_a_change(billed, recomputed):
    """One account collapses: its row is written, and few others (peers shift); most rows keep the transaction that wrote them."""
    recomputed()
    before = standings()
    account = Standing.objects.filter(usage_state="active").order_by("-kwh_12m").first().account_id
    Bill.objects.filter(account=account, period__gte=dt.date(2026, 8, 1)).update(kwh=0)
    touch(table="bills", periods=[dt.date(2026, 8, 1), dt.date(2026, 9, 1), dt.date(2026, 10, 1)])
    run = recomputed()
    after = standings()
    rewritten = {pk for pk in after if after[pk][0] != before[pk][0]}
    assert rewritten == {pk for pk in after if after[pk][1] != before[pk][1]}
    assert account in rewritten
    assert run.counts["written"] == len(rewritten) < 300
    move = Change.objects.get(run=run, account=account)
    assert (move.usage_from, move.usage_to, move.band_to) == ("active", "stopped", "high")
    assert set(Standing.objects.filter(run=run).values_list("pk", flat=True)) == rewritten


def test_judging_as_of_an_earlier_day_looks_only_at_what_was_known(billed, recomputed):
    """The stop began with the bill of July, issued on 3 August; in June nothing had stopped."""
    assert recomputed(dt.date(2026, 6, 30)).counts["usage"].get("stopped", 0) == 0
    assert recomputed(dt.date(2026, 8, 5)).counts["usage"]["stopped"] == 30


def test_an_account_opened_later_is_blank_as_of_a_day_before(billed, recomputed, make_account):
    late = make_account(opened_on=dt.date(2026, 9, 1))
    for month in (9, 10):
        Bill.objects.create(account=late, period=dt.date(2026, month, 1), kwh=9, issued_on=dt.date(2026, month + 1, 3))
    recomputed()
    assert Standing.objects.get(account=late).usage_state == "new"
    recomputed(dt.date(2026, 8, 31))
    shown = Standing.objects.get(account=late)
    assert (shown.tier, shown.usage_state, shown.value_score, shown.headline) == ("", "", None, "")


def test_a_day_before_the_first_bill_fails_with_words_and_leaves_what_is_in_force(billed, recomputed):
    good = recomputed()
    failed = recomputed(dt.date(2019, 1, 1))
    assert failed.state == "failed"
    assert "2019-01-01" in error_words(failed)
    assert Run.objects.in_force() == good


def test_hysteresis_counts_dates_not_clicks(billed, recomputed):
    first = recomputed(OCTOBER)
    second = recomputed()
    third = recomputed()
    assert [run.counts["previous_run"] for run in (first, second, third)] == [None, first.pk, first.pk]


def test_a_lost_lake_costs_no_standing(billed, recomputed, settings, tmp_path):
    recomputed(OCTOBER)
    settings.LAKE_URL = str(tmp_path / "another")
    run = recomputed()
    assert run.state == "published"
    assert run.counts["previous_run"] is not None  # read from the standings in force instead


def test_two_at_once_are_refused_clearly(billed, recomputed):
    with only_one(), pytest.raises(Busy, match="running"):
        recomputed()
    assert not Run.objects.exists()


def test_a_second_is_not_asked_for_while_one_is_unfinished(billed):
    run = asked()
    with pytest.raises(AlreadyDone, match=f"Run {run.pk}"):
        asked(OCTOBER)
    with pytest.raises(Refused, match="lies ahead"):
        asked(dt.date(2999, 1, 1))


def test_a_run_started_twice_is_done_once(billed):
    run = asked()
    assert services.recompute(run_id=run.pk, clock=timezone.now).state == "published"
    assert services.recompute(run_id=run.pk, clock=timezone.now) is None
    run.refresh_from_db()
    assert run.attempts == 1


def test_a_task_that_finds_another_at_work_leaves_the_run_waiting(billed):
    run = asked()
    with only_one():
        tasks.recompute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("waiting", 0)


def test_a_cancelled_run_stops_at_its_next_step(billed, recomputed, analyst, monkeypatch):
    before = recomputed(OCTOBER)
    run = asked()
    work = judging.stages

    def cancel_on_the_way(*args, **kwargs):
        for name, table in work(*args, **kwargs):
            if name == "credit":
                services.cancel(run=run, by=analyst, at=timezone.now())
            yield name, table

    monkeypatch.setattr(judging, "stages", cancel_on_the_way)
    done = services.recompute(run_id=run.pk, clock=timezone.now)
    assert done.state == "cancelled"
    assert Run.objects.in_force() == before
    with pytest.raises(AlreadyDone):
        services.cancel(run=run, by=analyst, at=timezone.now())


def test_a_run_that_breaks_is_tried_three_times_then_fails_readably(billed, monkeypatch):
    def broken(*args, **kwargs):
        raise MemoryError("out of memory in stage value")

    monkeypatch.setattr(judging, "stages", broken)
    run = asked()
    for _attempt in range(2):
        services.recompute(run_id=run.pk, clock=timezone.now)
        assert services.sweep(at=timezone.now()) == run.pk
    assert services.recompute(run_id=run.pk, clock=timezone.now).state == "failed"
    run.refresh_from_db()
    assert "out of memory" in error_words(run)
    assert services.sweep(at=timezone.now()) is None


def test_the_sweep_finds_a_run_whose_bell_was_lost_or_whose_worker_died(db):
    run = asked()
    assert services.sweep(at=timezone.now()) == run.pk
    Run.objects.filter(pk=run.pk).update(state="running", attempts=1)
    with only_one():
        assert services.sweep(at=timezone.now()) is None  # somebody is at it
    assert services.sweep(at=timezone.now()) == run.pk
    Run.objects.filter(pk=run.pk).update(state="running", attempts=3)
    assert services.sweep(at=timezone.now()) is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "three times" in error_words(run)


def test_rolling_back_puts_every_standing_where_it_was(billed, recomputed, analyst):
    old = recomputed(OCTOBER)
    was = {pk: row for pk, (_mark, row) in standings().items()}
    Bill.objects.filter(period=dt.date(2026, 10, 1)).update(kwh=1)
    touch(table="bills", periods=[dt.date(2026, 10, 1)])
    bad = recomputed()
    assert {pk: row for pk, (_mark, row) in standings().items()} != was
    run = services.roll_back(to=old, by=analyst, at=timezone.now())
    run = services.recompute(run_id=run.pk, clock=timezone.now)
    assert {pk: row for pk, (_mark, row) in standings().items()} == was
    assert (run.restores, run.as_of, run.in_force) == (old, OCTOBER, True)
    assert [stage["stage"] for stage in run.stages] == ["publish"]
    with pytest.raises(AlreadyDone):
        services.roll_back(to=run, by=analyst, at=timezone.now())
    bad.refresh_from_db()
    assert bad.state == "published"


def test_rolling_back_without_scores_says_so(billed, recomputed, analyst):
    old = recomputed(OCTOBER)
    recomputed()
    lake().forget(lake().of_run("scores", old.pk))
    run = services.roll_back(to=old, by=analyst, at=timezone.now())
    run = services.recompute(run_id=run.pk, clock=timezone.now)
    assert run.state == "failed"
    assert str(old.pk) in error_words(run)


def test_a_run_judges_by_the_policy_in_force_on_its_day(billed, recomputed, analyst, supervisor):
    draft = policies.draft(source=Policy.objects.get(kind="warning", state="published"), by=analyst)
    draft = policies.edit(policy=draft, body=draft.body | {"bands": {"watch": 5.0, "elevated": 6.0, "high": 99.0}}, note="", by=analyst)
    policies.submit(policy=draft, valid_from=NOVEMBER, by=analyst, at=timezone.now())
    policies.approve(policy=draft, by=supervisor, at=timezone.now())
    before, after = recomputed(OCTOBER), recomputed(NOVEMBER)
    assert (before.warning_policy.version, after.warning_policy.version) == (1, draft.version)
    assert before.counts["bands"]["high"] > 0
    assert after.counts["bands"].get("high", 0) == 0


def test_new_accounts_are_seated_blank_once(billed):
    assert services.seat_new_accounts() == 300
    assert services.seat_new_accounts() == 0
    assert Standing.objects.filter(tier="", run=None).count() == Account.objects.count()

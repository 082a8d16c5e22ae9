"""What the chapter on churn is told of retention: plans of accounts in the report that its reader sees, and what a holdout shows of them."""

import datetime as dt

from django.utils import timezone

from crm.people.models import User
from marketing.retention.in_report import tell
from marketing.retention.models import Arm
from segmentation.reports.contributions import CONTRIBUTIONS
from segmentation.reports.document import Figure
from segmentation.runs.models import Standing
from tests.marketing.retention.test_trials import settled


def said(reader, standings=None):
    reader = User.objects.get(pk=reader.pk)  # afresh: a person remembers for a request what is in reach
    chosen = Standing.objects.visible_to(reader) if standings is None else standings
    return tell(reader=reader, standings=chosen, as_of=timezone.localdate() + dt.timedelta(days=1))


def test_a_plan_under_way_is_told_to_who_sees_its_account(plan, supervisor):
    assert tell in CONTRIBUTIONS["churn"]
    told = said(supervisor)
    assert {block.name: block.value for block in told.blocks if isinstance(block, Figure)} == {
        "plans_open": 1, "plans_overdue": 0, "plans_kept": 0, "plans_left": 0,
    }  # fmt: skip
    assert told.actions == () and "nothing is claimed" in told.missing[0]
    assert said(supervisor, Standing.objects.none()).blocks == ()


def test_an_effect_is_claimed_with_its_interval_and_only_where_a_holdout_shows_it(plan, open_trial, make_account, stand, supervisor):
    trial = open_trial()
    lots = settled(trial, make_account, Arm.TREATED, 60, 6)
    few = said(supervisor)
    assert not [block for block in few.blocks if block.name == "retention_effect"] and "0 held-out" in few.missing[0]
    lots = [*lots, *settled(trial, make_account, Arm.HOLDOUT, 30, 12)]
    for lot in lots:
        stand(lot.account)
    told = said(supervisor)
    assert told.missing == ()
    table = next(block for block in told.blocks if block.name == "retention_effect")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Accounts settled"][:2] == ("60", "30") and rows["Lost"][:2] == ("6", "12")
    assert "30.0" in table.takeaway and "interval" in table.takeaway
    one = Standing.objects.filter(account=lots[0].account)
    assert not [block for block in said(supervisor, one).blocks if block.name == "retention_effect"]

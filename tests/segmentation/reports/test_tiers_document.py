"""The tier report as a document: every number that leads to the portfolio is the sum of the rows it leads to."""

import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Sum
from django.http import QueryDict
from django.test import Client

from crm.people.errors import Refused
from crm.people.models import User
from segmentation.portfolio.filters import StandingFilter
from segmentation.reports.building import build
from segmentation.runs.models import Run, Standing
from segmentation.segments.models import Segment, SegmentMember
from tests import leftovers
from tests.segmentation.reports import judged_utility
from tests.segmentation.reports.judged_utility import OCTOBER

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def utility(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        made = judged_utility.build(tmp_path_factory.mktemp("judged"))
        yield made
        made["settings"].disable()
        leftovers.clear()


@pytest.fixture
def report(utility):
    def make(reader="ada", language="en", **asked):
        return build(kind="tiers", reader=User.objects.get(username=reader), language=language, **asked)

    return make


def tables(report):
    return {each.name: each for chapter in report.chapters for each in chapter.tables}


def figures(report):
    return {figure.name: figure for chapter in report.chapters for figure in chapter.figures}


def sums(link, reader):
    """Accounts, revenue and revenue at high risk of the portfolio's rows behind a link, as the portfolio itself filters them."""
    someone = User.objects.get(username=reader)
    asked = QueryDict(urlsplit(link).query)
    found = StandingFilter(asked, Standing.objects.visible_to(someone), request=SimpleNamespace(user=someone))
    assert found.form.is_valid(), (link, found.form.errors)
    assert set(asked) <= set(found.filters), link
    return found.qs.order_by().aggregate(standings=Count("pk"), revenue_12m=Sum("revenue_12m_fen"))


COUNTS = {"standings", "scored", "key_accounts", "moved_up", "moved_down", "high_risk", "then", "now"}
SUMS = {"revenue_12m", "risk_revenue", "key_revenue", "revenue_up", "revenue_down"}
NOT_ACCOUNTS = {"tickets", "promise_kept"}  # tickets, which are no rows of the portfolio


@pytest.mark.parametrize(
    ("reader", "asked"),
    [("ada", {}), ("boss", {}), ("ada", {"unit": "3340101", "category": "large_industrial"}), ("ada", {"segment": "Every fourth"})],
)
def test_every_number_leads_to_the_rows_that_make_it(report, reader, asked):
    if asked.get("segment"):
        asked = {"segment": kept_segment(asked["segment"])}
    made = report(reader=reader, **asked)
    numbers = [(figure.name, figure.value, figure.link) for figure in figures(made).values()]
    for table in tables(made).values():
        if table.name == "movers":  # each leads to its account
            continue
        for row, links in zip(table.rows, table.drill or [("",) * len(table.columns)] * len(table.rows), strict=True):
            numbers += [
                (column.key, value, link) for column, value, link in zip(table.columns, row, links, strict=True) if column.unit != "text"
            ]
    followed = set()
    for name, value, link in numbers:
        if not value or name in NOT_ACCOUNTS:
            continue
        assert link.startswith("/portfolio/"), (name, value)
        found = sums(link, reader)
        if name in COUNTS | SUMS:
            assert value == found["standings" if name in COUNTS else "revenue_12m"], (name, link)
            followed.add(name)
        else:
            assert found["standings"], (name, link)  # a share of those rows
    assert len(followed) >= (8 if asked else 11), followed


def kept_segment(name):
    with connection.cursor() as db:
        db.execute("select id from crm_account where id % 4 = 0")
        keys = [key for (key,) in db.fetchall()]
    run = Run.objects.in_force()
    segment = Segment.objects.create(name=name, owner=User.objects.get(username="ada"), rule={}, made_at=run.finished_at, run=run)
    SegmentMember.objects.bulk_create([SegmentMember(segment=segment, account_id=key, since=run.as_of) for key in keys])
    return segment


def test_accounts_chosen_without_a_name_lead_nowhere(report):
    made = report(segment=[row.pk for row in Standing.objects.all()[:9]])
    assert not any(table.links or table.drill for table in tables(made).values() if table.name != "movers")


def test_moves_add_up_and_have_their_revenue(report):
    made = report()
    found, pairs = figures(made), tables(made)["pairs"].rows
    with connection.cursor() as db:
        db.execute(
            "select tier_before, tier, count(*), sum(revenue_12m_fen) from segmentation_standing where tier_before <> tier and tier_before <> '' group by 1, 2"
        )
        asked = {(before, now): (count, fen) for before, now, count, fen in db.fetchall()}
    assert len(asked) > 1
    assert {(row[0].lower(), row[1].lower()): (row[2], row[3]) for row in pairs} == {
        key: (count, int(fen)) for key, (count, fen) in asked.items()
    }
    assert found["moved_up"].value + found["moved_down"].value == sum(count for count, _fen in asked.values())
    flows = {chart.name: chart.flows for chapter in made.chapters for chart in chapter.charts if chart.kind == "sankey"}
    assert sum(flow[2] for flow in flows["moves"]) == sum(row[2] for row in pairs)
    assert sum(flow[2] for flow in flows["revenue_moved"]) == sum(row[3] for row in pairs)


def test_movers_are_told_with_a_reason_and_only_those_in_reach(report):
    made = tables(report(reader="boss"))["movers"]
    assert all(row[-1] for row in made.rows)
    with connection.cursor() as db:
        db.execute("select number from crm_account a join crm_unit u on u.id = unit_id where u.code like '3340101%'")
        assert {row[0] for row in made.rows} <= {number for (number,) in db.fetchall()}


def test_tiers_then_and_now(report):
    made = report()
    then = Run.objects.get(as_of=OCTOBER).counts["tiers"]
    shown = {row[0].lower(): row[1] for row in tables(made)["now_and_then"].rows}
    assert {tier: count for tier, count in shown.items() if count} == then
    assert made.inputs["against"] == Run.objects.get(as_of=OCTOBER).pk
    assert any("2026-10-31" in source for source in made.sources)
    with pytest.raises(Refused, match="2026-11-22"):
        report(against=made.as_of)


def test_an_earlier_run_has_no_rows_to_drill_into(report):
    made = report(as_of=OCTOBER)
    assert made.as_of == OCTOBER
    assert not any(table.links for table in tables(made).values())
    assert [chapter.missing for chapter in made.chapters if chapter.name == "moves"] == [
        ("Movement between tiers: there is no earlier run to compare with.",)
    ]


def test_page_api_and_command(utility, tmp_path):
    client = Client()
    client.force_login(utility["people"]["boss"])
    page = client.get("/reports/tiers/", {"against": "2026-10-31"})
    assert page.status_code == 200
    assert page.context["report"].inputs["against"]
    out = tmp_path / "tiers.json"
    call_command("report", "tiers", "--out", str(out), "--reader", "boss")
    answer = client.get("/api/v1/reports/tiers/").json()
    assert json.loads(out.read_text())["chapters"] == answer["chapters"]

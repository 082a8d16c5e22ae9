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


@pytest.mark.parametrize(("reader", "asked"), [("ada", {}), ("boss", {}), ("ada", {"unit": "3340101", "category": "large_industrial"})])
def test_drilling_down_meets_the_same_sum(report, reader, asked):
    made, followed = report(reader=reader, **asked), 0
    for name, table in tables(made).items():
        columns = [column.key for column in table.columns]
        for row, link in zip(table.rows, table.links, strict=False):
            if not link.startswith("/portfolio/") or name == "risk_of_tier":
                continue
            found = sums(link, reader)
            assert row[columns.index("standings")] == found["standings"], (name, row, link)
            assert (row[columns.index("revenue_12m")] or 0) == (found["revenue_12m"] or 0), (name, row, link)
            followed += 1
    risk = tables(made)["risk_of_tier"]
    for row, link in zip(risk.rows, risk.links, strict=True):
        assert {"standings": row[3], "revenue_12m": row[4]} == sums(link, reader)
    for name, count in (
        ("key_accounts", "standings"),
        ("key_revenue", "revenue_12m"),
        ("high_risk", "standings"),
        ("risk_revenue", "revenue_12m"),
    ):
        figure = figures(made)[name]
        assert (figure.value or 0) == (sums(figure.link, reader)[count] or 0), name
    assert followed >= 8


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

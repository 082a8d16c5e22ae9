"""Both reports for 321 real clients (UCI, kWh only): what bills can tell is told, the rest is said to be missing. Skipped where the file is absent."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from crm.people.models import Unit, User
from segmentation.reports.building import build
from segmentation.runs import services
from tests import leftovers
from tests.crm.imports.conftest import SHARED_DATA

FILE = SHARED_DATA / "uci_electricity_weekly.tsf"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILE.exists(), reason=f"the real weekly consumption is not at {FILE} (set GREENLANE_SHARED_DATA)"),
]


@pytest.fixture(scope="module")
def clients(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    with django_db_blocker.unblock(), override_settings(LAKE_URL=(folder / "lake").as_uri(), VAR_DIR=folder, MEDIA_ROOT=folder):
        Unit.objects.create(code="33401", name="杭州供电公司")
        User.objects.create(username="ada", role="analyst")
        call_command("import_file", "consumption", str(FILE), "--json", stdout=io.StringIO())
        run = services.recompute_here(as_of=dt.date(2014, 11, 30), by=None, clock=timezone.now)
        assert run.state == "published", run.error
        yield run
        leftovers.clear()


def made(kind, language="en"):
    return build(kind=kind, reader=User.objects.get(username="ada"), language=language)


def test_the_behaviour_report_tells_kwh_and_says_what_is_missing(clients):
    report = made("behaviour")
    figures = {figure.name: figure for chapter in report.chapters for figure in chapter.figures}
    with connection.cursor() as db:
        db.execute(
            "select sum(kwh) filter (where period >= '2013-12-01'), sum(kwh) filter (where period between '2012-12-01' and '2013-11-01') from crm_bill"
        )
        now, before = map(float, db.fetchone())
    assert (figures["kwh"].value, figures["kwh"].before) == (pytest.approx(now), pytest.approx(before))
    assert figures["accounts"].value == 321
    money = [figure.name for figure in figures.values() if figure.unit == "fen" and figure.value is not None]
    assert money == []
    missing = {chapter.name: " ".join(chapter.missing) for chapter in report.chapters}
    assert "kWh only" in missing["overview"] and "kWh only" in missing["consumption"]
    assert "Arrears" in missing["credit"] and "no ticket" in missing["satisfaction"] and "kWh only" in missing["churn"]
    assert all(chapter.sentences for chapter in report.chapters)
    assert not [chart.name for chapter in report.chapters for chart in chapter.charts if chapter.name in ("credit", "satisfaction")]
    assert not [
        row for chapter in report.chapters for table in chapter.tables for row in table.rows if all(value is None for value in row[1:])
    ]
    assert report.synthetic is False


def test_the_tier_report_goes_by_kwh(clients):
    report = made("tiers", "zh-hans")
    standing = report.chapters[0]
    assert any("电量" in sentence for sentence in standing.sentences)
    assert any("只有电量" in line for line in standing.missing)
    assert {chart.name: chart.unit for chart in standing.charts}["by_tier_chart"] == "kwh"

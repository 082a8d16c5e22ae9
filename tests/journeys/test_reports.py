"""A supervisor reads the behaviour report on screen, in both languages: index, a table behind a chart, a narrower scope, what is missing."""

import re

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests import leftovers
from tests.journeys.chromium import journey
from tests.segmentation.reports import judged_utility

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def utility(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        made = judged_utility.build(tmp_path_factory.mktemp("judged"))
        server = LiveServer("localhost")
        yield made | {"url": server.url}
        server.stop()
        made["settings"].disable()
        leftovers.clear()


@pytest.fixture
def _django_db_helper():
    """In the place of pytest-django's, which empties the database after each test: here the utility empties it when the module is done."""


@pytest.fixture
def address(utility):
    return utility["url"]


def test_a_supervisor_reads_the_report_in_both_languages(visit, utility):
    page = visit(utility["people"]["boss"], "/reports/behaviour/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customer behaviour report")
    chapters = page.get_by_role("navigation", name="Chapters")
    expect(chapters.get_by_role("link")).to_have_count(6)
    chapters.get_by_role("link", name="Consumption").click()
    expect(page).to_have_url(re.compile("#consumption$"))
    chart = page.locator("section[data-chart-title='kWh by month']")
    expect(chart).to_have_attribute("data-state", "ready")
    chart.get_by_role("button", name="Table").click()
    expect(chart.get_by_role("cell", name="2026-10")).to_be_visible()
    english = page.locator("#consumption .chapter-says li").first.inner_text()
    share = re.search(r"([\d.]+)\s%", english).group(1)

    page.locator("#id_category").select_option("large_industrial")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#consumption .chapter-says li").first).not_to_have_text(english)
    expect(page.get_by_text("East Branch · Large industrial")).to_be_visible()
    expect(page.get_by_role("button", name="PPTX")).to_be_visible()

    page.goto(f"{utility['url']}/reports/behaviour/")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("客户行为分析报告")
    expect(page.locator("#consumption .chapter-says li").first).to_contain_text(f"{share}\u00a0%")
    expect(page.locator("[data-state=failed]")).to_have_count(0)

"""A supervisor has a deck written, watches it, and fetches it."""

import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pptx import Presentation

from crm.people.models import User
from segmentation.reports.models import GeneratedReport
from segmentation.runs import services as runs
from tests.journeys import workers
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def utility(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    workers.silence()
    workers.make_utility(accounts=200)
    runs.recompute_here(as_of=timezone.localdate(), by=None, clock=timezone.now, listen=lambda stage: None)


def test_a_supervisor_has_a_deck_written_watches_it_and_downloads_it(visit, address, utility, tmp_path):
    supervisor = User.objects.get(username="supervisor")
    page = visit(supervisor, "/reports/kept/")
    expect(page.get_by_role("main")).to_contain_text("No report files yet")
    page.get_by_label("Format").select_option("pptx")
    page.locator("#id_language").select_option("zh-hans")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    expect(page.get_by_text("Counting the figures")).to_be_visible()
    with workers.worker():
        expect(page.get_by_role("heading", name="The file is ready")).to_be_visible(timeout=30_000)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download PPTX").click()
    deck = Presentation(io.BytesIO(fetched.value.path().read_bytes()))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert "客户行为分析报告" in said and "合成数据" in said and any(shape.has_chart for slide in deck.slides for shape in slide.shapes)

    page.get_by_role("link", name="Show what it was made from").click()
    expect(page.get_by_role("main")).to_contain_text(GeneratedReport.objects.get().sha256)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("textbox", name="Link")).to_have_value(re.compile(re.escape(address) + r"/reports/shared/\d+:[\w-]+/"))

"""A file becomes facts and facts become judgement, all on the pages."""

import csv
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crm.billing.models import Bill
from segmentation.runs.models import Standing
from tests.journeys import workers
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]

SHARED_DATA = Path(os.environ.get("GREENLANE_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
WEEKS = 128  # from the second of January 2012: two whole years and five months
HEAD = "@relation Mill\n@attribute series_name string\n@attribute start_timestamp date\n@frequency weekly\n@missing true\n@data\n"


@pytest.fixture
def worker():
    workers.silence()
    with workers.worker():
        yield


@pytest.fixture
def uci_file():
    path = SHARED_DATA / "uci_electricity_weekly.tsf"
    if not path.exists():
        pytest.skip(f"the real consumption file is not at {path}; set GREENLANE_SHARED_DATA")
    return path


@pytest.fixture
def mill_file(tmp_path):
    """Twelve clients, each larger than the one before; T3 uses nothing from its hundredth week on."""
    path = tmp_path / "mill.tsf"
    uses = {number: [number * 700.0] * WEEKS for number in range(1, 13)}
    uses[3][100:] = [0.0] * (WEEKS - 100)
    path.write_text(HEAD + "".join(f"T{number}:2012-01-02 00-00-00:{','.join(map(str, weeks))}\n" for number, weeks in uses.items()))
    return path


def send_in(page, address, kind, path):
    """Upload, and wait for the preview."""
    page.goto(f"{address}/imports/")
    page.get_by_label("What is in it").select_option(kind)
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="How the file was understood")).to_be_visible()


def recompute_as_of(page, address, day):
    page.goto(f"{address}/runs/")
    page.get_by_label("As of").fill(day)
    page.get_by_role("button", name="Recompute").click()
    expect(page.get_by_role("heading", name="What it did")).to_be_visible()


def portfolio_row(page, address, number):
    page.goto(f"{address}/portfolio/?q={number}")
    return page.get_by_role("main").locator("tbody tr")


def shown_as_stopped(page, address, number, words):
    row = portfolio_row(page, address, number)
    expect(row).to_contain_text(words)
    expect(row).to_contain_text("High risk")
    row.get_by_role("link").click()
    expect(page.locator(".judgement-panel")).to_contain_text("Stopped")


def import_and_judge(page, address, path, *, clients, as_of):
    send_in(page, address, "consumption", path)
    expect(page.get_by_text("rows can be loaded.")).to_be_visible()
    assert not Bill.objects.exists(), "nothing is loaded before it is confirmed"
    page.get_by_role("button", name=re.compile(r"^Load [\d,]+ rows")).click()
    expect(page.get_by_text("Everything that is right stands in the product now.")).to_be_visible()
    recompute_as_of(page, address, as_of)
    page.goto(f"{address}/portfolio/")
    expect(page.get_by_role("main")).to_contain_text(f"{clients} accounts · judged as of {as_of}")


def test_weekly_use_of_a_small_mill_ends_as_tiers_in_the_portfolio(visit, address, administrator, province, worker, mill_file):
    page = visit(administrator)
    import_and_judge(page, address, mill_file, clients=12, as_of="2014-05-31")
    assert not Standing.objects.filter(tier="").exists()
    largest = portfolio_row(page, address, "9900000012")
    expect(largest.locator(".cell-tier")).to_have_text(Standing.objects.get(account__number="9900000012").get_tier_display())
    shown_as_stopped(page, address, "9900000003", "No use for 5 months")


def test_the_real_clients_end_as_tiers_and_the_one_that_stopped_is_shown_as_stopped(
    visit, address, administrator, province, worker, uci_file
):
    page = visit(administrator)
    import_and_judge(page, address, uci_file, clients=321, as_of="2014-11-30")
    assert Standing.objects.exclude(tier="").count() > 300
    shown_as_stopped(page, address, "9900000183", "No use for 26 months")


def test_bad_rows_are_named_one_by_one_and_come_back_in_a_file(visit, address, administrator, account, worker, tmp_path):
    number = account.number
    path = tmp_path / "bills.csv"
    path.write_text(f"户号,账期,电量\n{number},2026-09,1200\n{number},2026-13,900\n{number},2026-08,many\n9,2026-07,5\n")
    page = visit(administrator)
    send_in(page, address, "bills", path)
    wrong = page.locator("section", has=page.get_by_role("heading", name="What is wrong")).locator("tbody tr")
    expect(wrong).to_have_count(3)
    for row, (line, value) in zip(wrong.all(), [("3", "2026-13"), ("4", "many"), ("5", "9")], strict=True):
        expect(row.locator("td").nth(0)).to_have_text(line)
        expect(row.locator("td").nth(2)).to_have_text(value)
        expect(row.locator("td").nth(3)).not_to_be_empty()
    with page.expect_download() as download:
        page.get_by_role("link", name="Wrong rows with reasons (CSV)").click()
    rows = list(csv.reader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert [value for line in rows[1:] for value in ("2026-13", "many", "2026-07") if value in line] == ["2026-13", "many", "2026-07"]

    page.get_by_role("button", name="Load 1 row").click()
    expect(page.get_by_text("Everything that is right stands in the product now.")).to_be_visible()
    assert list(Bill.objects.values_list("account__number", "kwh")) == [(number, 1200)]

"""The style page in a real Chromium: what scripts do, under the product's own content policy, and what axe finds."""

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import journey
from tests.journeys.looking import ANY, faults_of

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(visit, administrator, settings):
    """A function that opens the style page as a signed-in person."""
    settings.DEMO = True

    def opened(path="/styleguide/", *, width=1430, height=900, **more):
        page = visit(administrator, path, width=width, height=height, **more)
        page.wait_for_load_state("networkidle")
        return page

    return opened


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_slash_finds_an_account_as_one_types_and_enter_opens_it(open_page, make_account):
    account = make_account()
    page = open_page()
    page.keyboard.press("/")
    assert focused(page) == "palette-input"
    page.keyboard.type(account.number, delay=20)
    page.wait_for_selector("#palette-results [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{account.pk}/**")


def test_rows_are_walked_and_ticked_without_a_mouse(open_page):
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-rows] tbody tr").nth(1).locator("input").is_checked()
    assert page.locator("[data-bulk-count]").inner_text() == "1"
    assert page.locator("[data-bulk-action]").is_enabled()


def test_everything_in_the_filter_is_chosen_only_while_the_whole_page_is_ticked(open_page):
    page = open_page()
    everything = page.locator("[data-bulk-everything-input]")
    page.locator("[data-bulk-all]").click()
    page.locator("[data-bulk-everything]").click()
    assert everything.input_value() == "1"
    page.locator("[data-bulk-row]").first.click()
    assert everything.input_value() == ""


def test_the_key_sheet_lists_the_keys_of_this_page(open_page):
    page = open_page()
    page.keyboard.press("?")
    assert "Log ticket" in page.locator("[data-keys-here]").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#keys-sheet").is_visible()


def test_single_keys_can_be_switched_off(open_page):
    page = open_page()
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator("[data-current]").count() == 0


def test_a_confirmed_form_is_sent_once_and_a_cancelled_one_never(open_page):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "proposed=1" in request.url else None)
    page.keyboard.press("p")
    page.locator("[data-confirm-cancel]").click()
    assert sent == []
    page.keyboard.press("p")
    page.locator("[data-confirm-ok]").click()
    page.wait_for_url("**proposed=1*")
    assert len(sent) == 1


def test_what_cannot_be_taken_back_must_be_typed(open_page):
    page = open_page()
    sent = []
    page.route("**/?undone=1*", lambda route: (sent.append(1), route.fulfill(body="done")))
    page.route("**/styleguide/?undone=1*", lambda route: (sent.append(1), route.fulfill(body="done")))
    page.get_by_role("button", name="Undo the import").click()
    page.keyboard.type("421")
    assert page.locator("[data-confirm-ok]").is_disabled()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(page.locator("#undone")).to_have_text("done")
    assert len(sent) == 1


def test_a_chart_has_its_table_and_its_file(open_page):
    page = open_page()
    card = page.locator("[data-chart-title='Monthly use by band']")
    expect(page.locator("[data-chart-title='Monthly use by band'][data-state=ready]")).to_be_attached()
    card.locator("[data-chart-toggle]").click()
    assert card.locator("tbody tr").count() == 24
    card.get_by_text("Download").click()
    with page.expect_download() as download:
        card.get_by_text("CSV").click()
    assert download.value.suggested_filename == "Monthly-use-by-band.csv"


def test_the_theme_is_remembered(open_page):
    page = open_page()
    page.locator("[data-theme-toggle]").click()
    page.locator("[data-theme-toggle]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_on_a_phone_the_rail_is_a_drawer_and_nothing_runs_over_the_edge(open_page):
    page = open_page(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator("#rail").is_visible()
    page.locator("[data-drawer-open]").click()
    page.locator("#rail").wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator("#rail").wait_for(state="hidden")
    assert page.locator("[data-drawer-open]").get_attribute("aria-expanded") == "false"


def test_at_double_zoom_nothing_runs_over_the_edge(open_page):
    assert open_page(width=640, height=450).evaluate("document.documentElement.scrollWidth") == 640


def test_axe_finds_nothing_on_the_style_page(open_page):
    assert faults_of(open_page(), impacts=ANY) == []

"""An analyst builds a nested segment with the keyboard alone, sees the count, saves it and opens it in the portfolio."""

import re

import pytest
from playwright.sync_api import expect

from segmentation.segments.models import Segment
from tests.journeys.chromium import journey
from tests.journeys.looking import TWO_LOOKS, faults_of
from tests.segmentation.conftest import run, stand  # noqa: F401
from tests.segmentation.segments.conftest import _own_lake, judge  # noqa: F401

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def accounts(transactional_db, make_account, stand, judge):  # noqa: F811
    figures = [
        {"tier": "gold", "growth": 0.5, "revenue_12m_fen": 700_00}, {"tier": "gold", "growth": 0.1}, {"tier": "silver", "growth": 0.6},
        {"tier": "platinum"},
    ]  # fmt: skip
    made = [make_account() for _ in figures]
    for account, values in zip(made, figures, strict=True):
        stand(account, tier=values["tier"])
    judge(dict(zip(made, figures, strict=True)))
    return made


def test_a_nested_segment_is_built_with_the_keyboard_counted_saved_and_opened_in_the_portfolio(visit, accounts, analyst):
    page = visit(analyst, "/segments/new/")
    count = page.locator("[data-live-number]")
    expect(count).to_have_text("3")  # gold and above, as the page begins
    keys = page.keyboard

    page.get_by_role("button", name="+ Group").focus()
    keys.press("Enter")  # the new group takes the focus, at its “at least one”
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("How the conditions are joined, Group 2"))
    keys.press("Tab")  # its first condition: what is asked about
    keys.type("Change of 12 months")
    keys.press("Tab")  # how it is compared: over
    keys.press("Tab")
    keys.type("30")
    expect(count).to_have_text("1")
    expect(page.locator("#live-count")).to_contain_text("over 30")
    assert faults_of(page, TWO_LOOKS, within="main") == []

    page.get_by_label("Name", exact=True).focus()
    keys.type("Growing gold")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Growing gold")
    segment = Segment.objects.get(name="Growing gold")
    assert segment.rule["all"][1] == {"any": [{"field": "growth", "is": "over", "value": 30}]}
    page.get_by_role("link", name="Open in the portfolio").click()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows tbody tr")).to_contain_text(accounts[0].number)

"""A call comes in: found by pinyin, logged by keyboard, seen by the manager at once."""

import time

import pytest
from playwright.sync_api import expect

from crm.tickets.models import Ticket
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]

BETWEEN_KEYS_MS = 90  # a practised typist
SECONDS_ALLOWED = 20


@pytest.fixture
def cold_store(make_account):
    make_account(name="永和大酒店有限公司", name_en="Yonghe Hotel")
    return make_account(name="永泰冷链物流有限公司", name_en="Yongtai Cold Chain")


def log_by_keyboard(page, *, find, matter, text):
    """From the desk to the receipt without touching a mouse; returns the seconds it took."""
    began, keyboard = time.monotonic(), page.keyboard
    keyboard.press("n")
    keyboard.type(find, delay=BETWEEN_KEYS_MS)
    keyboard.press("Enter")
    expect(page.get_by_label("Class")).to_be_focused()
    keyboard.type(matter, delay=BETWEEN_KEYS_MS)
    for _severity_channel_text in range(3):
        keyboard.press("Tab")
    keyboard.type(text, delay=BETWEEN_KEYS_MS)
    keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is logged and assigned to")).to_be_visible()
    return time.monotonic() - began


def test_a_complaint_found_by_pinyin_is_logged_by_keyboard_and_stands_at_once_where_the_manager_looks(
    visit, address, agent, manager, cold_store
):
    lina = visit(agent, "/complaints/")
    seconds = log_by_keyboard(lina, find="ytll", matter="Outage", text="Freezers off since noon, no notice")
    assert seconds < SECONDS_ALLOWED
    expect(lina.locator("#log_find")).to_be_focused()
    expect(lina.locator("#queue")).to_contain_text("Freezers off since noon")

    ticket = Ticket.objects.get()
    assert (ticket.account, ticket.category, ticket.assignee, ticket.logged_by) == (cold_store, "outage", manager, agent)
    anna = visit(manager, "/desk/")
    clocks = anna.locator("section", has=anna.get_by_role("heading", name="Running clocks"))
    expect(clocks.get_by_role("row", name="Freezers off since noon")).to_contain_text("Yongtai Cold Chain")
    anna.goto(f"{address}/accounts/{cold_store.pk}/complaints/")
    expect(anna.locator("#panel")).to_contain_text("Freezers off since noon")


def test_what_an_agent_typed_stays_when_the_account_is_missing(visit, agent, troubles):
    lina = visit(agent, "/complaints/")
    lina.keyboard.press("n")
    for _kind_class_severity_channel_text in range(5):
        lina.keyboard.press("Tab")
    lina.keyboard.type("A pole leans over the road")
    lina.keyboard.press("Control+Enter")
    expect(lina.get_by_text("Find the account above, or give the caller's name or phone.").first).to_be_visible()
    expect(lina.get_by_label("What happened")).to_have_value("A pole leans over the road")
    assert not Ticket.objects.exists()
    troubles.forgive("422")  # the browser notes the refused form

"""The telephone rings while two tabs are open; the rest of the call goes by keyboard through the palette."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.telephony import services
from crm.telephony.models import Call
from crm.tickets.models import Ticket
from tests.journeys.chromium import journey
from tests.journeys.looking import TWO_LOOKS, faults_of

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ring(agent, administrator):
    """`ring("0571 8899 2210")`: at Lina's telephone, as the telephone system tells it."""
    pbx = services.connect(code="pbx", name="Call centre", by=administrator, at=timezone.now())
    services.give_line(code="8001", person=agent, by=administrator)
    numbers = iter("abcdefgh")

    def do(phone):
        told = services.Told(call_id=next(numbers), phone=phone, line="8001", state="ringing", at=timezone.now())
        return services.hear(integration=pbx, told=told)[0]

    return do


def test_one_of_two_tabs_opens_the_caller_and_the_palette_does_the_rest(visit, address, agent, make_account, ring):
    account = make_account(name="永泰冷链物流有限公司", name_en="Yongtai Cold Chain", phone="0571 8899 2210")
    first = visit(agent, "/complaints/")
    second = first.context.new_page()
    second.goto(f"{address}/portfolio/")
    ring("0571 8899 2210")
    opened = f"{address}/accounts/{account.pk}/"
    for _half_second in range(80):
        if opened in (first.url, second.url):
            break
        second.wait_for_timeout(500)
    at_the_caller, other = (first, second) if first.url == opened else (second, first)
    assert at_the_caller.url == opened and other.url != opened
    expect(at_the_caller.locator("#on-the-line")).to_contain_text("0571 8899 2210")
    other.close()

    keyboard = at_the_caller.keyboard
    keyboard.press("Alt+t")  # New ticket, from the card
    expect(at_the_caller.get_by_label("Caller's phone")).to_have_value("0571 8899 2210")
    at_the_caller.get_by_label("Class").select_option("outage")
    at_the_caller.get_by_label("What happened").fill("Freezers off since noon")

    held = []  # the server's word that this tab may open the second call: it comes when the ticket has been sent
    at_the_caller.route("**/pop/", lambda route: held.append(route))
    ring("139 0000 1111")  # while something is typed the page stays, the card tells
    expect(at_the_caller.locator("#on-the-line")).to_contain_text("139 0000 1111")
    expect(at_the_caller.get_by_label("What happened")).to_have_value("Freezers off since noon")
    keyboard.press("Control+Enter")
    expect(at_the_caller.get_by_role("status").filter(has_text="is logged and assigned to")).to_be_visible()
    with at_the_caller.expect_response("**/pop/"):
        held.pop().continue_()
    at_the_caller.wait_for_timeout(300)
    expect(at_the_caller.get_by_role("status").filter(has_text="is logged and assigned to")).to_be_visible()
    ticket = Ticket.objects.get()
    assert ticket.account == account and ticket.idempotency_key == Call.objects.earliest("pk").ticket_key

    at_the_caller.get_by_role("button", name="Put the call card away").click()
    expect(at_the_caller.locator("#on-the-line")).to_be_empty()
    keyboard.press("Control+k")
    expect(at_the_caller.get_by_role("combobox", name="Search")).to_be_focused()
    results = at_the_caller.get_by_role("listbox", name="Search results")
    expect(results).to_contain_text("Yongtai Cold Chain")  # opened lately
    assert faults_of(at_the_caller, TWO_LOOKS) == []
    keyboard.type("ytll", delay=40)
    expect(results.get_by_role("option").first).to_contain_text("Yongtai Cold Chain")
    for _press in range(3):
        keyboard.press("Tab")  # the focus stays in the dialog
    expect(at_the_caller.get_by_role("combobox", name="Search")).to_be_focused()
    keyboard.press("Enter")
    at_the_caller.wait_for_url(opened)
    keyboard.press("?")
    expect(at_the_caller.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Command palette: search, pages, actions")
    keyboard.press("Escape")
    keyboard.press("/")
    keyboard.type("tousu", delay=40)
    expect(results.get_by_role("option").first).to_have_text("Complaints")
    keyboard.press("Enter")
    at_the_caller.wait_for_url("**/complaints/")

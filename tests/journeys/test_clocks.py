"""An administrator makes a clock policy and sees when it wins."""

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True)]


def test_an_administrator_adds_a_policy_tries_a_case_and_sees_it_win(visit, administrator, calendar_for_today, troubles):
    root = visit(administrator, "/clocks/")
    root.get_by_role("link", name="Add a policy").click()
    for label, value in {
        "English name": "Rural outage",
        "First contact within": "90",
        "Answer within": "4",
        "Source": "City promise",
    }.items():
        root.get_by_label(label).fill(value)
    root.get_by_label("Name", exact=True).fill("农村停电")
    for label, value in {
        "Class": "outage",
        "Kind of unit": "rural",
        "First contact counted in": "minute",
        "Answer counted in": "working_hour",
    }.items():
        root.get_by_label(label).select_option(value)
    root.get_by_role("button", name="Add the policy").click()
    expect(root.get_by_text("The policy is added")).to_be_visible()

    root.get_by_role("link", name="Try a case").click()
    root.get_by_label("Class").select_option("outage")
    root.get_by_label("Kind of unit").select_option("rural")
    root.get_by_role("button", name="Try").click()
    winner = root.get_by_role("table").locator("tbody tr").first
    expect(winner).to_contain_text("Rural outage")
    expect(winner).to_contain_text("4 working hours")
    expect(winner).to_contain_text("wins")
    root.get_by_label("Kind of unit").select_option("urban")
    root.get_by_role("button", name="Try").click()
    expect(root.get_by_role("table").locator("tbody tr").first).to_contain_text("Complaint")

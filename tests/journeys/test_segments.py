"""Segments in front of people: built by keyboard alone, made of a behaviour group, used as a filter; and an account on its way to large customer."""

import re

import pytest
from playwright.sync_api import expect

from crm.tickets.models import Ticket
from marketing.development.models import Candidate, LargeCustomer
from segmentation.groups.models import BehaviourGroup, Grouping
from segmentation.lake.session import lake, open_session
from segmentation.segments.models import Segment
from tests.journeys.chromium import journey
from tests.journeys.looking import TWO_LOOKS, faults_of
from tests.segmentation.conftest import run, stand  # noqa: F401
from tests.segmentation.segments.conftest import NOW, _own_lake, judge  # noqa: F401

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


@pytest.fixture
def night_users(accounts, run):  # noqa: F811
    """The first two accounts in a behaviour group that stands; a ticket of the first and of the last; the first grows large."""
    group = BehaviourGroup.objects.create(
        kind="bands", number=3, name="Night users", size=2, columns=["peak", "flat", "valley"], centre=[0.1, 0.2, 0.7]
    )
    Grouping.objects.create(run=run, kind="bands", state="done", in_force=True, at=NOW, accounts=4, k=1, silhouette=0.5, davies_bouldin=0.8)
    rows = " union all ".join(f"select {account.pk}::bigint as account_id, 3::smallint as bands" for account in accounts[:2])
    with open_session(of=lake()) as session:
        lake().write(session, rows, lake().of_run("groups", run.pk))
    for account, title in ((accounts[0], "Ticket of a night user"), (accounts[3], "Ticket of another")):
        Ticket.objects.create(account=account, category="business", title=title, opened_at=NOW)
    Candidate.objects.create(account=accounts[0], run=run, strength=61.5, evidence={"growth": 0.5, "potential_score": 80.0})
    return group


def test_a_group_becomes_a_filter_of_tickets_and_a_candidate_a_large_customer(
    visit, night_users, accounts, analyst, manager, supervisor, calendar_for_today
):
    page = visit(analyst, f"/groups/{night_users.pk}/")
    page.get_by_role("link", name="Make it a segment").click()
    expect(page.locator("[data-live-number]")).to_have_text("2")
    expect(page.locator("#live-count")).to_contain_text("Use by time band is Night users")
    page.get_by_label("Shared with everyone").check()
    page.get_by_role("button", name="Save the segment").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Night users")

    page = visit(manager, "/complaints/?queue=all")
    desk = page.locator("#queue tbody")
    expect(desk).to_contain_text("Ticket of another")
    page.locator("summary", has_text="Segment").click()
    page.get_by_role("checkbox", name="Night users").check()
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(desk).not_to_contain_text("Ticket of another")
    expect(desk).to_contain_text("Ticket of a night user")

    page.goto(page.url.partition("/complaints/")[0] + "/development/candidates/")
    page.get_by_role("button", name=f"Watch account {accounts[0].number}").click()
    proposal = page.locator("form", has=page.get_by_role("button", name="Propose", exact=True))
    proposal.get_by_label("Reason").fill("Asks for another transformer")
    proposal.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator("main")).to_contain_text("Proposed for promotion")

    page = visit(supervisor, "/development/?waiting=true")
    page.locator("#rows a[data-row-link]").click()
    expect(page.locator("main")).to_contain_text("Asks for another transformer")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("main")).to_contain_text("Promoted")
    page.goto(page.url.partition("/development/")[0] + "/development/large/")
    expect(page.locator("#rows tbody")).to_contain_text(accounts[0].number)
    assert LargeCustomer.objects.get().prospect.proposed_by == manager
    assert faults_of(page, TWO_LOOKS[1:], within="main") == []

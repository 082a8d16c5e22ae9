"""A segment narrows every list about accounts, on page, in API and in files; `visible_to` stays first."""

import pytest
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from crm.billing.models import Payment
from crm.engagement.models import Engagement
from crm.exports.registry import kind_of
from crm.tickets.models import Ticket
from marketing.development.models import LargeCustomer, Prospect
from segmentation.groups.models import Membership
from segmentation.runs.models import Change
from tests.segmentation.segments.conftest import NOW

DESK = reverse("crm:ticket-list")
# Every list about accounts that programs read.
ROUTES = (
    "tickets", "accounts", "bills", "payments", "engagements", "entitlements", "calls", "surveys", "standings", "changes", "memberships", "proposals",
    "retention-plans", "losses", "candidates", "prospects", "large-customers",
)  # fmt: skip
PAGES = (
    "crm:ticket-list", "crm:call-list", "crm:survey-list", "segmentation:portfolio", "marketing:prospect-list", "marketing:candidate-list",
    "marketing:large-customer-list", "marketing:proposal-list", "marketing:entitlement-list", "marketing:retention-plans", "marketing:market-watch",
)  # fmt: skip


def ticket(account, title):
    return Ticket.objects.create(account=account, category="business", title=title, opened_at=NOW)


@pytest.fixture
def tickets(accounts, calendar_for_today):
    """One of each account and one of an unknown caller."""
    growing, steady, silver, foreign = accounts
    ticket(None, "no account")
    return {
        title: ticket(account, title) for title, account in (("gold", growing), ("gold too", steady), ("silver", silver), ("far", foreign))
    }


def test_the_desk_its_api_and_its_file_hold_the_tickets_of_a_segment(sign_in, manager, save, tickets):
    segment = save()
    client, asked = sign_in(manager), {"segment": save(name="Silver", rule={"field": "tier", "is": "in", "value": ["silver"]}).pk}
    page = client.get(DESK, {"queue": "open", **asked})
    assert [row.title for row in page.context["page"]] == ["silver"]
    assert page.context["narrowed"]
    assert f'value="{segment.pk}"' in page.content.decode()  # both are in the menu
    api = client.get("/api/v1/tickets/", {"segment": segment.pk}).json()["results"]
    assert {row["title"] for row in api} == {"gold", "gold too"}
    both = client.get("/api/v1/tickets/", {"segment": [segment.pk, asked["segment"]]}).json()["results"]
    assert len(both) == 3
    kind = kind_of("tickets")
    rows = list(kind.rows(manager, page.context["query"], "en"))
    assert [(row[0], row[1]) for row in rows] == [(tickets["silver"].pk, "silver")]
    assert len(rows[0]) == len(kind.columns)


def test_a_file_of_tickets_holds_no_more_than_the_person_sees(manager, tickets):
    titles = [row[1] for row in kind_of("tickets").rows(manager, "queue=all&sort=-opened", "en")]
    assert sorted(titles) == ["gold", "gold too", "silver"]  # neither the other branch nor the unknown caller


def test_a_segment_that_is_not_shared_narrows_nothing_and_says_so(sign_in, manager, colleague, save, tickets):
    theirs = save(by=colleague, shared=False)
    client = sign_in(manager)
    page = client.get(DESK, {"queue": "open", "segment": theirs.pk}).content.decode()
    assert "removed, or not shared with you" in page
    answer = client.get("/api/v1/tickets/", {"segment": theirs.pk})
    assert (answer.status_code, list(answer.json())) == (400, ["segment"])
    assert client.get("/api/v1/tickets/", {"segment": "gold"}).status_code == 400


def test_every_list_about_accounts_is_narrowed(sign_in, supervisor, manager, save, accounts, run):
    growing, steady, silver, _foreign = accounts
    for account in (growing, silver):
        Payment.objects.create(account=account, paid_on=NOW.date(), amount=100, channel="bank", receipt=f"R{account.pk}")
        Engagement.objects.create(account=account, kind="visit", subject="上门", planned_on=NOW.date(), by=manager)
        Prospect.objects.create(account=account, owner=manager, added_by=manager, added_at=NOW)
        LargeCustomer.objects.create(account=account, starts_on=NOW.date(), source="-", entered_by=manager)
        Membership.objects.create(account=account, monthly=1)
        Change.objects.create(run=run, account=account, tier_from="gold", tier_to="silver")
    segment, client = save(), sign_in(supervisor)
    found = {}
    for route in ROUTES:
        answer = client.get(f"/api/v1/{route}/", {"segment": segment.pk})
        assert answer.status_code == 200, (route, answer.content[:300])
        found[route] = {row.get("account", row["id"] if route == "accounts" else None) for row in answer.json()["results"]}
    narrowed = ("payments", "engagements", "prospects", "large-customers", "memberships", "changes")
    assert {route: found[route] for route in narrowed} == {route: {growing.pk} for route in narrowed}
    assert found["accounts"] == found["standings"] == {growing.pk, steady.pk}
    for name in PAGES:
        page = client.get(reverse(name), {"segment": segment.pk})
        assert page.status_code == 200, name
        text = page.content.decode()
        assert f'name="segment" value="{segment.pk}" checked' in text, name


@pytest.mark.parametrize("rows", [2, 40])
def test_a_narrowed_desk_costs_the_same_at_any_size(
    rows, sign_in, manager, save, accounts, calendar_for_today, django_assert_max_num_queries
):
    for number in range(rows):
        ticket(accounts[number % 2], f"{number}")
    segment, client = save(), sign_in(manager)
    client.get(DESK)
    with django_assert_max_num_queries(
        9
    ):  # person, rights (two), own queue, segments chosen and named, rows, count; the wall's counts are kept
        page = client.get(DESK, {"queue": "open", "segment": segment.pk})
    assert len(page.context["page"].rows) == rows


def test_filters_of_files_need_no_request(supervisor, save, accounts):
    segment = save()
    for name in ("tickets", "portfolio", "losses"):
        rows = list(kind_of(name).rows(supervisor, QueryDict(f"segment={segment.pk}").urlencode(), settings.LANGUAGE_CODE))
        assert len(rows) == (2 if name == "portfolio" else 0), name

"""What stands on the account, or on its tickets, is asked for on another way by who sees few accounts than by who sees all: the answer is the same."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.accounts import lookups
from crm.service_levels.models import Entitlement, ServiceLevel
from crm.tickets.models import Ticket
from tests.segmentation.portfolio.conftest import URL, numbers


def complain(account, **more):
    values = {"kind": "complaint", "category": "outage", "title": "Dark since noon", "opened_at": timezone.now()}
    return Ticket.objects.create(account=account, **(values | more))


def grant(account, granted_by):
    today = timezone.localdate()
    Entitlement.objects.create(
        account=account, level=ServiceLevel.objects.first(), starts_on=today, ends_on=today + dt.timedelta(days=9),
        granted_by=granted_by, granted_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("who", ["manager", "supervisor", "analyst"])
@pytest.mark.parametrize(
    "wanted",
    [{"category": "residential"}, {"voltage": "low"}, {"market_status": "retailer"}, {"category": "residential", "voltage": "low"}],
)
def test_a_mark_of_the_account_finds_the_same_for_all_who_see_it(request, who, wanted, sign_in, make_account, stand, west, stranger):
    borne = {"category": "residential", "voltage_kv": "0.4", "market_status": "retailer"}
    bearer, away = make_account(**borne), make_account(unit=west, manager=stranger, **borne)
    make_account(**borne)  # never judged: not in the list, whoever counts
    for account in (bearer, away, make_account()):
        stand(account)
    expected = {bearer.number, away.number} if who == "analyst" else {bearer.number}
    found = sign_in(request.getfixturevalue(who)).get(URL, wanted)
    assert set(numbers(found)) == expected
    assert (found.context["count"].number, found.context["count"].is_estimate) == (len(expected), False)


@pytest.mark.parametrize("few", [lookups.FEW, 3], ids=["few", "very many"])
@pytest.mark.parametrize("who", ["manager", "supervisor", "analyst"])
def test_accounts_with_an_open_complaint_are_those_one_sees_once_each(
    request, who, few, sign_in, make_account, stand, west, stranger, monkeypatch
):
    monkeypatch.setattr(lookups, "FEW", few)
    mine = [make_account() for _ in range(3)]
    away, quiet, answered = make_account(unit=west, manager=stranger), make_account(), make_account()
    for account in (*mine, away, quiet, answered):
        stand(account)
    for account in (*mine, mine[0], away):
        complain(account)
    complain(answered, state="closed", closed_at=timezone.now())
    complain(quiet, kind="inquiry")
    complain(None)
    found = sign_in(request.getfixturevalue(who)).get(URL, {"open_complaint": "true"})
    expected = [*mine, *([away] if who == "analyst" else [])]
    assert sorted(numbers(found)) == sorted(account.number for account in expected)


@pytest.mark.parametrize("few", [lookups.FEW, 1], ids=["few", "very many"])
@pytest.mark.parametrize("who", ["manager", "supervisor", "analyst"])
@pytest.mark.parametrize(
    "wanted",
    [
        {"q": "华鑫"}, {"category": "residential", "q": "华鑫", "voltage": "low"}, {"open_complaint": "true"}, {"credit_grade": "C"},
        {"tier": "diamond", "risk_band": "high"}, {"green_channel": "ending"}, {"quadrant": "potential_large", "usage_state": "stopped"},
    ],
)  # fmt: skip
def test_no_filter_costs_more_than_twelve_queries(request, who, few, wanted, sign_in, supervisor, make_account, stand, monkeypatch):
    monkeypatch.setattr(lookups, "FEW", few)
    marks = {"tier": "diamond", "risk_band": "high", "credit_grade": "C", "quadrant": "potential_large", "usage_state": "stopped"}
    for place in range(3):
        account = make_account(name=f"华鑫{place}", category="residential", voltage_kv="0.4")
        stand(account, **marks)
        complain(account)
        grant(account, supervisor)
    client = sign_in(request.getfixturevalue(who))
    client.get(URL, wanted)
    with CaptureQueriesContext(connection) as queries:
        found = client.get(URL, wanted)
    assert len(numbers(found)) == 3
    assert len(queries) <= 12

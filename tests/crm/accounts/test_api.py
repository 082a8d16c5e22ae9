"""The facts through the API: filters, rights, and a cost that does not grow with the rows."""

import pytest

from crm.billing.year import month_back
from tests.crm.accounts.conftest import LAST

LISTS = ["accounts", "customers", "contacts", "bills", "payments", "engagements", "units", "people", "audit", "saved-views"]


@pytest.mark.parametrize("route", LISTS)
def test_a_list_costs_the_same_at_two_sizes(sign_in, administrator, make_account, lived_in, cost_of, route):
    from crm.audit.services import record
    from crm.customers.models import Contact
    from crm.lists.services import save_view

    client, counts = sign_in(administrator), []
    for size in (2, 9):
        for number in range(size):
            account = lived_in(make_account(), 2)
            Contact.objects.create(customer=account.customer, name="x")
            record(by=administrator, did="noted", on=account)
            save_view(owner=administrator, page="crm:ticket-list", name=f"{size} {number}")
        assert client.get(f"/api/v1/{route}/").json()["results"]
        counts.append(cost_of(f"/api/v1/{route}/"))
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "residential"}, 1),
        ({"category": ["residential", "large_industrial"]}, 3),
        ({"unit": "3340101"}, 2),
        ({"unit": "33401"}, 3),
        ({"manager": "anna"}, 2),
        ({"manager": "none"}, 1),
        ({"status": "suspended"}, 1),
        ({"voltage_kv": "10"}, 2),
        ({"voltage_kv_min": "35"}, 1),
        ({"contract_kva_min": "600"}, 2),
        ({"q": "青山"}, 1),
        ({"number": "330"}, 3),
        ({"market_status": "retailer"}, 0),
    ],
)
def test_accounts_are_filtered(sign_in, administrator, make_account, west, query, found):
    make_account(category="residential", contract_kva=8, status="suspended")
    make_account(name="青山水泥有限公司")
    make_account(unit=west, manager=None, voltage_kv=110)
    assert len(sign_in(administrator).get("/api/v1/accounts/", query).json()["results"]) == found


def test_pages_of_bills_tell_every_bill_once(sign_in, manager, make_account, bill):
    for account in (make_account(), make_account()):
        for back in range(5):
            bill(account, month_back(LAST, back))
    client = sign_in(manager)
    for sort in ("account", "-account", "-period", "period"):
        seen, url = [], f"/api/v1/bills/?page_size=3&sort={sort}"
        while url:
            answer = client.get(url).json()
            seen += [(row["account"], row["period"]) for row in answer["results"]]
            url = answer["next"]
        assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("route", ["accounts", "bills", "payments", "engagements", "customers", "contacts"])
def test_what_is_out_of_reach_is_not_listed(sign_in, stranger, account, lived_in, route):
    lived_in(account, 1)
    assert sign_in(stranger).get(f"/api/v1/{route}/").json()["results"] == []


@pytest.mark.parametrize("action", ["", "usage-chart/", "bill-chart/", "timeline/", "alerts/", "arrears/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("colleague", 200),
        ("stranger", 404),
        ("supervisor", 200),
        ("agent", 200),
        ("analyst", 200),
        ("administrator", 200),
    ],
)
def test_the_parts_of_an_account_answer_those_who_may_see_it(request, sign_in, account, who, status, action):
    assert sign_in(request.getfixturevalue(who)).get(f"/api/v1/accounts/{account.pk}/{action}").status_code == status


def test_page_and_api_draw_the_same_chart(sign_in, manager, account, lived_in):
    lived_in(account, 14)
    client = sign_in(manager)
    assert client.get(f"/accounts/{account.pk}/charts/usage/").json() == client.get(f"/api/v1/accounts/{account.pk}/usage-chart/").json()
    assert client.get(f"/api/v1/accounts/{account.pk}/bill-chart/?view=none").status_code == 404


def test_arrears_say_how_old_the_debt_is_and_the_late_fee(sign_in, manager, account, bill):
    import datetime as dt

    from django.utils import timezone

    due = timezone.localdate() - dt.timedelta(40)
    bill(account, due_on=due, total=1000)
    answer = sign_in(manager).get(f"/api/v1/accounts/{account.pk}/arrears/").json()
    assert (answer["arrears"], answer["oldest_days"], answer["ageing"]["31-60"]) == ("1000.00", 40, "1000.00")
    assert float(answer["late_fee"]) >= 80

"""The account page: what it shows, what it costs, and to whom."""

import pytest
from django.urls import reverse

TABS = ["usage", "bills", "complaints", "service", "timeline"]


def page(account, tab=None, **query):
    return (
        reverse("crm:account-tab", args=[account.pk, tab], query=query)
        if tab
        else reverse("crm:account-detail", args=[account.pk], query=query)
    )


@pytest.mark.parametrize("tab", [None, *TABS])
def test_every_tab_has_an_address_that_answers_the_whole_page_or_its_panel_alone(sign_in, manager, account, lived_in, tab):
    client = sign_in(manager)
    lived_in(account, 3)
    whole = client.get(page(account, tab))
    assert whole.status_code == 200 and account.number in whole.content.decode()
    alone = client.get(page(account, tab), headers={"HX-Request": "true", "HX-Target": "panel"})
    assert alone.status_code == 200 and "<html" not in alone.content.decode()
    assert "HX-Request" in whole.headers["Vary"]


@pytest.mark.parametrize("tab", [None, *TABS])
def test_the_page_costs_the_same_for_a_long_life_as_for_a_short_one(sign_in, manager, make_account, lived_in, cost_of, tab):
    sign_in(manager)
    short, long = lived_in(make_account(), 2), lived_in(make_account(), 40)
    assert cost_of(page(short, tab)) == cost_of(page(long, tab)) <= 18


def test_stat_cards_compare_twelve_months_with_the_twelve_before(sign_in, manager, account, bill, make_account):
    from crm.billing.year import month_back
    from tests.crm.accounts.conftest import LAST

    for back in range(24):
        bill(account, month_back(LAST, back), kwh=80_000 if back < 12 else 100_000)
    text = sign_in(manager).get(page(account)).content.decode()
    assert "960 MWh" in text.replace("\u00a0", " ")
    assert "\u221220.0\u00a0% on the year before" in text
    assert "79\u00a0%" in text  # 500 kW of 630 kVA


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
@pytest.mark.parametrize("name", ["account-detail", "account-alerts", "account-contacts"])
def test_the_page_answers_those_who_may_see_the_account(request, sign_in, account, who, status, name):
    assert sign_in(request.getfixturevalue(who)).get(reverse(f"crm:{name}", args=[account.pk])).status_code == status


@pytest.mark.parametrize("which", ["usage", "bills", "composition", "demand"])
def test_charts_answer_the_contract(sign_in, manager, account, lived_in, which):
    lived_in(account, 30)
    chart = sign_in(manager).get(reverse("crm:account-chart", args=[account.pk, which])).json()
    assert {"kind", "title", "unit", "x", "series"} <= set(chart)
    assert chart["series"] and all(len(series["values"]) == len(chart["x"]["values"]) for series in chart["series"])


def test_the_usage_chart_has_last_year_as_a_line_and_a_gap_where_no_bill_is(sign_in, manager, account, bill):
    import datetime as dt

    bill(account, dt.date(2025, 10, 1), kwh=70_000)
    bill(account, dt.date(2026, 8, 1))
    bill(account, dt.date(2026, 10, 1))
    chart = sign_in(manager).get(reverse("crm:account-chart", args=[account.pk, "usage"])).json()
    by_key = {series.get("key", series.get("kind")): series["values"] for series in chart["series"]}
    assert chart["x"]["values"][-1] == "2026-10" and len(chart["x"]["values"]) == 13
    assert by_key["peak"][-2] is None and by_key["peak"][-1] == 50_000
    assert by_key["line"][-1] == 70_000


def test_the_page_is_found_no_further_than_its_last_page(sign_in, manager, account):
    assert sign_in(manager).get(page(account, "usage", cursor="nonsense")).status_code == 404
    assert sign_in(manager).get(page(account, "timeline", cursor="nonsense")).status_code == 404
    assert sign_in(manager).get(f"{page(account)}nothing/").status_code == 404


def test_overdue_bills_and_open_complaints_light_the_alerts(sign_in, manager, account, bill):
    import datetime as dt

    from django.utils import timezone

    from crm.tickets.models import Ticket

    bill(account, due_on=dt.date(2026, 1, 1), adjustment=-5)
    Ticket.objects.create(
        account=account, category="service", title="x", opened_at=timezone.now(), answer_due_at=timezone.now() + dt.timedelta(hours=2)
    )
    text = sign_in(manager).get(reverse("crm:account-alerts", args=[account.pk])).content.decode()
    assert "Arrears ¥\u00a073,750.00" in text and "answer due in 1" in text
    assert "Power-factor penalty" not in text

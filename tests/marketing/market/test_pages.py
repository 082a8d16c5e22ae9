"""The market watch: what it counts, what it shows to whom, what its API takes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from marketing.market import counting, exports
from marketing.market.models import LossNote, Rival


@pytest.fixture
def losses(make_account, manager, stranger, west):
    """Three of Anna's county, one of another branch: causes price, price, supply and price."""
    today, at = timezone.localdate(), timezone.now()
    rival = Rival.objects.filter(kind="competitor").first()
    places = [("price", manager, None), ("price", manager, None), ("supply", manager, None), ("price", stranger, west)]
    return LossNote.objects.bulk_create(
        LossNote(
            account=make_account(manager=who, **({"unit": unit} if unit else {})), lost_on=today - dt.timedelta(days=place), outcome="switched",
            cause=cause, competitor=rival if place == 0 else None, revenue_12m_fen=100_00, noted_by=who, noted_at=at,
        )
        for place, (cause, who, unit) in enumerate(places)
    )  # fmt: skip


def test_losses_are_counted_by_cause_rival_area_and_month(losses, supervisor, analyst):
    seen, every = LossNote.objects.visible_to(supervisor), LossNote.objects.visible_to(analyst)
    assert counting.totals(seen) == {"losses": 3, "accounts": 3, "revenue_fen": 300_00}
    assert counting.by_cause(seen)["series"][0]["values"] == [2, 1]
    rivals = counting.by_rival(seen, "competitor")
    assert (rivals["series"][0]["values"], rivals["note"]) == ([1], "2 losses name none.")
    assert counting.by_area(every, under=None)["x"]["values"] == ["East Branch", "Riverside Branch"]
    assert counting.by_area(every, under=None)["series"][0]["values"] == [3, 1]
    months = counting.by_month(seen, today=timezone.localdate())
    assert sum(sum(series["values"]) for series in months["series"]) == 3 and len(months["x"]["values"]) == 12


def test_page_charts_and_export_keep_to_filters_and_reach(losses, sign_in, supervisor):
    browser = sign_in(supervisor)
    page = browser.get(reverse("marketing:market-watch"), {"cause": "supply"}).content.decode()
    assert losses[2].account.number in page and losses[0].account.number not in page
    chart = browser.get(reverse("marketing:market-chart", args=["causes"]), {"cause": "supply"}).json()
    assert chart["series"][0]["values"] == [1]
    assert [row[0] for row in exports.rows(supervisor, "cause=price", "en")] == [losses[0].account.number, losses[1].account.number]


def test_a_longer_list_costs_no_more_queries(losses, make_account, sign_in, supervisor, manager, count_queries):
    browser, url, counts = sign_in(supervisor), reverse("marketing:market-watch"), []
    for _ in range(2):
        browser.get(url)
        with count_queries() as queries:
            assert browser.get(url).status_code == 200
        counts.append(len(queries))
        for _ in range(5):
            account = make_account()
            LossNote.objects.create(
                account=account, lost_on=timezone.localdate(), outcome="closed", cause="price", noted_by=manager, noted_at=timezone.now()
            )
    assert counts[0] == counts[1] <= 20, counts


def test_a_program_notes_and_withdraws(account, api, manager):
    client = api(manager)
    values = {"account": account.pk, "lost_on": timezone.localdate(), "outcome": "closed", "cause": "offer"}
    refused = client.post("/api/v1/losses/", values, format="json")
    assert refused.status_code == 409 and refused.json()["code"] == "whose_offer"
    made = client.post("/api/v1/losses/", values | {"cause": "relocation"}, format="json")
    assert made.status_code == 201
    assert client.post(f"/api/v1/losses/{made.json()['id']}/withdraw/").json()["withdrawn_at"]
    assert client.get("/api/v1/losses/").json()["results"] == []

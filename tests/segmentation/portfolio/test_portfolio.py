"""The list managers live in."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts import lookups
from crm.exports.registry import kind_of
from crm.service_levels.models import Entitlement, ServiceLevel
from marketing.green_channel.models import Proposal
from tests.segmentation.portfolio.conftest import URL, numbers


def test_rows_are_sorted_by_value_with_the_unscored_last(sign_in, manager, make_account, stand):
    low, high, none = make_account(), make_account(), make_account()
    stand(low, value_score=10)
    stand(high, value_score=90)
    stand(none, value_score=None, tier="")
    assert numbers(sign_in(manager).get(URL, {"sort": "-value"})) == [high.number, low.number, none.number]


@pytest.mark.parametrize("sort", ["-value", "value", "-risk", "-revenue", "growth"])
def test_walking_the_pages_meets_every_account_once_and_back_again(sign_in, manager, make_account, stand, sort):
    for n in range(53):
        stand(
            make_account(),
            value_score=None if n % 10 == 0 else n % 7,
            risk_score=n % 3,
            revenue_12m_fen=n // 2,
            growth=None if n % 4 else n,
        )
    client = sign_in(manager)
    first = client.get(URL, {"sort": sort})
    second = client.get(URL, {"sort": sort, "cursor": first.context["page"].next_cursor})
    assert len(set(numbers(first)) | set(numbers(second))) == 53
    assert second.context["page"].next_cursor is None
    back = client.get(URL, {"sort": sort, "cursor": second.context["page"].previous_cursor})
    assert numbers(back) == numbers(first)


@pytest.mark.parametrize("rows", [2, 40])
@pytest.mark.parametrize("who", ["manager", "supervisor", "agent", "analyst", "administrator"])
def test_the_portfolio_costs_the_same_at_any_size(request, who, rows, sign_in, make_account, stand, django_assert_max_num_queries):
    for _ in range(rows):
        stand(make_account())
    client = sign_in(request.getfixturevalue(who))
    with django_assert_max_num_queries(17):  # on a cold cache: counts of the rail and names of segments are kept
        response = client.get(URL)
    assert len(numbers(response)) == rows
    assert len(response.content) < 150_000


def test_filters_live_in_the_address_and_narrow_the_list(sign_in, manager, make_account, stand):
    gold, silver = make_account(), make_account(category="residential", voltage_kv="0.22")
    stand(gold, tier="gold", risk_band="high", arrears_fen=5)
    stand(silver, tier="silver")
    client = sign_in(manager)
    for query, expected in {
        "tier=gold": [gold], "tier=gold&tier=silver": [gold, silver], "risk_band=high": [gold], "category=residential": [silver],
        "voltage=high": [gold], "arrears=true": [gold], f"q={silver.number}": [silver], "q=hxjmzz": [gold, silver], "mine=true": [gold, silver],
    }.items():  # fmt: skip
        assert sorted(numbers(client.get(f"{URL}?{query}"))) == sorted(account.number for account in expected), query


def test_an_unknown_filter_value_is_said_and_does_not_break_the_page(sign_in, manager, make_account, stand):
    stand(make_account())
    response = sign_in(manager).get(URL, {"tier": "wooden"})
    assert response.status_code == 200
    assert "not understood" in response.content.decode()


def test_a_broken_cursor_shows_the_first_page(sign_in, manager, make_account, stand):
    stand(make_account())
    assert len(numbers(sign_in(manager).get(URL, {"cursor": "nonsense"}))) == 1


def test_moved_up_means_in_the_run_in_force(sign_in, manager, make_account, stand, move):
    risen, fallen, same = make_account(), make_account(), make_account()
    for account, tier in ((risen, "gold"), (fallen, "silver"), (same, "gold")):
        stand(account, tier=tier)
    move(risen, "silver", "gold")
    move(fallen, "gold", "silver")
    client = sign_in(manager)
    assert numbers(client.get(URL, {"moved": "up"})) == [risen.number]
    assert numbers(client.get(URL, {"moved": "down"})) == [fallen.number]


def test_a_green_channel_in_force_shows_with_its_days_left(sign_in, manager, supervisor, account, stand):
    stand(account)
    today = dt.date.today()
    level = ServiceLevel.objects.get_or_create(code="green", defaults={"name": "绿色通道"})[0]
    Entitlement.objects.create(
        account=account,
        level=level,
        starts_on=today,
        ends_on=today + dt.timedelta(days=3),
        granted_by=supervisor,
        granted_at=dt.datetime.now(dt.UTC),
    )
    client = sign_in(manager)
    assert "Active" in client.get(URL, {"green_channel": "active"}).content.decode()
    assert numbers(client.get(URL, {"green_channel": "none"})) == []


def test_residents_names_are_masked_for_an_analyst_and_cannot_be_found_by_phone(sign_in, analyst, make_account, stand):
    stand(make_account(name="李明", name_en="", kind="person", phone="13805710000"))
    client = sign_in(analyst)
    page = client.get(URL).content.decode()
    assert "李*" in page
    assert "李明" not in page
    assert numbers(client.get(URL, {"q": "13805710000"})) == []
    assert client.get("/api/v1/standings/").json()["results"][0]["customer"] == "李*"


def test_the_api_gives_the_same_rows_as_the_page(sign_in, manager, make_account, stand):
    for revenue in (5, 50):
        stand(make_account(), revenue_12m_fen=revenue)
    client = sign_in(manager)
    assert [row["number"] for row in client.get("/api/v1/standings/").json()["results"]] == numbers(client.get(URL))


def test_neighbours_walk_inside_the_filtered_list(sign_in, manager, make_account, stand):
    accounts = [make_account() for _ in range(3)]
    for account, revenue in zip(accounts, (90, 50, 10), strict=True):
        stand(account, revenue_12m_fen=revenue)
    page = sign_in(manager).get(reverse("segmentation:account-neighbours", args=[accounts[1].pk])).content.decode()
    assert f"/accounts/{accounts[0].pk}/" in page
    assert f"/accounts/{accounts[2].pk}/" in page


def test_an_export_holds_the_filtered_rows_of_what_its_owner_may_see_in_the_pages_order(manager, make_account, west, stand):
    small, large, foreign = make_account(), make_account(), make_account(unit=west, manager=None)
    stand(small, tier="gold", revenue_12m_fen=100_00)
    stand(large, tier="gold", revenue_12m_fen=900_00)
    stand(foreign, tier="gold")
    stand(make_account(), tier="silver")
    rows = list(kind_of("portfolio").rows(manager, "tier=gold", "en"))
    assert [(row[0], row[15]) for row in rows] == [(large.number, 900), (small.number, 100)]


def test_an_export_masks_private_people_for_an_analyst(analyst, make_account, stand):
    stand(make_account(name="李明", name_en="", kind="person"))
    assert next(kind_of("portfolio").rows(analyst, "", "en"))[1] == "李*"


def test_a_waiting_proposal_is_marked(sign_in, manager, account, stand):
    stand(account)
    today = dt.date.today()
    level = ServiceLevel.objects.get(code="green")
    Proposal.objects.create(
        account=account, level=level, starts_on=today, ends_on=today, reason="Key", proposed_by=manager, proposed_at=dt.datetime.now(dt.UTC)
    )
    assert "Proposed" in sign_in(manager).get(URL).content.decode()


def test_rows_kept_by_the_process_show_what_each_reader_may_read_and_every_change(manager, analyst, make_account, stand):
    account = make_account(name="李明", name_en="", kind="person")
    standing = stand(account, tier="gold", value_score=71, spark_kwh=[1, 2, 3])
    plain, masked = Client(), Client()
    plain.force_login(manager)
    masked.force_login(analyst)
    for _ in range(2):
        assert "李明" in plain.get(URL).content.decode()
        page = masked.get(URL).content.decode()
        assert "李明" not in page
        assert f"/accounts/{account.pk}/?from=sort%3Dvalue" in masked.get(f"{URL}?sort=value").content.decode()
    drawn = []
    for change in ({"tier": "silver"}, {"value_score": 72}, {"spark_kwh": [3, 2, 1]}, {"risk_band": "high"}, {"arrears_fen": 9}):
        type(standing).objects.filter(pk=standing.pk).update(**change)
        response = plain.get(f"{URL}?columns=tier&columns=value&columns=spark&columns=risk&columns=arrears")
        drawn.append(str(response.context["body"]))
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("few", [2, 4], ids=["the reader sees very many", "the reader sees few"])
@pytest.mark.parametrize("who", ["manager", "supervisor", "analyst"])
def test_a_word_of_very_many_is_found_in_those_the_reader_sees_and_counted_once_only(
    request, who, few, sign_in, make_account, stand, west, stranger, monkeypatch
):
    """More than `FEW` accounts bear it; those of another branch are nobody's here but the analyst's."""
    monkeypatch.setattr(lookups, "FEW", few)
    bearers = [make_account(name=f"华鑫{place}", number=f"770000000{place}") for place in range(3)]
    away = [make_account(name=f"华鑫远方{place}", number=f"770000001{place}", unit=west, manager=stranger) for place in range(3)]
    for place, account in enumerate([*bearers, *away, make_account(name="兰亭酒店")]):
        stand(account, value_score=place)
    client, asked = sign_in(request.getfixturevalue(who)), []
    expected = list(reversed([*bearers, *(away if who == "analyst" else [])]))
    for query in ({"q": "华鑫", "sort": "-value"}, {"q": "华鑫", "sort": "value"}):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(URL, query)
        asked.append(sum('"crm_account"."search_public"::text LIKE' in one["sql"] for one in queries.captured_queries))
        assert numbers(found) == [one.number for one in (expected if query["sort"] == "-value" else reversed(expected))]
    assert asked == ([0, 0] if few == 4 and who != "analyst" else [1, 0])  # where few are seen, each of them is looked into


def test_a_word_of_few_is_looked_for_among_those_the_reader_sees(sign_in, supervisor, make_account, stand, west, stranger):
    mine, away = make_account(name="华鑫铸造"), make_account(name="华鑫远方", unit=west, manager=stranger)
    stand(mine)
    stand(away)
    assert numbers(sign_in(supervisor).get(URL, {"q": "华鑫"})) == [mine.number]

"""The measured difference: medians with and without, matched by kind, honest where there are too few."""

import datetime as dt

import pytest
from django.urls import reverse

from crm.service_levels import services as service_levels
from crm.tickets.models import Ticket
from marketing.green_channel import effect
from marketing.green_channel.rules import Row, Side, matched


@pytest.fixture
def entitlement(account, level, supervisor, now):
    starts, ends = now.date() - dt.timedelta(days=100), now.date() + dt.timedelta(days=100)
    return service_levels.grant(account=account, level=level, starts_on=starts, ends_on=ends, by=supervisor, at=now)


@pytest.fixture
def answered(now):
    """`answered(account, [hours, …])`: complaints answered after so many hours, due after a day; those of `entitlement` with it."""

    def log(account, hours, entitlement=None, days_ago=50, kind="complaint"):
        opened = now - dt.timedelta(days=days_ago)
        day = dt.timedelta(days=1)
        Ticket.objects.bulk_create(
            Ticket(
                account=account, kind=kind, category="outage", title="T", opened_at=opened, answered_at=opened + dt.timedelta(hours=taken),
                answer_due_at=opened + day, state="answered", entitlement=entitlement,
            )
            for taken in hours
        )  # fmt: skip

    return log


def test_medians_are_matched_by_kind_and_told_with_their_number(answered, account, make_account, entitlement, supervisor, now):
    answered(account, [2, 4, 6, 8, 30], entitlement)
    answered(make_account(), [10, 20, 30, 40, 50, 60])
    answered(make_account(), [1], kind="enquiry")
    [row] = effect.of_everyone(user=supervisor, at=now)
    assert (row.kind, row.green, row.plain) == ("complaint", Side(5, 6.0, 0.8), Side(6, 35.0, 2 / 6))
    assert (row.sooner_hours, matched([row])) == (29.0, (29.0, 5))


def test_too_few_tickets_say_nothing(answered, account, make_account, entitlement, supervisor, now):
    answered(account, [2, 4, 6, 8], entitlement)
    answered(make_account(), [10] * 9)
    [row] = effect.of_everyone(user=supervisor, at=now)
    assert (row.sooner_hours, matched([row])) == (None, (None, 0))


def test_each_kind_weighs_by_its_green_tickets():
    rows = [
        Row("a", Side(30, 10.0, 1), Side(9, 20.0, 1)),
        Row("b", Side(10, 10.0, 1), Side(9, 50.0, 1)),
        Row("c", Side(4, 1.0, 1), Side(9, 99.0, 1)),
    ]
    assert matched(rows) == (17.5, 40)


def test_one_green_channel_is_compared_with_the_year_before_and_with_its_neighbours(
    answered, account, make_account, entitlement, supervisor, stranger, west, now
):
    answered(account, [5] * 5, entitlement)
    answered(account, [25] * 5, days_ago=200)
    answered(account, [99] * 5, days_ago=600)
    answered(make_account(), [45] * 5)
    answered(make_account(unit=west, manager=stranger), [99] * 5)
    found = effect.of_one(entitlement=entitlement, user=supervisor)
    assert {name: matched(rows) for name, rows in found.items()} == {"before": (20.0, 5), "others": (40.0, 5)}


def test_what_lies_out_of_reach_is_not_measured(answered, account, entitlement, stranger, now):
    answered(account, [5] * 5, entitlement)
    assert effect.of_everyone(user=stranger, at=now) == []


def test_pages_and_api_tell_the_same(answered, account, make_account, entitlement, sign_in, supervisor):
    answered(account, [2, 4, 6, 8, 30], entitlement)
    answered(make_account(), [10, 20, 30, 40, 50, 60])
    client = sign_in(supervisor)
    assert "29.0 h sooner" in client.get(reverse("marketing:channel-effect"), headers={"HX-Request": "true"}).content.decode()
    assert "29.0 h sooner" in client.get(reverse("marketing:entitlement-effect", args=[entitlement.pk])).content.decode()
    told = client.get("/api/v1/channel-effect/").json()["everyone"]
    assert (told["sooner_hours"], told["tickets"], told["kinds"][0]["plain"]["n"]) == (29.0, 5, 6)
    assert client.get("/api/v1/channel-effect/", {"entitlement": entitlement.pk}).json()["others"]["sooner_hours"] == 29.0
    chart = client.get(reverse("marketing:channel-effect-chart")).json()
    assert [series["values"] for series in chart["series"]] == [[6.0], [35.0]]


def test_the_page_of_a_green_channel_shows_its_effect_on_the_clocks_and_counts_a_use(entitlement, sign_in, manager):
    client = sign_in(manager)
    page = client.get(reverse("marketing:entitlement-detail", args=[entitlement.pk]))
    shown = [(kind, green.name_en, plain.name_en) for kind, severity, green, plain in page.context["clocks"] if not severity]
    assert ("Complaint", "Green channel, complaint", "Complaint") in shown
    assert (
        client.post(reverse("marketing:entitlement-use", args=[entitlement.pk]), {"service": "short_clock", "note": "Hotline"}).status_code
        == 302
    )
    assert entitlement.uses.get().note == "Hotline"


@pytest.mark.parametrize("rows", [2, 30])
def test_the_list_of_green_channels_costs_the_same_at_any_size(
    rows, sign_in, supervisor, make_account, level, now, django_assert_max_num_queries
):
    for _ in range(rows):
        service_levels.grant(
            account=make_account(), level=level, services=["short_clock"], quotas={"short_clock": 3}, starts_on=now.date(),
            ends_on=now.date() + dt.timedelta(days=9), by=supervisor, at=now,
        )  # fmt: skip
    client = sign_in(supervisor)
    client.get(reverse("marketing:entitlement-list"))
    with django_assert_max_num_queries(9):
        page = client.get(reverse("marketing:entitlement-list"), {"ending": 30})
    assert len(page.context["page"].rows) == rows


@pytest.mark.parametrize(
    ("query", "found"), [("state=in_force", 1), ("state=to_come", 0), ("ending=30", 0), ("used_up=true", 0), ("all=1", 1)]
)
def test_the_list_is_narrowed_by_state_end_and_quota(query, found, entitlement, sign_in, supervisor):
    page = sign_in(supervisor).get(f"{reverse('marketing:entitlement-list')}?{query}")
    assert len(page.context["page"].rows) == found

"""The supervisor's wall: each open ticket in its tile, and a tile leads to the tickets it counts."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from crm.tickets import services as tickets
from crm.tickets.models import Ticket
from tests.crm.moments import moment

NOON = moment("2026-11-23 12:00")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def due(log):
    """`due(minutes)`: an open ticket whose answer is due that many minutes from noon."""

    def make(minutes, **more):
        ticket = log(**more)
        Ticket.objects.filter(pk=ticket.pk).update(answer_due_at=NOON + dt.timedelta(minutes=minutes))
        return ticket

    return make


def wall(client, **query):
    cache.clear()
    return client.get(reverse("api:wall-list"), query).json()


def test_tickets_stand_in_the_tile_of_their_risk(sign_in, supervisor, due, agent):
    for minutes in (-5, 10, 120, 5000, 6000):
        due(minutes)
    tickets.wait(ticket=due(-9), text="x", by=agent, at=NOON)
    counted = wall(sign_in(supervisor))["counted"]
    risks = {name: number for name, number in counted.items() if name.startswith("risk_")}
    assert risks == {"risk_late": 1, "risk_hour": 1, "risk_today": 1, "risk_later": 2, "risk_paused": 1, "risk_undated": 0}
    assert (counted["total"], counted["state_waiting"], counted["age_today"]) == (6, 1, 6)


def test_each_tile_leads_to_the_tickets_it_counts(sign_in, supervisor, due):
    for minutes in (-5, -6, 10, 120, 5000):
        due(minutes)
    client = sign_in(supervisor)
    page = client.get(reverse("crm:wall")).content.decode()
    tiles = re.findall(r'class="wall-tile[^"]*" href="([^"]+)"><b>(\d+)</b><span>([^<]+)', page)
    assert ("2", "Overdue") in [(number, label) for _url, number, label in tiles]
    for url, number, label in tiles:
        rows = client.get(url.replace("&amp;", "&")).content.decode().count("data-row-link")
        assert rows == int(number), label


def test_a_supervisor_sees_their_own_subtree_and_no_other_unit(sign_in, supervisor, due, make_account, west, stranger, east):
    due(-5)
    due(-5, account=make_account(unit=west, manager=stranger))
    client = sign_in(supervisor)
    found = wall(client)
    assert found["counted"]["risk_late"] == 1
    assert [row["unit"] for row in found["units"]] == [east.code]
    assert client.get(reverse("crm:wall"), {"unit": west.pk}).status_code == 404
    assert client.get(reverse("crm:wall"), {"unit": "x"}).status_code == 404
    assert wall(client, unit=east.pk)["counted"]["risk_late"] == 1


def test_the_wall_costs_the_same_for_few_and_many_and_nothing_while_it_is_kept(
    sign_in, administrator, due, django_assert_num_queries, django_assert_max_num_queries
):
    due(-5)
    client = sign_in(administrator)
    url = reverse("crm:wall")
    with django_assert_max_num_queries(20) as first:
        client.get(url, headers={"HX-Request": "true"})
    for minutes in range(12):
        due(minutes)
    cache.delete("wall:all")
    with django_assert_max_num_queries(len(first)):
        client.get(url, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(4):
        client.get(url, headers={"HX-Request": "true"})


def test_the_large_screen_is_dark_unless_told_otherwise_and_asks_for_itself(sign_in, supervisor, due):
    client = sign_in(supervisor)
    dark = client.get(reverse("crm:wall"), {"screen": "1"}).content.decode()
    assert 'data-screen-theme="dark"' in dark
    assert 'hx-trigger="every 30s"' in dark
    assert 'data-screen-theme="light"' in client.get(reverse("crm:wall"), {"screen": "1", "theme": "light"}).content.decode()

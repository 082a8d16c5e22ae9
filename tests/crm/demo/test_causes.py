"""What happens has reasons: drawn without a database, large enough that chance does not decide."""

from types import SimpleNamespace

import numpy as np
import pytest

from crm.demo import causes, supply, tickets
from crm.demo.plan import pick
from crm.demo.supply import FARM, GENERAL, LARGE, OWING, RESIDENT, Story
from tests.crm.demo.conftest import a_plan

STATIONS = 200
PLAN = a_plan(accounts=40_000, months=24)


@pytest.fixture(scope="module")
def drawn():
    random = np.random.default_rng(3)
    rows = PLAN.accounts
    organisation = SimpleNamespace(station_ids=np.arange(STATIONS), station_kinds=np.where(np.arange(STATIONS) % 3, "urban", "rural"))
    category = pick(random, [0.1, 0.3, 0.5, 0.1], rows)
    station, payer = random.integers(0, STATIONS, rows), pick(random, [0.86, 0.09, 0.03, 0.02], rows)
    kva = np.where(category == LARGE, 1250.0, 60.0)
    trade = causes.trades(random, category)
    power, hardship = causes.outages(PLAN, organisation), causes.hardship(PLAN, trade)
    story, event = supply._stories(random, PLAN, power, category, station, kva, payer, hardship)
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "random"})


def test_shares_of_the_stories_are_the_wanted_ones(drawn):
    found = np.bincount(drawn.story, minlength=len(supply.STORIES)) / len(drawn.story)
    assert found == pytest.approx(supply.STORIES, abs=0.006)


def test_weak_lines_drive_firms_away(drawn):
    hours = drawn.power.hours_by_station(STATIONS)[drawn.station]
    left = np.isin(drawn.story, [Story.SWITCHED, Story.SELF_SUPPLY])
    firms = np.isin(drawn.category, [LARGE, GENERAL])
    weak, strong = hours > np.quantile(hours, 0.75), hours < np.quantile(hours, 0.25)
    assert left[firms & weak].mean() > 2 * left[firms & strong].mean()
    assert not left[~firms].any()


def test_who_never_pays_closes_more_often(drawn):
    ended = np.isin(drawn.story, [Story.STOP, Story.CLOSED])
    assert ended[drawn.payer == OWING].mean() > 2 * ended[drawn.payer != OWING].mean()


def test_trades_in_trouble_shrink_and_others_grow(drawn):
    poor, rich = drawn.hardship > 1.5, (drawn.hardship < 0.7) & (drawn.trade >= 0)
    faded, grown = drawn.story == Story.FADING, drawn.story == Story.GROWTH
    assert faded[poor].mean() > faded[rich].mean()
    assert grown[rich].mean() > grown[poor].mean()


def test_departures_come_in_the_months_after_an_outage(drawn):
    """Of those tired of their supply more than half go one to three months after an outage of their station; of others, as it falls out."""
    month = drawn.power.day.astype("datetime64[M]").astype(int) - PLAN.periods[0].astype(int)
    happened = np.zeros((STATIONS, 40), bool)
    for ago in (1, 2, 3):
        happened[drawn.power.station, month + ago] = True
    after = happened[drawn.station, drawn.event]
    tired = np.isin(drawn.story, [Story.FADING, Story.SWITCHED, Story.SELF_SUPPLY])
    assert after[tired].mean() > after[~tired].mean() + 0.2


def test_complaints_about_outages_follow_outages(drawn):
    rows, opened, line = tickets._outages(np.random.default_rng(4), SimpleNamespace(station=drawn.station, outages=drawn.power))
    kind = np.array([text[0] for text in tickets.LINES])[line]
    assert 0.1 < (kind == "complaint").mean() < 0.5
    days = {station: drawn.power.day[drawn.power.station == station] for station in range(STATIONS)}
    for row, moment in list(zip(rows, opened, strict=True))[-300:]:
        ago = moment.astype("datetime64[D]") - days[drawn.station[row]]
        assert ((ago >= np.timedelta64(0, "D")) & (ago < np.timedelta64(7, "D"))).any()


def test_the_third_outage_in_three_months_is_known():
    day = np.array(["2026-01-01", "2026-02-01", "2026-03-01", "2026-01-01", "2026-01-02"], "datetime64[D]")
    power = causes.Outages(np.array([0, 0, 0, 1, 1]), day, np.ones(5), np.zeros(5, bool))
    assert tickets._again_and_again(power).tolist() == [False, False, True, False, False]


def test_homes_and_farms_never_change_their_supplier(drawn):
    assert not (drawn.story[np.isin(drawn.category, [RESIDENT, FARM])] == Story.SWITCHED).any()

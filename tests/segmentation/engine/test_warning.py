"""The early warning: states, outcomes and the seasons that are no alarm."""

import datetime as dt
import json

import pytest

from segmentation.engine.usage import STATES
from segmentation.engine.warning import RULE_BASED

from .facts import AS_OF, bills, judged, tables

STEADY = [1000] * 36
SUMMER_ONLY = [0, 0, 0, 0, 50, 900, 1000, 900, 50, 0, 0, 0]  # January to December


def standing(monthly, as_of=AS_OF, others=(), **account):
    given = tables([{"account_id": 1, **account}], bills(1, monthly), **dict(others))
    return judged(given, as_of=as_of)[1]


def codes(row):
    return [it[0] for it in json.loads(row["reasons"]).get("risk", [])]


COURSES = (
    (STEADY, "active"),
    ([1000] * 35 + [0], "stopped"),
    ([1000] * 20 + [0] * 16, "stopped"),
    ([1000] * 30 + [10] * 6, "collapsed"),
    ([1000] * 15 + [10] * 21, "collapsed"),
    ([1000] * 30 + [10] * 4 + [900] * 2, "returned"),
    ([1000] * 10 + [0] * 24 + [900] * 2, "returned"),
    ([1000] * 24 + [700] * 12, "fading"),
    ([0] * 36, "dormant"),
    ([1000] * 35 + [None], "unknown"),
)


@pytest.fixture(scope="module")
def courses():
    """Standing of one account per course of use."""
    rows = [row for number, (monthly, _) in enumerate(COURSES) for row in bills(number, monthly)]
    return judged(tables(range(len(COURSES)), rows))


@pytest.mark.parametrize("number", range(len(COURSES)))
def test_every_course_of_use_has_its_state(courses, number):
    assert courses[number]["usage_state"] == COURSES[number][1]
    assert courses[number]["usage_state"] in STATES


def test_an_account_that_is_down_is_never_low_risk(courses):
    down = [it for it in courses.values() if it["usage_state"] in ("stopped", "collapsed")]
    assert len(down) == 4
    assert {it["risk_band"] for it in down} == {"high"}


def test_a_young_account_is_new_and_a_closed_one_closed():
    assert standing([500] * 3, opened_on=dt.date(2026, 8, 1))["usage_state"] == "new"
    closed = standing(STEADY, closed_on=dt.date(2026, 10, 1))
    assert (closed["usage_state"], closed["risk_score"], closed["risk_band"], closed["tier"]) == ("closed", None, "unknown", "unscored")


@pytest.mark.parametrize("month", [1, 5, 7, 10])
def test_an_idle_season_is_no_alarm_in_any_month_of_the_third_year(month):
    year = [*SUMMER_ONLY, *SUMMER_ONLY, *SUMMER_ONLY[:month]]
    as_of = (dt.date(2026, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    row = judged(tables([1], bills(1, year, last=as_of.replace(day=1))), as_of=as_of)[1]
    assert (row["usage_state"], row["risk_band"]) == ("active", "low")


def test_a_season_that_does_not_come_is_an_alarm():
    late_june = [*SUMMER_ONLY, *SUMMER_ONLY, *[0] * 6]
    row = judged(tables([1], bills(1, late_june, last=dt.date(2026, 6, 1))), as_of=dt.date(2026, 6, 30))[1]
    assert (row["usage_state"], row["risk_band"]) == ("stopped", "high")


def test_steady_use_is_low_risk_without_a_reason():
    row = standing(STEADY)
    assert (row["risk_score"], row["risk_band"], row["risk_outcome"], row["headline_code"]) == (0.0, "low", None, "")


def test_the_deeper_the_fall_the_higher_the_risk():
    lows = (1000, 900, 800, 700, 600, 500, 400)
    found = judged(tables(range(len(lows)), [row for it, kwh in enumerate(lows) for row in bills(it, [1000] * 33 + [kwh] * 3)]))
    risks = [found[it]["risk_score"] for it in range(len(lows))]
    assert risks == sorted(risks)
    assert len(set(risks)) == len(risks)


def test_a_stopped_account_points_to_closing_and_a_fading_one_to_decline(courses):
    assert [courses[it]["risk_outcome"] for it in (1, 7)] == ["closed", "declined"]


def test_a_fall_at_an_account_with_its_own_generation_is_self_supply():
    row = standing([1000] * 30 + [600] * 6, has_pv=True)
    assert row["risk_outcome"] == "self_supply"
    assert "self_supply" in codes(row)


def test_a_contract_about_to_end_points_to_switching_only_where_one_can_switch():
    ends = {"contract_ends_on": AS_OF + dt.timedelta(days=20)}
    row = standing(STEADY, market_status="retailer", **ends)
    assert (row["risk_outcome"], codes(row), row["contract_days_left"]) == ("switched", ["contract_end"], 20)
    assert standing(STEADY, market_status="regulated", **ends)["risk_score"] == 0


def test_demand_under_what_is_billed_anyway_points_to_reduction():
    rows = [{**it, "max_demand_kw": 100.0} for it in bills(1, STEADY)]
    given = tables([{"account_id": 1, "contract_kva": 1000.0}, {"account_id": 2, "contract_kva": 300.0}], rows)
    assert judged(given)[1]["risk_outcome"] == "reduced"


def test_complaints_raise_the_risk_by_their_number():
    days = [dt.datetime(2026, 9, 1), dt.datetime(2026, 9, 2)]
    tickets = [
        {"account_id": it, "kind": "complaint", "opened_at": day, "closed_at": dt.datetime(2026, 10, 1)}
        for it in (1, 2)
        for day in days[:it]
    ]
    found = judged(tables([0, 1, 2], [row for it in range(3) for row in bills(it, STEADY)], tickets=tickets))
    assert [found[it]["risk_score"] for it in range(3)] == [0.0, 6.0, 12.0]


def test_having_steadied_below_the_base_year_weighs_half():
    falling = standing([1000] * 12 + [500] * 24)
    assert json.loads(falling["reasons"])["risk"] == [["base_down", pytest.approx(20, abs=0.1), 0.5]]


def test_it_says_that_it_is_rule_based():
    assert RULE_BASED is True

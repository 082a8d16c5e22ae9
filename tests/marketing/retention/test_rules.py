"""The arithmetic of retention, against published figures and against what a lot must do."""

import datetime as dt
import random

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from marketing.retention.rules import (
    Facts,
    Lot,
    difference_of,
    first_claim_on,
    fit,
    held_out,
    outcome_of,
    verdict,
    wilson,
)  # fmt: skip


# Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_one_stratum_gives_the_figures_of_newcombes_paper(counts, low, high):
    found = difference_of([counts])
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_it_agrees_with_statsmodels_on_other_counts():
    found = difference_of([(170, 200, 60, 90)])
    low, high = confint_proportions_2indep(170, 200, 60, 90, method="newcomb")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert wilson(81, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe (1998), Two-sided intervals, table I


def test_strata_of_different_risk_do_not_make_a_difference_of_their_own():
    """Treated are mostly in the risky stratum; pooled, the treatment would look harmful, and in each stratum it helps."""
    risky, safe = (70, 100, 5, 10), (10, 10, 90, 100)
    assert (70 + 10) / 110 < (5 + 90) / 110
    found = difference_of([risky, safe])
    assert found.value == pytest.approx(0.5 * 0.2 + 0.5 * 0.1)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    draw, held, rounds = random.Random(11), 0, 300
    rates, sizes = ((0.9, 0.8), (0.7, 0.6), (0.5, 0.4)), ((60, 15), (40, 10), (80, 20))
    for _ in range(rounds):
        strata = [
            (sum(draw.random() < p1 for _ in range(n1)), n1, sum(draw.random() < p0 for _ in range(n0)), n0)
            for (p1, p0), (n1, n0) in zip(rates, sizes, strict=True)
        ]
        found = difference_of(strata)
        held += found.low <= 0.1 <= found.high
    assert 0.91 <= held / rounds <= 0.99


def lots(stratum, treated, kept_treated, holdout, kept_holdout, yuan=100.0):
    arms = [(True, n < kept_treated) for n in range(treated)] + [(False, n < kept_holdout) for n in range(holdout)]
    return [Lot(stratum, arm, not kept, 0.0 if kept else yuan) for arm, kept in arms]


def test_nothing_is_claimed_without_a_holdout_or_with_too_few():
    assert verdict([]).missing == {"holdout": 0, "treated": 0, "leavers": 0}
    assert verdict(lots("high|gold|x", 400, 300, 0, 0)).missing == {"holdout": 0}
    few = verdict(lots("high|gold|x", 400, 300, 29, 10))
    assert (few.missing, few.difference, few.money) == ({"holdout": 29}, None, None)
    assert verdict(lots("high|gold|x", 100, 98, 100, 99)).missing == {"leavers": 3}


def test_one_held_out_account_that_was_lost_makes_no_money_certain():
    """Alone in its stratum it would be drawn every time, and the interval would say it is known."""
    usual = [Lot("high|silver|x", n % 2 == 0, n < 8, 1000.0 if n < 8 else 0.0) for n in range(120)]
    giant = [Lot("high|diamond|x", True, False) for _ in range(40)] + [Lot("high|diamond|x", False, True, 9e6)]
    money = verdict(usual + giant).money
    assert money.low <= 100_000 < money.kept < money.high


def test_money_kept_is_what_treated_accounts_lost_less():
    found = verdict(lots("high|gold|x", 100, 90, 50, 35, yuan=1000.0))
    assert found.difference.value == pytest.approx(0.2)
    assert found.money.kept == pytest.approx(100 * (0.3 * 1000 - 0.1 * 1000))
    assert found.money.low < found.money.kept < found.money.high and found.money.low > 0
    assert found.difference.is_shown and found.lost_treated == 10 and found.lost_holdout == 15


def test_a_stratum_without_one_arm_is_pooled_and_nobody_is_left_out():
    found = verdict(lots("high|gold|x", 40, 36, 30, 20) + lots("high|silver|x", 3, 3, 0, 0) + lots("elevated|gold|y", 0, 0, 2, 1))
    assert (found.n_treated, found.n_holdout) == (43, 32)
    assert found.difference is not None


def test_the_same_lot_is_drawn_again_and_every_stratum_has_its_share():
    accounts = [(n, f"high|{'gold' if n % 3 else 'silver'}|x") for n in range(300)]
    held = held_out(accounts, share=0.2, seed=7, batch="1")
    assert held == held_out(reversed(accounts), share=0.2, seed=7, batch="1")
    assert held != held_out(accounts, share=0.2, seed=8, batch="1") != held_out(accounts, share=0.2, seed=8, batch="2")
    assert {sum(n in held for n, name in accounts if name == stratum) for stratum in ("high|gold|x",)} == {40}
    assert sum(n in held for n, name in accounts if name == "high|silver|x") == 20


def test_strata_of_one_are_held_out_as_often_as_the_share_says():
    held = sum(bool(held_out([(n, "s")], share=0.2, seed=7, batch=str(n))) for n in range(2000))
    assert 340 <= held <= 460


KEPT = Facts(market_status="agency", contract_kva=630, kwh_12m=1e6)


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (KEPT, ""),
        (Facts(closed=True, kwh_12m=0), "closed"),
        (Facts(market_status="retailer", contract_kva=630, kwh_12m=1e6), "switched"),
        (Facts(market_status="agency", contract_kva=630, kwh_12m=4.9e5), "declined"),
        (Facts(market_status="agency", contract_kva=630, kwh_12m=5e5), ""),
        (Facts(market_status="agency", contract_kva=630, kwh_12m=9e5, usage_state="stopped"), "declined"),
        (Facts(market_status="agency", contract_kva=315, kwh_12m=1e6), "reduced"),
        (Facts(market_status="agency", contract_kva=630, suspended=True, kwh_12m=1e6), "reduced"),
        (Facts(market_status="agency", contract_kva=630, own_power=400, kwh_12m=7e5), "self_supply"),
        (Facts(market_status="agency", contract_kva=630, own_power=400, kwh_12m=9e5), ""),
        (Facts(market_status="agency", contract_kva=None, kwh_12m=None), ""),
    ],
)
def test_what_became_of_an_account_follows_from_facts(after, outcome):
    assert outcome_of(KEPT, after) == outcome


def test_the_playbook_of_the_outcome_goes_before_the_one_of_the_tier():
    case = ("switched", "high", "gold")
    assert fit(case, ("switched", "", "")) > fit(case, ("", "high", "gold")) > fit(case, ("", "high", "")) > fit(case, ("", "", "")) == 0
    assert fit(case, ("closed", "high", "gold")) is None


def test_the_day_of_the_first_claim_is_when_both_arms_have_enough():
    day = dt.date(2026, 1, 1)
    due = [(day + dt.timedelta(days=n), n % 2 == 0) for n in range(100)]
    assert first_claim_on(due) == day + dt.timedelta(days=59)
    assert first_claim_on([(day, True)] * 99) is None

"""Credit: points, grades, and what bars a grade."""

import datetime as dt
import json

import pytest

from .facts import AS_OF, bills, judged, paid, table, tables

SINCE_2020 = {"account_id": 1, "category": "general_commercial", "opened_on": dt.date(2020, 1, 1)}


def standing(account=SINCE_2020, late=0, unpaid=0, months=12, due_days=5, previous=None, as_of=AS_OF, **others):
    """Of one account with monthly bills of 50 yuan: the first `late` paid 10 days late, the last `unpaid` not at all."""
    rows = bills(1, [100] * months, fen=5000, due_days=due_days)
    settled = [*paid(rows[:late], days_late=10), *paid(rows[late : months - unpaid])]
    given = tables([account, 2], rows + bills(2, [100] * 12), payments=settled, **others)
    return judged(given, as_of=as_of, previous=previous)[1]


def codes(row):
    return [it[0] for it in json.loads(row["reasons"]).get("credit", [])]


def test_an_account_that_pays_on_time_has_all_points():
    row = standing()
    assert (row["credit_score"], row["credit_grade"], codes(row)) == (100, "A", [])


def test_each_late_bill_costs_points_and_so_do_the_days():
    row = standing(late=2)
    assert (row["credit_score"], row["credit_grade"]) == (100 - 2 * 3 - 10 * 0.5, "B")
    assert codes(row) == ["late_bills", "days_late"]


def test_debt_overdue_now_costs_more_the_older_it_is():
    one = standing(unpaid=2)  # October's bill is not due yet, September's is overdue by 26 days
    two = standing(unpaid=3)
    assert (one["arrears_days"], two["arrears_days"]) == (26, 56)
    assert one["credit_score"] - two["credit_score"] == 3 + 5 + (15 - 13)  # a bill, a month, and days up to the most they may cost


def test_three_months_of_debt_this_year_force_grade_c():
    row = standing(unpaid=4)
    assert row["credit_grade"] == "C"
    assert "debt_months" in codes(row)


def test_old_debt_forces_grade_c_unless_a_plan_is_signed():
    early = {"as_of": dt.date(2027, 2, 28), "due_days": 40, "unpaid": 2}  # September's bill fell due in November 2026
    assert standing(**early)["credit_grade"] == "C"
    assert "old_debt" in codes(standing(**early))
    assert "old_debt" not in codes(standing({**SINCE_2020, "debt_plan_signed": True}, **early))


@pytest.mark.parametrize(
    ("fact", "code"),
    [({"theft_on": dt.date(2025, 1, 1)}, "theft"), ({"hazard_open": True}, "hazard")],
)
def test_theft_and_open_hazards_force_grade_c(fact, code):
    row = standing({**SINCE_2020, **fact})
    assert (row["credit_grade"], codes(row)) == ("C", [code])


def test_theft_is_forgiven_after_two_years():
    assert standing({**SINCE_2020, "theft_on": dt.date(2024, 10, 1)})["credit_grade"] == "A"


def test_a_new_account_starts_at_b_and_is_barred_from_a():
    opened = {**SINCE_2020, "opened_on": dt.date(2026, 7, 1)}
    row = standing(opened, months=4)
    assert (row["credit_grade"], codes(row)) == ("B", ["new_account"])
    assert standing(opened, months=0)["credit_score"] == 80


def test_from_c_the_next_step_is_b():
    before = table([{"account_id": 1, "credit_grade": "C"}])
    row = standing(previous=before)
    assert (row["credit_grade"], codes(row)) == ("B", ["one_step"])
    assert standing(previous=table([{"account_id": 1, "credit_grade": "B"}]))["credit_grade"] == "A"


def test_an_account_whose_money_is_unknown_is_unrated():
    row = judged(tables([SINCE_2020], bills(1, [100] * 12)))[1]
    assert (row["credit_score"], row["credit_grade"]) == (None, "unrated")


def test_a_prepaid_account_cannot_owe_and_starts_at_b():
    row = judged(tables([{**SINCE_2020, "prepaid": True}], bills(1, [100] * 12)))[1]
    assert (row["credit_score"], row["credit_grade"]) == (80, "B")

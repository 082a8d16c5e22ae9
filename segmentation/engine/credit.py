"""Credit: 100 points less what late payment costs; a grade; and the cases in which the grade is not the score's to give.

Score: 100
- `late_points` for each bill of the last 12 months paid late or overdue, at most `late_most`
- `day_points` for each mean day late of those bills, at most `day_most`
- with debt overdue now: `arrears_points` and `arrears_month_points` for each full 30 days of the oldest, together at most `arrears_most`

Grade: A from 90, B from 70, C below. [1] Then, each lowering the score to just under the grade it bars:
- forced C [1]: debt of three months and more this year; old debt carried over the year end without a signed plan; theft within two
  years; a safety hazard not corrected
- a new account starts at B [1]: until half a year and three bills have passed, A is barred; without any bill the score is `start`
- C to A in one step is barred [1]: an account graded C in the standing before is B at best

An account without a due date ever seen is unrated, which is its own answer; a prepaid one cannot owe and keeps the starting score.
[1] is one published source; the points themselves are ours, editable, to be checked by the utility.
"""

import datetime as dt

import narwhals as nw

from .features.feature import days_between
from .policy import UNRATED, CreditPolicy
from .rules import Rule

UNDER = 0.1  # a barred grade leaves the score this far under its border


def deductions(policy: CreditPolicy) -> tuple[Rule, ...]:
    """What costs points."""
    owed = nw.col("arrears_fen") > 0
    months = (nw.col("arrears_days").fill_null(0) / 30.0).floor()
    arrears = nw.min_horizontal(policy.arrears_points + policy.arrears_month_points * months, nw.lit(policy.arrears_most))
    late = nw.min_horizontal(nw.col("late_count_12m").fill_null(0) * policy.late_points, nw.lit(policy.late_most))
    slow = nw.min_horizontal(nw.col("days_late_mean").fill_null(0.0) * policy.day_points, nw.lit(policy.day_most))
    return (
        Rule("late_bills", "", late, ("late_count_12m", "dues_12m_count")),
        Rule("days_late", "", slow, ("days_late_mean",)),
        Rule("arrears_now", "", nw.when(owed).then(arrears), ("arrears_fen", "arrears_days")),
    )


def bars(policy: CreditPolicy, as_of: dt.date) -> tuple[tuple[str, nw.Expr, float, tuple], ...]:
    """What bars a grade: code, when, the highest score left, numbers."""
    under_b, under_a = policy.b_from - UNDER, policy.a_from - UNDER
    young = (nw.col("tenure_years") < policy.new_years) | (nw.col("dues_12m_count") < policy.new_bills)
    since_theft = days_between(nw.col("theft_on"), nw.lit(dt.datetime.combine(as_of, dt.time())))
    caught = (since_theft >= 0) & (since_theft < policy.theft_years * 365.25)
    return (
        ("debt_months", nw.col("debt_months") >= policy.forced_debt_months, under_b, ("debt_months",)),
        ("old_debt", (nw.col("old_debt_fen") > 0) & ~nw.col("debt_plan_signed").fill_null(False), under_b, ("old_debt_fen",)),
        ("theft", caught, under_b, ()),
        ("hazard", nw.col("hazard_open"), under_b, ()),
        ("new_account", young & ~nw.col("prepaid").fill_null(False), under_a, ()),
        ("one_step", nw.col("previous_grade") == "C", under_a, ()),
    )


def rate(frame: nw.LazyFrame, policy: CreditPolicy, as_of: dt.date) -> nw.LazyFrame:
    """Adds credit_score (0-100, one decimal, null: unrated), credit_grade, and a `credit_<code>` column of points per reason.

    Needs the features and `previous_grade` (null where there is no standing before).
    """
    rules, barred = deductions(policy), bars(policy, as_of)
    points = [rule.points.fill_null(0.0).alias(f"credit_{rule.code}") for rule in rules]
    frame = frame.with_columns(*points)
    lost = sum((nw.col(f"credit_{rule.code}") for rule in rules), nw.lit(0.0))
    seen = nw.col("dues_12m_count") > 0
    starting = nw.col("prepaid").fill_null(False) | (nw.col("tenure_years") < policy.new_years).fill_null(False)
    raw = nw.when(seen).then(nw.max_horizontal(100.0 - lost, nw.lit(0.0))).otherwise(nw.when(starting).then(nw.lit(policy.start)))
    frame = frame.with_columns(raw.alias("credit_raw"))
    # A bar that holds anyway (the score is already under it) is still said, with next to no points.
    held = [
        nw.when(when).then(nw.max_horizontal(nw.col("credit_raw") - most, nw.lit(UNDER / 10))).fill_null(0.0).alias(f"credit_{code}")
        for code, when, most, _ in barred
    ]
    capped = [nw.when(when).then(nw.lit(most)).otherwise(nw.lit(100.0)) for _, when, most, _ in barred]
    score = nw.when(~nw.col("credit_raw").is_null()).then(nw.min_horizontal(nw.col("credit_raw"), *capped)).round(1)
    frame = frame.with_columns(*held, score.alias("credit_score"))
    grade = (
        nw.when(nw.col("credit_score") >= policy.a_from)
        .then(nw.lit("A"))
        .otherwise(nw.when(nw.col("credit_score") >= policy.b_from).then(nw.lit("B")).otherwise(nw.lit("C")))
    )
    return frame.with_columns(nw.when(nw.col("credit_score").is_null()).then(nw.lit(UNRATED)).otherwise(grade).alias("credit_grade"))

"""Payment: on time or late, and what is owed. Rows are `dues` (see `rows.py`, and `ledger.py`, the quick way): a bill with money and due date, next to what was paid."""

import narwhals as nw

from .feature import Feature, Measure, known, ratio

NEEDS = ("bills", "payments")
_recent = nw.col("ago") < 12
_late = _recent & (nw.col("days_late") > 0)
_unpaid = nw.col("unpaid_fen") > 0

MEASURES = {
    "dues": (
        Measure("dues_seen", nw.col("total_fen"), "count"),
        Measure("dues_12m", nw.when(_recent & nw.col("judged")).then(nw.col("ago")), "count"),
        Measure("late_12m", nw.when(_late).then(nw.col("ago")), "count"),
        Measure("late_days_mean", nw.when(_late).then(nw.col("days_late")), "mean"),
        Measure("late_days_max", nw.when(_late).then(nw.col("days_late")), "max"),
        Measure("unpaid_sum", nw.col("unpaid_fen"), "sum"),
        Measure("unpaid_days", nw.when(_unpaid).then(nw.col("days_late")), "max"),
        Measure("unpaid_this_year", nw.when(_unpaid & nw.col("this_year")).then(nw.col("ago")), "count"),
        Measure("unpaid_old", nw.when(~nw.col("this_year")).then(nw.col("unpaid_fen")), "sum"),
    ),
    "unallocated": (Measure("unallocated", nw.col("amount_fen").cast(nw.Float64), "sum"),),
    "payments": (
        Measure("paid_12m", nw.col("paid_on"), "count"),
        Measure("online_12m", nw.when(nw.col("online")).then(nw.col("paid_on")), "count"),
    ),
}

# Money paid without naming a bill settles the oldest debt first, so it is taken off both the whole and the old debt.
_arrears = nw.max_horizontal(nw.col("unpaid_sum") - nw.col("unallocated").fill_null(0), nw.lit(0.0))
_old = nw.max_horizontal(nw.col("unpaid_old") - nw.col("unallocated").fill_null(0), nw.lit(0.0))
_owes = known(_arrears, "dues_seen") > 0

FEATURES = (
    Feature(
        "dues_12m_count",
        "bills",
        {"en": "Bills of 12 months that fell due or were paid", "zh-hans": "近12个月到期或已缴账单数"},
        NEEDS,
        known(nw.col("dues_12m"), "dues_seen"),
        nw.Int64(),
    ),
    Feature(
        "on_time_rate",
        "share",
        {"en": "Share of the bills of 12 months paid by their due date", "zh-hans": "近12个月按时缴费率"},
        NEEDS,
        1.0 - ratio(nw.col("late_12m") * 1.0, nw.col("dues_12m") * 1.0),
    ),
    Feature(
        "late_count_12m",
        "bills",
        {"en": "Bills of 12 months paid late or overdue", "zh-hans": "近12个月逾期次数"},
        NEEDS,
        known(nw.col("late_12m"), "dues_12m"),
        nw.Int64(),
    ),
    Feature(
        "days_late_mean",
        "days",
        {"en": "Mean days late of the late bills", "zh-hans": "逾期账单平均逾期天数"},
        NEEDS,
        nw.col("late_days_mean"),
    ),
    Feature(
        "days_late_max", "days", {"en": "Most days late in 12 months", "zh-hans": "近12个月最长逾期天数"}, NEEDS, nw.col("late_days_max")
    ),
    Feature("arrears_fen", "fen", {"en": "Overdue now", "zh-hans": "当前欠费"}, NEEDS, known(_arrears, "dues_seen"), nw.Int64()),
    Feature(
        "arrears_days",
        "days",
        {"en": "Days since the oldest overdue due date", "zh-hans": "最早欠费逾期天数"},
        NEEDS,
        nw.when(_owes).then(nw.col("unpaid_days")),
        nw.Int64(),
    ),
    Feature(
        "debt_months",
        "months",
        {"en": "Overdue bills that fell due this calendar year", "zh-hans": "当年欠费月数"},
        NEEDS,
        known(nw.when(_owes).then(nw.col("unpaid_this_year")).otherwise(nw.lit(0)), "dues_seen"),
        nw.Int64(),
    ),
    Feature(
        "old_debt_fen",
        "fen",
        {"en": "Overdue since before this calendar year", "zh-hans": "陈欠（往年欠费）"},
        NEEDS,
        known(_old, "dues_seen"),
        nw.Int64(),
    ),
    Feature(
        "online_share",
        "share",
        {"en": "Share of 12 months' payments made online", "zh-hans": "近12个月线上缴费占比"},
        ("payments",),
        ratio(nw.col("online_12m") * 1.0, nw.col("paid_12m") * 1.0),
    ),
    Feature(
        "pays_ahead",
        "flag",
        {"en": "Pays before it uses power (prepaid)", "zh-hans": "预付费用户"},
        ("accounts",),
        nw.col("prepaid"),
        nw.Boolean(),
    ),
)

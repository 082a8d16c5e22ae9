"""Who pays when and how, and what is owed."""

from segmentation.reports.figures.definition import PAYMENTS, PEOPLE, counting


def _grade(letter):
    return (
        f"grade_{letter.lower()}",
        "count",
        (f"Credit grade {letter}", f"信用{letter}级"),
        (f"Accounts graded {letter}", f"信用等级为{letter}的用电户"),
        f"count(*) filter (credit_grade = '{letter}')",
        "",
        f"credit_grade={letter}",
    )


FIGURES = (
    *counting(
        PEOPLE,
        (
            "arrears_accounts",
            "count",
            ("In arrears", "欠费户数"),
            ("Accounts that owe money past its due date", "有逾期未缴电费的用电户"),
            "count(*) filter (arrears_fen > 0)",
            "",
            "arrears=true",
        ),
        (
            "arrears_share",
            "share",
            ("Share in arrears", "欠费户占比"),
            ("Share of the accounts whose payments are known that owe money past its due date", "缴费情况已知的用电户中欠费户占比"),
            "count(*) filter (arrears_fen > 0) / nullif(count(arrears_fen), 0)",
        ),
        (
            "arrears",
            "fen",
            ("Overdue", "欠费金额"),
            ("Money past its due date and not paid", "逾期未缴电费"),
            "sum(arrears_fen)",
            "",
            "arrears=true",
        ),
        (
            "old_debt",
            "fen",
            ("Of it from earlier years", "其中陈欠"),
            ("Overdue since before this calendar year", "往年形成的欠费"),
            "sum(old_debt_fen)",
        ),
        (
            "overdue_90",
            "fen",
            ("Of it, oldest over 90 days", "其中最早欠费逾90天"),
            ("Overdue money of accounts whose oldest debt is more than 90 days late", "最早欠费逾期超过90天的用户的欠费"),
            "sum(arrears_fen) filter (arrears_days > 90)",
        ),
        (
            "on_time_share",
            "share",
            ("Paid on time", "按时缴费率"),
            ("Share of the bills of 12 months paid by their due date", "近12个月账单按时缴费占比"),
            "1.0 - sum(late_count_12m) / nullif(sum(dues_12m_count), 0)",
        ),
        (
            "late_payers",
            "count",
            ("Late three times or more", "逾期3次以上的用户"),
            ("Accounts with three or more late bills in 12 months", "近12个月逾期3次及以上的用电户"),
            "count(*) filter (late_count_12m >= 3)",
        ),
        (
            "prepaid_share",
            "share",
            ("Prepaid", "预付费占比"),
            ("Share of open accounts that pay in advance", "在用用电户中预付费占比"),
            "count(*) filter (is_open and prepaid) / nullif(count(*) filter (is_open and prepaid is not null), 0)",
        ),
        (
            "graded",
            "count",
            ("Credit graded", "已评信用户数"),
            ("Accounts with a credit grade", "已评定信用等级的用电户"),
            "count(*) filter (credit_grade in ('A', 'B', 'C'))",
        ),
        (
            "arrears_stopped",
            "count",
            ("Owing and use falling or stopped", "欠费且用电下降或停用"),
            ("Accounts in arrears whose use is fading, collapsed or stopped", "欠费且用电萎缩、骤降或停用的用电户"),
            "count(*) filter (arrears_fen > 0 and usage_state in ('fading', 'collapsed', 'stopped'))",
        ),
        (
            "arrears_complaining",
            "count",
            ("Owing with a complaint in 12 months", "欠费且近12个月有投诉"),
            ("Accounts in arrears that complained in 12 months", "欠费且近12个月有投诉的用电户"),
            "count(*) filter (arrears_fen > 0 and complaints_12m > 0)",
        ),
        (
            "arrears_dearer",
            "count",
            ("Owing after a rise in price", "欠费且均价上涨5%以上"),
            ("Accounts in arrears whose average price rose by 5 % or more", "欠费且均价同比上涨5%及以上的用电户"),
            "count(*) filter (arrears_fen > 0 and price_change >= 0.05)",
        ),
        *[_grade(letter) for letter in "ABC"],
    ),
    *counting(
        PAYMENTS,
        ("payments", "count", ("Payments", "缴费笔数"), ("Payments received", "收到的缴费笔数"), "coalesce(sum(payments), 0)"),
        ("paid", "fen", ("Paid", "实收电费"), ("Money received", "收到的电费"), "sum(amount_fen)"),
        (
            "online_payments",
            "share",
            ("Paid without a counter", "非柜台缴费占比"),
            ("Share of payments by bank debit, transfer or app", "银行代扣、转账和App缴费笔数占比"),
            "sum(payments) filter (channel in ('bank', 'transfer', 'app')) / nullif(sum(payments), 0)",
        ),
    ),
)

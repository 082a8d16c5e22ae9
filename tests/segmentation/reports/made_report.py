# ruff: noqa: E501
"""A report made by hand with every kind of block, in both languages, and with the text that people write into names to do harm."""

import datetime as dt

from segmentation.reports.document import Chapter, Chart, Column, Figure, Report, Series, Table

MONTHS = tuple(f"2025-{month:02}" for month in range(11, 13)) + tuple(f"2026-{month:02}" for month in range(1, 11))
HARMFUL = ('=HYPERLINK("http://bad.example","x")', "+86 571", "-1+1", "@SUM(A1)", "<script>alert(1)</script> & Söhne")


def report(language="en", *, rows=40, synthetic=True) -> Report:
    say = (lambda english, chinese: chinese) if language.startswith("zh") else (lambda english, chinese: english)
    return Report(
        kind="behaviour",
        title=say("Customer behaviour report", "客户行为分析报告"),
        subtitle=say("Hangzhou Power Supply · all categories", "杭州供电公司 · 全部类别"),
        as_of=dt.date(2026, 10, 31),
        language="zh-hans" if language.startswith("zh") else "en",
        chapters=(_overview(say), _use(say), _credit(say, rows), _value(say), _churn(say)),
        sources=(
            say("Bills and payments from November 2024 to October 2026", "2024 年 11 月至 2026 年 10 月的电费账单与缴费记录"),
            say(
                "Run 12, value policy 3, credit policy 2, warning policy 2",
                "第 12 次评判，价值规则第 3 版，信用规则第 2 版，预警规则第 2 版",
            ),
        ),
        synthetic=synthetic,
        inputs={"run": 12, "unit": "33401", "policies": {"value": 3, "credit": 2, "warning": 2}, "code": "abc123"},
    )


def _overview(say):
    return Chapter(
        name="overview",
        title=say("Overview", "客户总览"),
        sentences=(
            say("18,204 accounts bought 3.42 TWh in twelve months, 4.1 % more than the year before, and industry made 71.3 % of it.",
                "18,204 户近十二个月用电 34.2 亿kWh，比上年增长 4.1 %，其中大工业占 71.3 %。"),
            say("Urban stations hold 62.0 % of the accounts, but rural ones grow twice as fast.", "城区供电所占 62.0 % 的户数，但乡村供电所的增速是其两倍。"),
            say("Own generation stands at 412 accounts with 86.0 MW; 38 of them store energy as well.", "自发电客户 412 户，装机 8.6 万kW，其中 38 户同时配有储能。"),
        ),
        blocks=(
            Figure("accounts", say("Accounts", "用电户数"), 18_204, "count", say("Accounts open on the day", "当日在册的用电户"), 17_650),
            Figure("kwh_12m", say("Use, 12 months", "近 12 个月用电量"), 3.42e9, "kwh", say("Energy on bills of the last twelve months", "近十二个月账单电量之和"), 3.285e9),
            Figure("revenue_12m", say("Revenue, 12 months", "近 12 个月电费"), 221_350_000_000, "fen", say("Amount billed in the last twelve months", "近十二个月应收电费"), 209_000_000_000),
            Figure("arrears_share", say("Accounts in arrears", "欠费户占比"), 0.0312, "share", say("Accounts with a bill past due over all accounts", "有逾期账单的户数占全部户数之比"), 0.0287),
            Figure("load_factor", say("Load factor", "负荷率"), 0.613, "ratio", say("Mean load over the largest", "平均负荷与最大负荷之比"), None),
            Figure("answer_days", say("Answer to a complaint", "投诉答复时长"), 3.4, "days", say("Median working days until the first answer", "首次答复所用工作日的中位数"), 4.1),
            Chart("by_category", say("Energy by category", "分类别用电量"), "bar", "kwh",
                  (say("Large industrial", "大工业"), say("Commercial", "一般工商业"), say("Residential", "居民生活"), say("Agricultural", "农业生产"), say("EV charging", "充电设施")),
                  (Series(say("Energy", "电量"), (2.44e9, 6.1e8, 2.2e8, 9.2e7, None)),), horizontal=True,
                  takeaway=say("Industry uses 2.44 TWh of 3.42: four times as much as commerce.", "大工业用电 24.4 亿kWh，是一般工商业的四倍。")),
            Chart("by_area", say("Accounts by area", "分区域户数"), "pie", "count", (say("Urban", "城区"), say("Rural", "乡村"), say("Remote", "偏远")),
                  (Series(say("Accounts", "户数"), (11_286, 6_102, 816)),), takeaway=say("Three of five accounts lie in towns.", "五户中有三户在城区。")),
        ),
        actions=(
            say("Visit the 38 accounts that store energy before the spring tariff talks.", "在春季电价宣讲之前走访 38 户储能客户。"),
            say("Move two representatives from the city stations to the rural ones.", "从城区供电所向乡村供电所调配两名客户代表。"),
        ),
    )  # fmt: skip


def _use(say):
    peak = tuple(1.1e8 + 6e6 * n for n in range(12))
    return Chapter(
        name="use",
        title=say("Consumption", "用电行为"),
        sentences=(say("Use peaks in August with 31.4 % above the mean month.", "八月用电最高，比月均高 31.4 %。"),),
        blocks=(
            Chart("by_month", say("Energy by month", "分月用电量"), "line", "kwh", MONTHS,
                  (Series(say("This year", "本年"), (*[2.6e8 + 1e7 * (n % 5) for n in range(11)], None)), Series(say("Last year", "上年"), tuple(2.5e8 + 9e6 * (n % 4) for n in range(12)), "muted")),
                  takeaway=say("Every month lies above the same month last year.", "各月用电量均高于上年同月。")),
            Chart("by_band", say("Energy by price band", "分时段用电量"), "stacked", "kwh", MONTHS,
                  (Series(say("Peak", "高峰"), peak, "peak"), Series(say("Flat", "平段"), tuple(9e7 for _ in range(12)), "flat"), Series(say("Valley", "低谷"), tuple(5e7 + 2e6 * n for n in range(12)), "valley")),
                  takeaway=say("The share of the valley rose from 19.2 % to 23.1 %.", "低谷电量占比由 19.2 % 升至 23.1 %。")),
            Chart("growth", say("Cumulated growth", "累计增长"), "area", "share", MONTHS, (Series(say("Growth", "增长率"), tuple(0.004 * n for n in range(12))),)),
            Chart("when", say("Mean load by hour and day", "分时分日平均负荷"), "heatmap", "kw", tuple(f"{hour:02}" for hour in range(0, 24, 2)),
                  tuple(Series(day, tuple(400.0 + 90 * ((3 * row + hour) % 7) for hour in range(12))) for row, day in enumerate(say("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日").split())),
                  takeaway=say("Load is highest on weekday mornings.", "工作日上午负荷最高。")),
        ),
        missing=(say("Interval readings are known for 212 accounts only; load curves speak of those.", "仅有 212 户有分时读数，负荷曲线仅反映这些户。"),),
    )  # fmt: skip


def _credit(say, rows):
    names = [*HARMFUL, *[say(f"Huaxin Precision Casting {n}", f"华鑫精密铸造有限公司第{n}厂") for n in range(rows - len(HARMFUL))]]
    return Chapter(
        name="credit",
        title=say("Credit", "信用状况"),
        sentences=(say("568 accounts owe ¥ 12.4 M; half of it is older than 90 days.", "568 户欠费 1,240 万元，其中一半逾期超过 90 天。"),),
        blocks=(
            Table("arrears", say("Largest arrears", "欠费最多的用电户"),
                  (Column("name", say("Customer", "客户"), "text"), Column("category", say("Category", "类别"), "text"), Column("fen", say("Arrears", "欠费"), "fen"),
                   Column("share", say("Of its year's bills", "占其年电费"), "share"), Column("days", say("Oldest", "最久逾期"), "days"), Column("since", say("Since", "始于"), "date")),
                  tuple((name, say("Large industrial", "大工业"), 1_234_567_00 - 1_000_00 * n, 0.4 - 0.005 * n, 120 - n, dt.date(2026, 6, 1)) if n != 7 else (name, "", None, None, None, None) for n, name in enumerate(names)),
                  note=say("Bills past due on the day.", "截至当日已逾期的账单。")),
        ),
        actions=(say("Call the ten largest this week.", "本周电话联系欠费最多的十户。"),),
    )  # fmt: skip


def _value(say):
    tiers = (say("Diamond", "钻石"), say("Platinum", "铂金"), say("Gold", "黄金"))
    return Chapter(
        name="value",
        title=say("Value", "客户价值"),
        sentences=(say("61 accounts rose a tier and 24 fell.", "61 户升级，24 户降级。"),),
        blocks=(
            Chart("moves", say("Moves between tiers", "等级变动"), "sankey", "count",
                  flows=((tiers[0], tiers[0], 40), (tiers[0], tiers[1], 4), (tiers[1], tiers[0], 9), (tiers[1], tiers[1], 180), (tiers[2], tiers[1], 52), (tiers[2], tiers[2], 610)),
                  keys={tiers[0]: "diamond", tiers[1]: "platinum", tiers[2]: "gold"}, takeaway=say("52 gold accounts became platinum.", "52 户黄金客户升为铂金。")),
            Chart("quadrants", say("Current and potential value", "当前价值与潜在价值"), "scatter", "fen", (say("Current", "当前"), say("Potential", "潜在"), say("Revenue", "电费")),
                  tuple(Series(f"A{n}", (60.0 + n, 50.0 + (7 * n) % 45, 1e8 + 3e7 * n), "diamond") for n in range(30)) + tuple(Series(f"B{n}", (20.0 + n, 30.0 + (11 * n) % 55, 2e7), "gold") for n in range(40)),
                  names={"diamond": tiers[0], "gold": tiers[2]},                   takeaway=say("Nine accounts combine little use today with much potential.", "九户当前用电少而潜力大。")),
        ),
    )  # fmt: skip


def _churn(say):
    return Chapter(
        name="churn",
        title=say("Churn", "流失风险"),
        sentences=(say("No model is in force, so nothing is said about who may leave.", "尚无生效的模型，因此不对流失作判断。"),),
        missing=(say("Train and approve a model under Churn.", "请在“流失”页面训练并批准模型。"),),
    )

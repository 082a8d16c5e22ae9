"""How much is used, when, and how steadily; what a bill is made of."""

from segmentation.reports.figures.definition import BILLS, PEOPLE, counting

BANDED = "(sum(sharp_kwh) + sum(peak_kwh) + sum(flat_kwh) + sum(valley_kwh) + sum(deep_valley_kwh))"
PARTS = "nullif(sum(parted_fen), 0)"
SHIFTED = 0.05  # the part of sharp and peak use that advice is reckoned to move

FIGURES = (
    *counting(
        BILLS,
        ("kwh", "kwh", ("kWh", "用电量"), ("Billed kWh", "抄表电量"), "sum(kwh)"),
        ("billed", "fen", ("Billed", "电费"), ("Money billed", "应收电费"), "sum(total_fen)"),
        (
            "average_bill",
            "fen",
            ("Average bill", "户均月电费"),
            ("Money billed per bill with money", "每张有金额账单的平均电费"),
            "sum(total_fen) / nullif(sum(priced_bills), 0)",
        ),
        (
            "average_price",
            "ratio",
            ("Average price, yuan/kWh", "平均电价（元/千瓦时）"),
            ("Money billed over the kWh it was billed for", "应收电费/对应电量"),
            "sum(total_fen) / 100.0 / nullif(sum(priced_kwh), 0)",
        ),
        ("sharp_kwh", "kwh", ("Sharp", "尖峰"), ("kWh in sharp-peak hours", "尖峰电量"), "sum(sharp_kwh)"),
        ("peak_kwh", "kwh", ("Peak", "高峰"), ("kWh in peak hours", "高峰电量"), "sum(peak_kwh)"),
        ("flat_kwh", "kwh", ("Flat", "平段"), ("kWh in flat hours", "平段电量"), "sum(flat_kwh)"),
        ("valley_kwh", "kwh", ("Valley", "低谷"), ("kWh in valley hours", "低谷电量"), "sum(valley_kwh)"),
        ("deep_valley_kwh", "kwh", ("Deep valley", "深谷"), ("kWh in deep-valley hours", "深谷电量"), "sum(deep_valley_kwh)"),
        (
            "peak_share",
            "share",
            ("Sharp and peak", "尖峰和高峰占比"),
            ("Share of sharp and peak hours in the kWh read by band", "分时电量中尖峰和高峰占比"),
            f"(sum(sharp_kwh) + sum(peak_kwh)) / nullif({BANDED}, 0)",
        ),
        (
            "valley_share",
            "share",
            ("Valley", "低谷占比"),
            ("Share of valley and deep-valley hours in the kWh read by band", "分时电量中低谷（含深谷）占比"),
            f"(sum(valley_kwh) + sum(deep_valley_kwh)) / nullif({BANDED}, 0)",
        ),
        (
            "shift_kwh",
            "kwh",
            ("Could move to valley", "可移峰电量"),
            ("5 % of the sharp and peak kWh of the last 12 months", "近12个月尖峰和高峰电量的5%"),
            f"nullif({SHIFTED} * (sum(sharp_kwh) + sum(peak_kwh)), 0)",
        ),
        ("basic_fen", "fen", ("Basic charge", "基本电费"), ("Charge by capacity or demand", "按容量或需量收取的电费"), "sum(basic_fen)"),
        ("energy_fen", "fen", ("Energy charge", "电度电费"), ("Charge by kWh", "按电量收取的电费"), "sum(energy_fen)"),
        (
            "adjustment_fen",
            "fen",
            ("Power-factor adjustment", "力调电费"),
            ("Added or taken off by power factor", "按功率因数增减的电费"),
            "sum(adjustment_fen)",
        ),
        ("funds_fen", "fen", ("Funds", "代征基金"), ("Government funds", "政府性基金及附加"), "sum(funds_fen)"),
        (
            "basic_share",
            "share",
            ("Basic charge", "基本电费占比"),
            ("Share of the basic charge in bills whose parts are known", "已知构成的账单中基本电费占比"),
            f"sum(basic_fen) / {PARTS}",
        ),
        (
            "energy_share",
            "share",
            ("Energy charge", "电度电费占比"),
            ("Share of the energy charge in bills whose parts are known", "已知构成的账单中电度电费占比"),
            f"sum(energy_fen) / {PARTS}",
        ),
        (
            "penalties",
            "fen",
            ("Paid for a low power factor", "力调罚款"),
            ("Sum of the positive power-factor adjustments", "力调电费中增收部分合计"),
            "sum(penalty_fen)",
        ),
    ),
    *counting(
        PEOPLE,
        (
            "load_factor",
            "share",
            ("Load factor, median", "负荷率中位数"),
            ("Mean load over highest demand, the account in the middle", "平均负荷/最大需量，取中位用户"),
            "median(load_factor)",
        ),
        (
            "largest_demand",
            "kw",
            ("Highest demand of one account", "单户最大需量"),
            ("Largest demand of 12 months", "近12个月最大需量的最大值"),
            "max(max_demand_kw)",
        ),
        (
            "smallest_demand",
            "kw",
            ("Lowest peak demand of one account", "单户最小峰值需量"),
            ("Smallest of the highest demands of 12 months, of accounts in use", "近12个月各户最大需量的最小值（在用）"),
            "min(max_demand_kw) filter (max_demand_kw > 0)",
        ),
        (
            "variability",
            "share",
            ("Variability, median", "用电波动系数中位数"),
            ("Standard deviation over mean of 12 months, the account in the middle", "近12个月标准差/均值，取中位用户"),
            "median(cv)",
        ),
        (
            "unsteady",
            "count",
            ("Unsteady accounts", "用电波动大的用户"),
            ("Accounts whose 12 months vary by more than half of their mean", "近12个月波动系数大于0.5的用电户"),
            "count(*) filter (cv > 0.5)",
        ),
        (
            "idle_capacity",
            "count",
            ("Capacity mostly idle", "容量大量闲置的用户"),
            (
                "Accounts whose highest demand of 12 months is under 40 % of the contract capacity",
                "近12个月最大需量不足合同容量40%的用电户",
            ),
            "count(*) filter (capacity_use < 0.4)",
        ),
        (
            "near_capacity",
            "count",
            ("Near their capacity", "接近容量上限的用户"),
            ("Accounts whose highest demand of 12 months is over 95 % of the contract capacity", "近12个月最大需量超过合同容量95%的用电户"),
            "count(*) filter (capacity_use > 0.95)",
        ),
        (
            "low_power_factor",
            "count",
            ("Power factor below 0.90", "功率因数低于0.90的用户"),
            ("Accounts whose mean power factor of 12 months is below 0.90", "近12个月平均功率因数低于0.90的用电户"),
            "count(*) filter (power_factor < 0.9)",
        ),
        (
            "grown",
            "count",
            ("Use up 10 % or more", "用电增长10%以上的用户"),
            ("Accounts whose 12 months are up by 10 % or more", "近12个月用电量同比增长10%及以上的用电户"),
            "count(*) filter (growth >= 0.1)",
        ),
        (
            "shrunk",
            "count",
            ("Use down 10 % or more", "用电下降10%以上的用户"),
            ("Accounts whose 12 months are down by 10 % or more", "近12个月用电量同比下降10%及以上的用电户"),
            "count(*) filter (growth <= -0.1)",
        ),
    ),
)

"""Who the customers are, and what they ask of the grid."""

from segmentation.reports.figures.definition import ALL, PEOPLE, counting

RISEN, STEADY = "price_change >= 0.05", "abs(price_change) < 0.05"
FELL = "growth <= -0.05"


def _fell(of):
    return f"count(*) filter ({of} and {FELL}) / nullif(count(*) filter ({of} and growth is not null), 0)"


FIGURES = counting(
    PEOPLE,
    (
        "accounts",
        "count",
        ("Accounts", "用电户数"),
        ("Accounts open on the day", "当日在用的用电户"),
        "count(*) filter (is_open)",
        "count(*) filter (was_open)",
    ),
    (
        "customers",
        "count",
        ("Customers", "客户数"),
        ("Customers with an account open on the day", "当日有在用用电户的客户"),
        "count(distinct customer_id) filter (is_open)",
        "count(distinct customer_id) filter (was_open)",
    ),
    (
        "opened_12m",
        "count",
        ("Opened in 12 months", "近12个月新开户"),
        ("Accounts opened in the 12 months up to the day", "截至当日12个月内开户的用电户"),
        "count(*) filter (opened_ago between 0 and 364)",
        "count(*) filter (opened_ago between 365 and 729)",
    ),
    (
        "closed_12m",
        "count",
        ("Closed in 12 months", "近12个月销户"),
        ("Accounts closed in the 12 months up to the day", "截至当日12个月内销户的用电户"),
        "count(*) filter (closed_ago between 0 and 364)",
        "count(*) filter (closed_ago between 365 and 729)",
    ),
    (
        "contract_kva",
        "count",
        ("Contract capacity, kVA", "合同容量（千伏安）"),
        ("Sum of the contract capacity of open accounts, kVA", "在用用电户合同容量合计（千伏安）"),
        "sum(contract_kva) filter (is_open)",
        "sum(contract_kva) filter (was_open)",
    ),
    (
        "kwh_12m",
        "kwh",
        ("Use, 12 months", "近12个月用电量"),
        ("kWh of the last 12 complete months", "近12个完整月的用电量"),
        "sum(kwh_12m)",
        "sum(kwh_prev_12m)",
        ALL,
    ),
    (
        "kwh_change",
        "share",
        ("Change of use", "用电量同比"),
        ("kWh of the last 12 complete months over those of the 12 before", "近12个完整月用电量与此前12个月相比"),
        "sum(kwh_12m) / nullif(sum(kwh_prev_12m), 0) - 1",
        "",
        ALL,
    ),
    (
        "revenue_12m",
        "fen",
        ("Billed, 12 months", "近12个月电费"),
        ("Money billed in the last 12 complete months", "近12个完整月的应收电费"),
        "sum(revenue_12m_fen)",
        "sum(revenue_prev_12m_fen)",
        ALL,
    ),
    (
        "own_generation",
        "count",
        ("With own PV", "有光伏的用户"),
        ("Open accounts with photovoltaics of their own", "自有光伏的在用用电户"),
        "count(*) filter (is_open and has_pv)",
    ),
    (
        "pv_kw",
        "kw",
        ("Own PV, kW", "自有光伏容量"),
        ("Photovoltaic power of open accounts", "在用用电户光伏装机合计"),
        "sum(pv_kw) filter (is_open)",
    ),
    (
        "with_storage",
        "count",
        ("With own storage", "有储能的用户"),
        ("Open accounts with storage of their own", "自有储能的在用用电户"),
        "count(*) filter (is_open and has_storage)",
    ),
    (
        "storage_kwh",
        "kwh",
        ("Own storage, kWh", "自有储能容量"),
        ("Storage of open accounts", "在用用电户储能容量合计"),
        "sum(storage_kwh) filter (is_open)",
    ),
    (
        "captive_or_gas",
        "count",
        ("With captive plant or gas", "有自备电厂或燃气的用户"),
        ("Open accounts with a plant of their own or gas as a substitute", "有自备电厂或燃气替代的在用用电户"),
        "count(*) filter (is_open and (has_captive_plant or has_gas))",
    ),
    (
        "substitute_share",
        "share",
        ("With a substitute", "有替代能源的占比"),
        ("Share of open accounts with PV, storage, captive plant or gas", "有光伏、储能、自备电厂或燃气的在用用电户占比"),
        "count(*) filter (is_open and substitutes > 0) / nullif(count(*) filter (is_open and substitutes is not null), 0)",
    ),
    (
        "market_share",
        "share",
        ("On the market", "市场化用户占比"),
        ("Share of open accounts supplied by a retailer or wholesale", "由售电公司代理或直接参与批发的在用用电户占比"),
        "count(*) filter (is_open and market_status in ('retailer', 'wholesale')) / nullif(count(*) filter (is_open and market_status is not null), 0)",
    ),
    (
        "tickets_per_100",
        "ratio",
        ("Tickets per 100 accounts", "每百户工单"),
        ("Tickets of every kind in 12 months per 100 accounts", "近12个月各类工单数/百户"),
        "100.0 * sum(tickets_12m) / nullif(count(tickets_12m), 0)",
    ),
    (
        "complaints_per_100",
        "ratio",
        ("Complaints per 100 accounts", "每百户投诉"),
        ("Complaints in 12 months per 100 accounts", "近12个月投诉数/百户"),
        "100.0 * sum(complaints_12m) / nullif(count(complaints_12m), 0)",
    ),
    (
        "price_risen",
        "count",
        ("Average price up 5 % or more", "均价上涨5%以上的用户"),
        ("Accounts whose average price of 12 months rose by 5 % or more on the year before", "近12个月均价同比上涨5%及以上的用电户"),
        f"count(*) filter ({RISEN} and growth is not null)",
    ),
    (
        "price_risen_fell",
        "share",
        ("Of these, use down 5 % or more", "其中用电下降5%以上的占比"),
        ("Share of the accounts with a risen price whose use fell by 5 % or more", "均价上涨用户中用电同比下降5%及以上的占比"),
        _fell(RISEN),
    ),
    (
        "price_steady_fell",
        "share",
        ("Use down 5 % or more at a steady price", "均价平稳而用电下降5%以上的占比"),
        ("The same share where the average price moved by less than 5 %", "均价变动不足5%的用户中用电同比下降5%及以上的占比"),
        _fell(STEADY),
    ),
    (
        "price_sensitivity",
        "share",
        ("Price sensitivity", "价格敏感度"),
        (
            "Share whose use fell by 5 % or more where the price rose, less that share where the price was steady, in percentage points; a comparison, not a proof of cause",
            "均价上涨用户与均价平稳用户中用电下降5%以上占比之差（百分点）；仅为对比，不证明因果",
        ),
        f"{_fell(RISEN)} - {_fell(STEADY)}",
    ),
    (
        "industry_known",
        "share",
        ("Industry known", "行业已知占比"),
        ("Share of open accounts whose customer has an industry on file", "客户已登记行业的在用用电户占比"),
        "count(*) filter (is_open and industry <> '') / nullif(count(*) filter (is_open), 0)",
    ),
)

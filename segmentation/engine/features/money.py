"""Money, from bills whose money is known. kWh billed without money count in use, never in a price."""

import narwhals as nw

from .feature import YEARS, Feature, Measure, known, ratio

FEN = nw.Int64()


LAST, BEFORE = YEARS[:2]
_priced_kwh = nw.when(~nw.col("total_fen").is_null()).then(nw.col("kwh"))


def _fen(column):
    # Added up as floats: exact below 2**53 fen (90 billion yuan) in any order, and no engine widens the type.
    return nw.col(column).cast(nw.Float64)


MEASURES = {
    "bills": (
        Measure("total_12m", _fen("total_fen"), "sum", LAST),
        Measure("total_prev", _fen("total_fen"), "sum", BEFORE),
        Measure("priced_12m", nw.col("total_fen"), "count", LAST),
        Measure("priced_prev", nw.col("total_fen"), "count", BEFORE),
        Measure("priced_kwh_12m", _priced_kwh, "sum", LAST),
        Measure("priced_kwh_prev", _priced_kwh, "sum", BEFORE),
        Measure("basic_12m", _fen("basic_fen"), "sum", LAST),
        Measure("adjustment_12m", _fen("adjustment_fen"), "sum", LAST),
        Measure("parts_12m", nw.col("energy_fen"), "count", LAST),
    )
}

_price = ratio(nw.col("total_12m"), nw.col("priced_kwh_12m"))
_price_prev = ratio(nw.col("total_prev"), nw.col("priced_kwh_prev"))

FEATURES = (
    Feature(
        "revenue_12m_fen",
        "fen",
        {"en": "Billed in the last 12 complete months", "zh-hans": "近12个月电费"},
        ("bills",),
        known(nw.col("total_12m"), "priced_12m"),
        FEN,
    ),
    Feature(
        "revenue_prev_12m_fen",
        "fen",
        {"en": "Billed in the 12 months before", "zh-hans": "上一个12个月电费"},
        ("bills",),
        known(nw.col("total_prev"), "priced_prev"),
        FEN,
    ),
    Feature("average_price_fen", "fen/kWh", {"en": "Average price of 12 months", "zh-hans": "近12个月平均电价"}, ("bills",), _price),
    Feature(
        "price_change",
        "share",
        {"en": "Change of the average price against the 12 months before", "zh-hans": "平均电价同比变化"},
        ("bills",),
        ratio(_price, _price_prev) - 1,
    ),
    Feature(
        "basic_share",
        "share",
        {"en": "Share of the bill that is basic charge", "zh-hans": "基本电费占比"},
        ("bills",),
        known(ratio(nw.col("basic_12m"), nw.col("total_12m")), "parts_12m"),
    ),
    Feature(
        "adjustment_share",
        "share",
        {"en": "Power-factor adjustment over the bill (negative: a reward)", "zh-hans": "力调电费占比（负为奖励）"},
        ("bills",),
        known(ratio(nw.col("adjustment_12m"), nw.col("total_12m")), "parts_12m"),
    ),
    Feature(
        "bill_change",
        "share",
        {"en": "Change of the whole bill of 12 months against the 12 before", "zh-hans": "年电费总额同比变化"},
        ("bills",),
        nw.when((nw.col("priced_12m") == 12) & (nw.col("priced_prev") == 12)).then(ratio(nw.col("total_12m"), nw.col("total_prev")) - 1),
    ),
)

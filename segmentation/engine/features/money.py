"""Money, from bills whose money is known. kWh billed without money count in use, never in a price."""

import narwhals as nw

from .feature import Feature, Measure, known, ratio, within

FEN = nw.Int64()


def _priced(first, past):
    return nw.when((nw.col("ago") >= first) & (nw.col("ago") < past) & ~nw.col("total_fen").is_null())


def _fen(column, first, past):
    # Added up as floats: exact below 2**53 fen (90 billion yuan) in any order, and no engine widens the type.
    return within(column, first, past).cast(nw.Float64)


MEASURES = {
    "bills": (
        Measure("total_12m", _fen("total_fen", 0, 12), "sum"),
        Measure("total_prev", _fen("total_fen", 12, 24), "sum"),
        Measure("priced_12m", within("total_fen", 0, 12), "count"),
        Measure("priced_prev", within("total_fen", 12, 24), "count"),
        Measure("priced_kwh_12m", _priced(0, 12).then(nw.col("kwh")), "sum"),
        Measure("priced_kwh_prev", _priced(12, 24).then(nw.col("kwh")), "sum"),
        Measure("basic_12m", _fen("basic_fen", 0, 12), "sum"),
        Measure("adjustment_12m", _fen("adjustment_fen", 0, 12), "sum"),
        Measure("parts_12m", within("energy_fen", 0, 12), "count"),
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
)

"""Use: how much, which way it goes, and how steady it is. Every comparison is with the same months of an earlier year: seasons cancel."""

import narwhals as nw

from .feature import YEARS, Feature, Measure, how_many, month, months, ratio, total

MONTHS = 25  # single months kept per account: 12 shown, 12 to compare with, and the same month two years back

_kwh, _used = nw.col("kwh"), nw.when(nw.col("kwh") > 0)
MEASURES = {
    "bills": (
        *(Measure(f"kwh_m{ago}", _kwh, "max", (ago, ago + 1)) for ago in range(MONTHS)),
        Measure("kwh_24_35", _kwh, "sum", YEARS[2]),
        Measure("known_24_35", _kwh, "count", YEARS[2]),
        Measure("first_24_35", nw.when(~_kwh.is_null()).then(nw.col("ago")), "max", YEARS[2]),
        Measure("active_24_35", _used.then(nw.col("ago")), "min", YEARS[2]),
    )
}

_known_12, _known_prev, _known_before = nw.col("known_12"), nw.col("known_prev"), nw.col("known_24_35")
_kwh_12m, _kwh_prev, _kwh_before = nw.col("sum_12"), nw.col("sum_prev"), nw.col("kwh_24_35")
_whole_12, _whole_prev, _mean_12 = nw.col("whole_12"), nw.col("whole_prev"), nw.col("whole_12") / 12


def _newest(when):
    """The first month, counted back from the latest, of which `when` holds; null where there is none in two years."""
    return nw.coalesce(*[nw.when(when(month(ago))).then(nw.lit(ago).cast(nw.Int64)) for ago in range(24)])


def _oldest_known():
    return nw.coalesce(*[nw.when(~month(ago).is_null()).then(nw.lit(ago).cast(nw.Int64)) for ago in range(23, -1, -1)])


BASIS = (  # steps the features below share: worked out once, then dropped; one group per pass
    {
        "known_24_35": _known_before.fill_null(0),
        "kwh_24_35": _kwh_before.fill_null(0.0),
        "first_ago": nw.coalesce(nw.col("first_24_35"), _oldest_known()),
        "active_ago": nw.coalesce(_newest(lambda kwh: kwh > 0), nw.col("active_24_35")),
        "months_known": how_many(months(0, 24)) + _known_before.fill_null(0),
        "known_12": how_many(months(0, 12)),
        "known_prev": how_many(months(12, 24)),
        "sum_12": nw.sum_horizontal(*months(0, 12)),
        "sum_prev": nw.sum_horizontal(*months(12, 24)),
    },
    {
        "whole_12": nw.when(_known_12 == 12).then(_kwh_12m),
        "whole_prev": nw.when(_known_prev == 12).then(_kwh_prev),
    },
)


def _mean_month(kwh, count):
    """Mean of a year's known months; a stump of fewer than three months is no base."""
    return nw.when(count >= 3).then(kwh / count)


_base_month = nw.max_horizontal(
    _mean_month(_kwh_12m, _known_12), _mean_month(_kwh_prev, _known_prev), _mean_month(_kwh_before, _known_before)
)
_best_year = nw.max_horizontal(_whole_prev, nw.when(_known_before == 12).then(_kwh_before))
_variance = total([(kwh - _mean_12) * (kwh - _mean_12) for kwh in months(0, 12)]) / 12


def _on_year(ago):
    return ratio(month(ago), month(ago + 12))


# The latest month says first that use stopped, the last three months are steadier: the lower of them.
_lately = nw.min_horizontal(_on_year(0), ratio(total(months(0, 3)), total(months(12, 15))))

# Least squares over six points: weights are the distances from the middle (2.5 ... -2.5), their squares add up to 17.5.
_trend = total([_on_year(ago) * (2.5 - ago) for ago in range(6)]) / 17.5


# Months without use counted back from the latest; where there never was any, all that are known.
_zero_run = nw.when(~month(0).is_null()).then(nw.coalesce(nw.col("active_ago"), nw.col("months_known")))

FEATURES = (
    Feature(
        "kwh_12m",
        "kWh",
        {"en": "Use in the last 12 complete months", "zh-hans": "近12个月用电量"},
        ("bills",),
        nw.when(_known_12 > 0).then(_kwh_12m).round(3),
    ),
    Feature(
        "kwh_prev_12m",
        "kWh",
        {"en": "Use in the 12 months before", "zh-hans": "上一个12个月用电量"},
        ("bills",),
        nw.when(_known_prev > 0).then(_kwh_prev).round(3),
    ),
    Feature(
        "growth",
        "share",
        {"en": "Change of 12 months' use against the 12 months before", "zh-hans": "年用电量同比变化"},
        ("bills",),
        ratio(_whole_12, _whole_prev) - 1,
    ),
    Feature(
        "recent_ratio",
        "share",
        {"en": "Use of the last 3 months over the same 3 months a year before", "zh-hans": "近3个月用电量与上年同期之比"},
        ("bills",),
        ratio(total(months(0, 3)), total(months(12, 15))),
    ),
    Feature(
        "earlier_ratio",
        "share",
        {"en": "Use of the 3 months before those over the same 3 months a year before", "zh-hans": "再前3个月用电量与上年同期之比"},
        ("bills",),
        ratio(total(months(3, 6)), total(months(15, 18))),
    ),
    Feature(
        "latest_ratio",
        "share",
        {"en": "Use of the latest month over the same month a year before", "zh-hans": "最近一个月用电量与上年同月之比"},
        ("bills",),
        _on_year(0),
    ),
    Feature(
        "half_year_ratio",
        "share",
        {
            "en": "Use of the last 3 months over the 3 months before, for accounts too young to have a year to compare with",
            "zh-hans": "近3个月与前3个月用电量之比（不足两年历史的用户）",
        },
        ("bills",),
        nw.when(_known_prev < 12).then(ratio(total(months(0, 3)), total(months(3, 6)))),
    ),
    Feature(
        "base_month_kwh",
        "kWh",
        {"en": "Monthly mean of the best of up to three years", "zh-hans": "近三年中最好一年的月均电量"},
        ("bills",),
        _base_month.round(3),
    ),
    Feature(
        "base_ratio",
        "share",
        {"en": "Use of 12 months over the best earlier year", "zh-hans": "年用电量与基期（此前最好年份）之比"},
        ("bills",),
        ratio(_whole_12, _best_year),
    ),
    Feature(
        "base_ratio_ahead",
        "share",
        {
            "en": "12 months' use over the best earlier year as it will stand in 3 months, if use goes on as lately against the year before",
            "zh-hans": "按近期同比推算的3个月后年用电量与基期之比（基期为此前最好年份）",
        },
        ("bills",),
        ratio(total(months(0, 9)) + total(months(9, 12)) * _lately, nw.max_horizontal(_best_year, total(months(9, 21)))),
    ),
    Feature(
        "trend",
        "share per month",
        {"en": "Slope over 6 months of use against the same month a year before", "zh-hans": "近6个月同比电量的月变化趋势"},
        ("bills",),
        _trend,
    ),
    Feature(
        "cv",
        "share",
        {"en": "Unsteadiness: standard deviation over mean of 12 months", "zh-hans": "用电波动系数（近12个月标准差/均值）"},
        ("bills",),
        ratio(_variance.sqrt(), _mean_12),
    ),
    Feature(
        "seasonality",
        "share",
        {"en": "Highest month over the mean of 12 months", "zh-hans": "季节性（最高月/12个月均值）"},
        ("bills",),
        ratio(nw.max_horizontal(*months(0, 12)), _mean_12),
    ),
    Feature(
        "zero_months",
        "months",
        {"en": "Months without use, counted back from the latest", "zh-hans": "截至最近连续零电量月数"},
        ("bills",),
        _zero_run,
        nw.Int64(),
    ),
    Feature(
        "last_3_to_base",
        "share",
        {"en": "Mean month of the last 3 over the base month", "zh-hans": "近3个月月均电量与基期月均电量之比"},
        ("bills",),
        ratio(total(months(0, 3)) / 3, _base_month),
    ),
    Feature(
        "months_to_zero",
        "months",
        {
            "en": "Months until use ends if it goes on falling as in the last 6 (only where it falls; at most 120)",
            "zh-hans": "按近6个月降势推算至零电量的月数（仅限下降用户，最多120）",
        },
        ("bills",),
        nw.when(_trend < 0).then(nw.min_horizontal(ratio(total(months(0, 3)), total(months(12, 15))) / -_trend, nw.lit(120.0))),
    ),
)

"""What a group is called before anybody names it, and who belongs, in English and Chinese. Codes and numbers are stored, words made on reading."""

import numpy as np

from .shapes import AUTUMN, BANDS, EVENING, HOURS, NIGHT, SPRING, SUMMER, WINTER, WORK, YEAR

LEVEL = 0.2  # highest minus lowest over the mean: less is level
CLEAR = 1.1  # a season or part of the day this far above the mean gives the group its name
LOW = 0.55  # a level centre this low: each account has its high month somewhere else
MORE = 0.05  # of shares of bands, more than usual
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

NAMES = {
    "steady": ("Steady", "平稳型"),
    "irregular": ("Irregular", "不规则型"),
    "summer_peak": ("Summer peak, {month_en}", "夏季高峰型（{month}月）"),
    "winter_peak": ("Winter peak, {month_en}", "冬季高峰型（{month}月）"),
    "spring_peak": ("Spring peak, {month_en}", "春季高峰型（{month}月）"),
    "autumn_peak": ("Autumn peak, {month_en}", "秋季高峰型（{month}月）"),
    "two_peaks": ("Summer and winter peaks", "夏冬双峰型"),
    "dip": ("Low in {month_en}", "{month}月低谷型"),
    "night_bands": ("Night user", "夜间（谷段）用电型"),
    "peak_bands": ("Peak-hours user", "高峰时段用电型"),
    "flat_bands": ("Flat-hours user", "平段用电型"),
    "balanced": ("Balanced over the bands", "各时段均衡型"),
    "round_clock": ("Round the clock", "全天平稳型"),
    "night": ("Night curve", "夜间负荷型"),
    "work": ("Daytime curve", "日间负荷型"),
    "evening": ("Evening curve", "晚间负荷型"),
    "mixed": ("Highest at {hour}:00", "{hour}时高峰型"),
}
MEASURES = {
    "summer": ("use in June to September over the mean month", "6月至9月月均电量与全年月均之比", "percent"),
    "winter": ("use in December to February over the mean month", "12月至2月月均电量与全年月均之比", "percent"),
    "spring": ("use in March to May over the mean month", "3月至5月月均电量与全年月均之比", "percent"),
    "autumn": ("use in October and November over the mean month", "10月至11月月均电量与全年月均之比", "percent"),
    "unsteady": ("unsteadiness of the months (standard deviation over mean)", "月度波动系数（标准差/均值）", "percent"),
    "lowest": ("lowest month over highest month", "最低月与最高月之比", "percent"),
    "sharp": ("share of use in sharp-peak hours", "尖峰时段电量占比", "percent"),
    "peak": ("share of use in peak hours", "高峰时段电量占比", "percent"),
    "flat": ("share of use in flat hours", "平段电量占比", "percent"),
    "valley": ("share of use in valley hours", "谷段电量占比", "percent"),
    "night": ("share of the day's use from 23:00 to 07:00", "23时至7时电量占比", "percent"),
    "work": ("share of the day's use from 08:00 to 18:00", "8时至18时电量占比", "percent"),
    "evening": ("share of the day's use from 18:00 to 23:00", "18时至23时电量占比", "percent"),
    "lowest_hour": ("lowest hour over highest hour", "最低小时与最高小时之比", "percent"),
    "satisfaction": ("mean satisfaction", "平均满意度", "points"),
}
assert set(BANDS) <= set(MEASURES)


def suggest(kind: str, columns, centres, usual) -> list[list]:
    """[code of `NAMES`, month or hour] for each centre; `usual` the mean of all accounts, which shares of bands are held against."""
    return [{"monthly": _month_shape, "bands": _band_shape, "daily": _day_shape}[kind](np.asarray(centre), usual) for centre in centres]


def _relative(values):
    mean = values.mean() or 1.0
    return values / mean, float((values.max() - values.min()) / mean)


def _month_shape(centre, _usual):
    relative, spread = _relative(centre[:YEAR])
    if spread < LEVEL:
        return ["irregular" if centre[:YEAR].mean() < LOW else "steady", 0]
    part = {"summer": SUMMER, "winter": WINTER, "spring": SPRING, "autumn": AUTUMN}
    above = {name: float(relative[list(months)].mean()) for name, months in part.items()}
    if above["summer"] >= CLEAR and above["winter"] >= CLEAR:
        return ["two_peaks", 0]
    best = max(above, key=lambda name: (above[name], name))
    if above[best] < CLEAR and 1 - relative.min() > relative.max() - 1:
        return ["dip", int(relative.argmin()) + 1]
    highest = max(part[best], key=lambda month: (relative[month], -month))
    return [f"{best}_peak", highest + 1]


def _band_shape(centre, usual):
    sharp, peak, flat, valley = (centre - np.asarray(usual))[: len(BANDS)]
    more = {"night_bands": valley, "peak_bands": sharp + peak, "flat_bands": flat}
    best = max(more, key=lambda name: (more[name], name))
    return [best if more[best] >= MORE else "balanced", 0]


def _day_shape(centre, _usual):
    relative, spread = _relative(centre[:HOURS])
    if spread < LEVEL:
        return ["round_clock", 0]
    above = {name: float(relative[list(hours)].mean()) for name, hours in {"night": NIGHT, "work": WORK, "evening": EVENING}.items()}
    best = max(above, key=lambda name: (above[name], name))
    return [best, 0] if above[best] >= CLEAR else ["mixed", int(relative.argmax())]


def group_name(shape: list, ordinal: int, language: str) -> str:
    """`ordinal` tells groups of one shape apart; the first has none."""
    code, at = shape
    text = NAMES[code][_index(language)].format(month_en=MONTHS[at - 1] if 1 <= at <= YEAR else "", month=at, hour=f"{at:02d}")
    return text if ordinal < 2 else f"{text} {ordinal}"


def rules_in_words(rules: list[dict], language: str) -> list[dict]:
    """{"text", "share", "right"} of each rule: a sentence without its end, which a page puts behind it."""
    return [{"text": _rule(rule["conditions"], language), "share": rule["share"], "right": rule["right"]} for rule in rules]


def _rule(conditions, language):
    chinese = _index(language)
    if not conditions:
        return ("every account", "所有用户")[chinese]
    return (", and ", "，且")[chinese].join(_condition(*condition, chinese) for condition in conditions)


def _condition(measure, low, high, chinese):
    words, unit = MEASURES[measure][chinese], MEASURES[measure][2]
    bounds = []
    if low is not None:
        bounds.append(("above {}", "高于{}")[chinese].format(_number(low, unit, chinese)))
    if high is not None:
        bounds.append(("at most {}", "不超过{}")[chinese].format(_number(high, unit, chinese)))
    return f"{words}{('', ' ')[not chinese]}{(' and ', '且')[chinese].join(bounds)}"


def _number(value, unit, chinese):
    if unit == "points":
        return f"{value:.1f}{('', ' 分')[chinese]}"
    return f"{value * 100:.0f}{(chr(0xA0), '')[chinese]}%"


def _index(language):
    return 1 if language.startswith("zh") else 0

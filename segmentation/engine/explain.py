"""Reasons in words. Judgement leaves codes and numbers; this turns them into sentences, in English or Simplified Chinese.

Pure: no frame, no engine. Pages print what `words` gives, the API sends what `reasons_of` gives.
"""

import json
from dataclasses import dataclass

from .features import FEATURES
from .policy import INDICATORS

LANGUAGES = ("en", "zh-hans")
OUTCOME_WORDS = {
    "switched": ("change of supplier", "转投其他售电主体"),
    "closed": ("closing", "销户"),
    "reduced": ("less capacity", "减容或暂停"),
    "self_supply": ("own supply", "自备电源替代"),
    "declined": ("use under half", "用电量腰斩"),
}
LISTS = ("lifts", "pulls", "credit", "risk")


@dataclass(frozen=True)
class Words:
    """What a code says: the names of its numbers, their units in the same order, and a sentence per language."""

    numbers: tuple[str, ...]
    units: tuple[str, ...]
    en: str
    zh: str


REASONS = {
    # risk
    "stopped": Words(
        ("zero_months", "base_month_kwh"),
        ("count", "kWh"),
        "No use for {0} months (it used {1} a month)",
        "已连续{0}个月零电量，此前月均{1}",
    ),
    "collapsed": Words(("expected_ratio",), ("share",), "Latest month at {0} of what this season used", "最近一个月电量仅为同期的{0}"),
    "usage_down": Words(
        ("recent_ratio",), ("share",), "Last 3 months at {0} of the same months a year before", "近3个月电量为上年同期的{0}"
    ),
    "month_down": Words(
        ("latest_ratio",), ("share",), "Latest month at {0} of the same month a year before", "最近一个月电量为上年同月的{0}"
    ),
    "base_down": Words(("base_ratio",), ("share",), "12 months' use at {0} of its best year", "近12个月电量为基期年的{0}"),
    "worsening": Words(
        ("pace",), ("share",), "The fall is speeding up: {0} of the pace of the 3 months before", "降幅扩大：同比水平为前3个月的{0}"
    ),
    "young_down": Words(("half_year_ratio",), ("share",), "Last 3 months at {0} of the 3 months before", "近3个月电量为前3个月的{0}"),
    "returned": Words(
        ("expected_ratio",), ("share",), "Back after a stop or collapse, now at {0} of its season", "停用或骤降后已恢复，现为同期的{0}"
    ),
    "contract_end": Words(("contract_days_left",), ("deadline",), "Contract {0}", "购售电合同{0}"),
    "arrears": Words(("arrears_days", "arrears_fen"), ("days", "fen"), "Overdue for {0}: {1}", "欠费{0}，共{1}"),
    "complaints": Words(("complaints_3m",), ("count",), "Complaints in the last 90 days: {0}", "近90天投诉{0}件"),
    "open_complaints": Words(("open_complaints",), ("count",), "Complaints still open: {0}", "未办结投诉{0}件"),
    "price_up": Words(("price_change",), ("change",), "Average price {0} on the year before", "平均电价同比{0}"),
    "self_supply": Words(
        ("substitutes", "recent_ratio"),
        ("count", "share"),
        "Own substitutes ({0}) and grid use at {1} of a year before",
        "自有替代能源{0}种，网供电量为上年同期的{1}",
    ),
    "capacity_idle": Words(("capacity_use",), ("share",), "Highest demand at {0} of contract capacity", "最大需量仅为合同容量的{0}"),
    "potential_growth": Words(
        ("growth",), ("change",), "Potential large customer: use {0} on the year before", "潜力大客户：用电量同比{0}"
    ),
    # credit
    "late_bills": Words(
        ("late_count_12m", "dues_12m_count"), ("count", "count"), "{0} of {1} bills late in 12 months", "近12个月{1}笔账单中逾期{0}笔"
    ),
    "days_late": Words(("days_late_mean",), ("days",), "Late bills were {0} late on average", "逾期账单平均逾期{0}"),
    "arrears_now": Words(("arrears_fen", "arrears_days"), ("fen", "days"), "{0} overdue, the oldest for {1}", "当前欠费{0}，最早已逾期{1}"),
    "debt_months": Words(("debt_months",), ("count",), "Debt of {0} months this year: grade C", "当年欠费{0}个月，强制C级"),
    "old_debt": Words(("old_debt_fen",), ("fen",), "{0} of debt carried over the year end: grade C", "陈欠{0}未结清，强制C级"),
    "theft": Words((), (), "Theft of electricity within two years: grade C", "两年内有窃电记录，强制C级"),
    "hazard": Words((), (), "Safety hazard not corrected: grade C", "安全隐患未整改，强制C级"),
    "new_account": Words((), (), "New account: B at best for now", "新户，暂不高于B级"),
    "one_step": Words((), (), "Was C: B is the next step, not A", "上期为C级，不得直升A级"),
}

# How value indicators are called in a reason; any other feature goes by its meaning.
LABELS = {
    "kwh_12m": ("12 months' use", "近12个月电量"),
    "revenue_12m_fen": ("12 months' revenue", "近12个月电费"),
    "average_price_fen": ("Average price", "平均电价"),
    "cv": ("Unsteadiness of use", "用电波动系数"),
    "late_count_12m": ("Late bills in 12 months", "近12个月逾期次数"),
    "growth": ("Growth on the year before", "用电量同比增长"),
    "contract_kva": ("Contract capacity", "合同容量"),
    "capacity_use": ("Use of contract capacity", "容量利用率"),
    "trend": ("Trend over 6 months", "近6个月用电趋势"),
}
UNITS = {it.name: it.unit for it in FEATURES} | {"contract_kva": "kVA", "growth": "change", "trend": "change per month", "cv": "number"}
MEANINGS = {it.name: (it.meaning["en"], it.meaning["zh-hans"]) for it in FEATURES}
LEVELS = {
    "category": {
        "large_industrial": ("large industrial", "大工业"),
        "general_commercial": ("general commercial", "一般工商业"),
        "residential": ("residential", "居民"),
        "agricultural": ("agricultural", "农业"),
        "ev_charging": ("EV charging", "充电设施"),
        "other": ("other", "其他"),
    },
    "market_status": {
        "regulated": ("regulated", "保底购电"),
        "agency": ("agency purchase", "代理购电"),
        "retailer": ("retail supplier", "售电公司"),
        "wholesale": ("wholesale", "批发交易"),
    },
}
CALLED = {
    "category": ("Category", "用电类别"),
    "market_status": ("Market status", "市场化属性"),
    "contract_kva": ("Contract capacity", "合同容量"),
}


def _of_a_model() -> dict[str, Words]:
    """What a learned model names: a feature and its value, or a word the account goes by."""
    called = {name: (en.partition(" (")[0], zh.partition("（")[0]) for name, (en, zh) in MEANINGS.items()} | CALLED
    units = {"contract_days_left": "deadline", "growth": "change", "trend": "change per month", "price_change": "change"}
    told = {
        f"model_{name}": Words((name,), (units.get(name, UNITS.get(name, "number")),), f"{en}: {{0}}", f"{zh}：{{0}}")
        for name, (en, zh) in called.items() if name not in LEVELS
    }  # fmt: skip
    for name, levels in LEVELS.items():
        told |= {
            f"model_{name}_{level}": Words((), (), f"{called[name][0]}: {en}", f"{called[name][1]}：{zh}")
            for level, (en, zh) in levels.items()
        }
    return told


REASONS |= _of_a_model()
SENTENCES = {
    "chance": ("{whole} within {days} days by model {version}: {parts}", "模型{version}：{days}天内流失概率{whole}（{parts}）"),
    "chance_whole": ("{whole} within {days} days by model {version}", "模型{version}：{days}天内流失概率{whole}"),
    "peers": ("{label} {value}: higher than {place} of its peers", "{label}{value}，高于{place}的同类用户"),
    "next_one": (
        "{points} points below {tier}; {label} at {needed} would do it (now {now})",
        "距{tier}级还差{points}分；{label}达到{needed}即可（现为{now}）",
    ),
    "next": ("{points} points below {tier}; no single indicator closes the gap", "距{tier}级还差{points}分；需多项指标共同提升"),
    "gate": ("Credit grade {grade} keeps it at {tier}", "信用{grade}级，价值等级不高于{tier}级"),
    "floor": ("Lifted to {tier}: an important customer ({grade})", "重要电力用户（{grade}），价值等级不低于{tier}级"),
}
IMPORTANT_WORDS = {"special": ("special", "特级"), "1": ("grade 1", "一级"), "2": ("grade 2", "二级"), "temporary": ("temporary", "临时性")}
TIER_WORDS = {
    "diamond": ("diamond", "钻石"),
    "platinum": ("platinum", "铂金"),
    "gold": ("gold", "金"),
    "silver": ("silver", "银"),
    "standard": ("standard", "普通"),
}


def read(reasons) -> dict:
    """Reasons as a dict, from the dict itself or its JSON text; nothing gives {}."""
    return json.loads(reasons) if isinstance(reasons, str | bytes) and reasons else (reasons or {})


def reasons_of(reasons) -> dict:
    """For the API: every reason as code, direction (up, down: on the score it belongs to), contribution in points and named numbers."""
    held = read(reasons)
    out: dict[str, object] = {key: [_named(it, key) for it in held[key]] for key in LISTS if held.get(key)}
    if held.get("headline"):
        out["headline"] = _named(held["headline"], "risk")
    if held.get("model"):
        version, days, *parts = held["model"]
        out["model"] = {"version": version, "horizon_days": days, "probabilities": {name: part / 100 for name, part in parts}}
    if held.get("next"):
        out["next"] = dict(zip(("tier", "points", "indicator", "now", "needed"), held["next"], strict=False))
    for name in ("gate", "floor"):
        if held.get(name):
            out[name] = dict(zip(("grade", "tier"), held[name], strict=False))
    return out


def _named(reason, key):
    code, points, *numbers = reason
    names = ("value", "percentile") if key in ("lifts", "pulls") else REASONS[code].numbers
    return {
        "code": code,
        "direction": "up" if points >= 0 else "down",
        "contribution": points,
        "numbers": dict(zip(names, numbers, strict=False)),
    }


def words(reasons, language: str) -> dict:
    """Sentences to print: lists under lifts, pulls, credit and risk, one under headline, next, gate and floor. Absent: nothing to say.

    `language` is "en" or "zh-hans" (any other Chinese tag counts as zh-hans, anything else as en).
    """
    index = 1 if language.lower().startswith("zh") else 0
    held = read(reasons)
    out: dict[str, object] = {key: [_sentence(it, key, index, with_points=True) for it in held[key]] for key in LISTS if held.get(key)}
    if held.get("headline"):
        out["headline"] = _sentence(held["headline"], "risk", index, with_points=False)
    if held.get("model"):
        out["chance"] = _chance(held["model"], index)
    if held.get("next"):
        out["next"] = _next(held["next"], index)
    if held.get("gate"):
        grade, tier = held["gate"]
        out["gate"] = SENTENCES["gate"][index].format(grade=grade, tier=TIER_WORDS[tier][index])
    if held.get("floor"):
        grade, tier = held["floor"]
        out["floor"] = SENTENCES["floor"][index].format(grade=IMPORTANT_WORDS[grade][index], tier=TIER_WORDS[tier][index])
    return out


def _chance(held, index):
    """What a model says: any loss, and of which kinds."""
    version, days, *parts = held
    percent = lambda it: f"{it:.1f}%" if index else f"{it:.1f} %"  # noqa: E731
    whole = percent(sum(part for _, part in parts))
    listed = ("、" if index else ", ").join(
        f"{OUTCOME_WORDS[name][index]}{'' if index else ' '}{percent(part)}" for name, part in sorted(parts, key=lambda it: -it[1])
    )
    return SENTENCES["chance" if parts else "chance_whole"][index].format(version=version, days=days, whole=whole, parts=listed)


def tier_word(tier: str, language: str) -> str:
    return TIER_WORDS[tier][1 if language.lower().startswith("zh") else 0]


def label(feature: str, language: str) -> str:
    """What an indicator is called."""
    return _label(feature, 1 if language.lower().startswith("zh") else 0)


def _label(feature, index):
    return (LABELS.get(feature) or MEANINGS.get(feature) or (feature, feature))[index]


def _sentence(reason, key, index, with_points):
    code, points, *numbers = reason
    if key in ("lifts", "pulls"):
        value = number(numbers[0], UNITS.get(code, "number"), index)
        said = SENTENCES["peers"][index].format(label=_label(code, index), value=value, place=number(numbers[1] / 100, "place", index))
    else:
        template = REASONS[code]
        told = [number(it, unit, index) for it, unit in zip(numbers, template.units, strict=False)]
        said = (template.zh if index else template.en).format(*told)
    if not with_points or not abs(points) >= 0.05:
        return said
    signed = f"{points:+.1f}".replace("-", "−")
    return f"{said}（{signed}）" if index else f"{said} ({signed})"


def _next(held, index):
    tier, points, *rest = held
    told = {"tier": TIER_WORDS[tier][index], "points": f"{points:.1f}"}
    if not rest or rest[0] is None:
        return SENTENCES["next"][index].format(**told)
    code, now, needed = rest
    unit = UNITS.get(code, "number")
    told |= {"label": _in_sentence(_label(code, index), index), "now": number(now, unit, index), "needed": number(needed, unit, index)}
    return SENTENCES["next_one"][index].format(**told)


def _in_sentence(label, index):
    return label if index else label[0].lower() + label[1:]


def number(value, unit: str, index: int) -> str:
    """A number with its unit as people say it; index 0 English, 1 Chinese. Unknown is a dash."""
    if value is None:
        return "–"
    return _WRITERS.get(unit, _plain)(value, index, unit)


def _signed(text):
    return text.replace("-", "−")


def _plain(value, index, unit):
    text = _signed(f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.2f}")
    return text if unit in ("number", "count", "bills", "points", "tickets", "complaints", "visits", "times") else f"{text} {unit}"


def _kwh(value, index, unit):
    steps = ((1e8, "亿kWh"), (1e4, "万kWh")) if index else ((1e6, "GWh"), (1e3, "MWh"))
    for size, name in steps:
        if abs(value) >= size:
            return _signed(f"{value / size:,.2f} {name}" if not index else f"{value / size:,.1f}{name}")
    return _signed(f"{value:,.0f} kWh" if not index else f"{value:,.0f}kWh")


def _fen(value, index, unit):
    yuan = value / 100
    if index:
        return _signed(f"{yuan / 1e8:,.2f}亿元" if abs(yuan) >= 1e8 else f"{yuan / 1e4:,.1f}万元" if abs(yuan) >= 1e4 else f"{yuan:,.2f}元")
    return _signed(f"¥{yuan / 1e6:,.2f} M" if abs(yuan) >= 1e6 else f"¥{yuan:,.0f}" if abs(yuan) >= 1e3 else f"¥{yuan:,.2f}")


def _price(value, index, unit):
    return f"{value / 100:.3f}元/kWh" if index else f"¥{value / 100:.3f}/kWh"


def _share(value, index, unit):
    digits = 1 if unit == "place" or abs(value) < 0.1 else 0
    return _signed(f"{value * 100:.{digits}f}{'%' if index else ' %'}")


def _change(value, index, unit):
    text = f"{value * 100:+.1f}{'%' if index else ' %'}".replace("-", "−")
    return text if unit == "change" else f"{text}/月" if index else f"{text} a month"


def _days(value, index, unit):
    many = round(value)
    return f"{many}天" if index else f"{many} day" if many == 1 else f"{many} days"


def _deadline(value, index, unit):
    if value < 0:
        return f"已到期{_days(-value, 1, unit)}" if index else f"ended {_days(-value, 0, unit)} ago"
    return f"{_days(value, 1, unit)}后到期" if index else f"ends in {_days(value, 0, unit)}"


_WRITERS = {
    "kWh": _kwh,
    "fen": _fen,
    "fen/kWh": _price,
    "share": _share,
    "place": _share,
    "change": _change,
    "change per month": _change,
    "days": _days,
    "deadline": _deadline,
}
assert all(it.feature in LABELS for it in INDICATORS)

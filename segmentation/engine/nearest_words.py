"""Nearest changes in words, in English or Simplified Chinese: the numbers are `nearest.py`'s, nothing is worked out here."""

from .explain import REASONS, TIER_WORDS, UNITS, label, number
from .nearest import Change
from .policy import ValuePolicy

QUADRANT_WORDS = {
    "key": ("key", "重点"),
    "potential_large": ("potential large", "潜力大客户"),
    "maintain": ("maintain", "维系"),
    "standard": ("standard", "一般"),
}
SIDE_WORDS = {"current": ("Current value", "当前价值"), "potential": ("Potential value", "潜在价值")}
SAID = {
    "rise": ("{points} points below {tier}", "距{tier}级还差{points}分"),
    "fall": (
        "{points} points above the border of its tier; {margin:g} points below that border, or {runs} runs in a row under it, it would be {tier}",
        "高出本级下限{points}分；低于下限{margin:g}分，或连续{runs}次评价低于下限，则降为{tier}级",
    ),
    "by": ("{label} at {needed} alone would do it (now {now})", "仅{label}达到{needed}即可（现为{now}）"),
    "to": ("{label} at {needed} alone would do it (now {now})", "仅{label}变为{needed}即会如此（现为{now}）"),
    "none": ("no single indicator does it", "任何单项指标都不足以改变"),
    "under": (
        "{side} {score} is {points} points below {border}: from there on it would be {quadrant}",
        "{side}{score}分，距{border}分还差{points}分；达到后象限变为“{quadrant}”",
    ),
    "over": (
        "{side} {score} is {points} points above {border}: below that it would be {quadrant}",
        "{side}{score}分，高出{border}分{points}分；低于该线则象限变为“{quadrant}”",
    ),
}
CREDIT = {
    "pay": ("Paying the {number} it owes would make it {to} ({score} points)", "结清欠费{number}后，信用升为{to}级（{score}分）"),
    "fewer_late": (
        "{number} late bills fewer in 12 months would make it {to} ({score} points)",
        "近12个月逾期减少{number}笔，信用升为{to}级（{score}分）",
    ),
    "pay_and_fewer": (
        "Paying what it owes and {number} late bills fewer in 12 months would make it {to} ({score} points)",
        "结清欠费且近12个月逾期减少{number}笔，信用升为{to}级（{score}分）",
    ),
    "more_late": (
        "{number} more late bills in 12 months would make it {to} ({score} points)",
        "近12个月再逾期{number}笔，信用降为{to}级（{score}分）",
    ),
    "overdue": ("Debt overdue for {number} days would make it {to} ({score} points)", "欠费逾期满{number}天，信用降为{to}级（{score}分）"),
    "barred": ("Nothing it pays raises the grade while this holds: {why}", "下列情形解除前，缴费不能提升信用等级：{why}"),
    "best": ("The best grade", "已为最高等级"),
}
ONE_LATE = {"fewer_late": "One late bill fewer in 12 months would make it {to} ({score} points)",
            "more_late": "One more late bill in 12 months would make it {to} ({score} points)"}  # fmt: skip


def _index(language):
    return 1 if language.lower().startswith("zh") else 0


def change_words(change: Change | None, language: str, *, falls: bool) -> str:
    index = _index(language)
    if change is None:
        return SAID["none"][index]
    unit = UNITS.get(change.feature, "number")
    told = {"label": label(change.feature, language), "needed": number(change.needed, unit, index), "now": number(change.now, unit, index)}
    return SAID["to" if falls else "by"][index].format(**told)


def tier_words(found: dict, policy: ValuePolicy, language: str) -> dict[str, str]:
    """{"rise": sentence, "fall": sentence} of `nearest.of_tier`."""
    index, out = _index(language), {}
    for way in ("rise", "fall"):
        if way in found:
            told = {"points": f"{found[way]['points']:.1f}", "tier": TIER_WORDS[found[way]["to"]][index]}
            said = SAID[way][index].format(**told, margin=policy.margin, runs=policy.runs)
            out[way] = said + ("；" if index else "; ") + change_words(found[way]["change"], language, falls=way == "fall")
    return out


def quadrant_words(found: list[dict], language: str) -> list[str]:
    """A sentence for each side, the nearer first."""
    index, out = _index(language), []
    for row in found:
        falls = row["score"] >= row["border"]
        told = {
            "side": SIDE_WORDS[row["side"]][index],
            "score": f"{row['score']:.1f}",
            "border": f"{row['border']:g}",
            "points": f"{row['points']:.1f}",
        }
        said = SAID["over" if falls else "under"][index].format(**told, quadrant=QUADRANT_WORDS[row["to"]][index])
        out.append(said + ("；" if index else "; ") + change_words(row["change"], language, falls=falls))
    return out


def grade_words(found: dict, language: str) -> list[str]:
    """What would raise the grade and what would lower it, of `nearest_credit.of_grade`."""
    index, out = _index(language), []
    if found["grade"] == "A":
        out.append(CREDIT["best"][index])
    elif found["rise"]:
        out.append(_credit(found["rise"], index))
    elif found["bars"]:
        why = ("；" if index else "; ").join(_bar(code, index) for code in found["bars"])
        out.append(CREDIT["barred"][index].format(why=why))
    if found["fall"]:
        out.append(_credit(found["fall"], index))
    return out


def _credit(found, index):
    code, many = found["code"], found["number"]
    said = CREDIT[code][index]
    if not index and many == 1 and code in ONE_LATE:
        said = ONE_LATE[code]
    shown = number(many, "fen", index) if code == "pay" else f"{many:,.0f}"
    return said.format(number=shown, to=found["to"], score=f"{found['score']:.1f}")


def _bar(code, index):
    """The reason a bar gives, its numbers left out."""
    short = {
        "debt_months": ("debt of three months and more", "当年欠费三个月及以上"),
        "old_debt": ("debt carried over the year end", "陈欠未结清"),
    }
    words = REASONS[code]
    return short[code][index] if code in short else (words.zh if index else words.en)

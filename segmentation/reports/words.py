"""Whose words the keys of a breakdown are: units, categories, tiers, channels, industries."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.billing.models import Payment
from crm.people.models import Unit, User
from crm.taxonomy import labels
from crm.tickets.taxonomy import channel_label
from segmentation.runs.models import Quadrant, RiskBand, Tier, UsageState

INDUSTRIES = {
    "A": ("Agriculture, forestry, fishing", "农、林、牧、渔业"), "B": ("Mining", "采矿业"), "C": ("Manufacturing", "制造业"),
    "D": ("Power, heat, gas and water", "电力、热力、燃气及水生产和供应业"), "E": ("Construction", "建筑业"), "F": ("Wholesale and retail", "批发和零售业"),
    "G": ("Transport, storage, post", "交通运输、仓储和邮政业"), "H": ("Hotels and catering", "住宿和餐饮业"), "I": ("Information technology", "信息传输、软件和信息技术服务业"),
    "J": ("Finance", "金融业"), "K": ("Real estate", "房地产业"), "L": ("Leasing and business services", "租赁和商务服务业"),
    "M": ("Science and technical services", "科学研究和技术服务业"), "N": ("Water, environment, public facilities", "水利、环境和公共设施管理业"),
    "O": ("Repair and other services", "居民服务、修理和其他服务业"), "P": ("Education", "教育"), "Q": ("Health and social work", "卫生和社会工作"),
    "R": ("Culture, sports, entertainment", "文化、体育和娱乐业"), "S": ("Public administration", "公共管理、社会保障和社会组织"), "T": ("International organisations", "国际组织"),
}  # fmt: skip


def _chosen(choices):
    words = dict(choices)
    return lambda key: str(words.get(key, key))


def _industry(letter):
    if letter == "":
        return _("Industry not on file")
    pair = INDUSTRIES.get(letter)
    return pair[(get_language() or "").startswith("zh")] if pair else letter


def _quarter(key):
    return _("%(year)s Q%(quarter)s") % {"year": key[:4], "quarter": key[-1]}


def _outcome(key):
    words = {
        "declined": _("use declines"), "closed": _("account closes"), "switched": _("switches supplier"), "reduced": _("reduces capacity"),
        "self_supply": _("supplies itself"),
    }  # fmt: skip
    return words.get(key, key)


def _reason(key):
    """What weighs, without the numbers of one account."""
    words = {
        "stopped": _("use stopped"), "collapsed": _("use collapsed"), "usage_down": _("three months' use well down"), "month_down": _("latest month well down"),
        "base_down": _("a year's use below its best year"), "worsening": _("the fall is speeding up"), "young_down": _("a young account's use is down"),
        "returned": _("back after a stop"), "contract_end": _("the contract ends"), "arrears": _("overdue bills"), "complaints": _("complaints"),
        "open_complaints": _("open complaints"), "price_up": _("the price rose"), "self_supply": _("own generation"), "capacity_idle": _("idle capacity"),
    }  # fmt: skip
    return words.get(key, key)


WORDS = {
    "": str,
    "month": lambda key: str(key)[:7],
    "quarter": _quarter,
    "area": _chosen(Unit.Kind.choices),
    "category": _chosen(Account.Category.choices),
    "tier": lambda key: str(dict(Tier.choices)["" if key == "unscored" else key]),
    "quadrant": _chosen(Quadrant.choices),
    "band": _chosen(RiskBand.choices),
    "use": _chosen(UsageState.choices),
    "payment": _chosen(Payment.Channel.choices),
    "channel": lambda key: channel_label(key),
    "kind": lambda key: labels.label("kind", key),
    "class": lambda key: labels.label("class", key),
    "cause": lambda key: labels.label("cause", key) if key else _("No root cause recorded"),
    "outcome": lambda key: _outcome(key),
    "reason": lambda key: _reason(key),
    "industry": _industry,
    "grade": lambda key: _("grade %(grade)s") % {"grade": key} if key in ("A", "B", "C") else _("not rated"),
}


def units_of(codes) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}


def people_of(keys) -> dict[str, User]:
    return {str(person.pk): person for person in User.objects.filter(pk__in=[key for key in keys if key])}


# Keys that have an order of their own, rather than that of the alphabet.
ORDERS = {
    "band": ["high", "elevated", "watch", "low"],
    "quadrant": [value for value in Quadrant.values if value],
    "tier": [value for value in Tier.values if value] + ["unscored"],
    "category": list(Account.Category.values),
}


def in_order(kind, rows: list[list]) -> list[list]:
    order = ORDERS.get(kind)
    return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order)) if order else rows


def words_of(kind, key) -> str:
    return WORDS[kind](key)

"""Structure: what the account is, rather than what it does."""

import narwhals as nw

from .feature import Feature

MEASURES = {}
SUBSTITUTES = ("has_pv", "has_storage", "has_captive_plant", "has_gas")


def _own(name, column, english, chinese):
    return Feature(name, "flag", {"en": english, "zh-hans": chinese}, ("accounts",), nw.col(column), nw.Boolean())


FEATURES = (
    _own("own_pv", "has_pv", "Has its own photovoltaic plant", "自有光伏"),
    _own("own_storage", "has_storage", "Has its own storage", "自有储能"),
    _own("own_plant", "has_captive_plant", "Has a captive power plant", "自备电厂"),
    _own("uses_gas", "has_gas", "Can use gas instead", "可用燃气替代"),
    Feature(
        "substitutes",
        "kinds",
        {"en": "Own substitutes: PV, storage, captive plant, gas", "zh-hans": "替代能源种类数（光伏、储能、自备电厂、燃气）"},
        ("accounts",),
        nw.when(~nw.col("has_pv").is_null()).then(
            nw.sum_horizontal(*[nw.col(flag).fill_null(False).cast(nw.Int64) for flag in SUBSTITUTES])
        ),
        nw.Int64(),
    ),
    Feature(
        "high_voltage",
        "flag",
        {"en": "Supplied at 10 kV or above", "zh-hans": "高压用户（10千伏及以上）"},
        ("accounts",),
        nw.col("voltage_kv") >= 10,
        nw.Boolean(),
    ),
    Feature(
        "market_exposed",
        "flag",
        {"en": "Buys on the market: retail supplier or wholesale", "zh-hans": "参与市场化交易（售电公司或批发）"},
        ("accounts",),
        nw.col("market_status").is_in(["retailer", "wholesale"]),
        nw.Boolean(),
    ),
)

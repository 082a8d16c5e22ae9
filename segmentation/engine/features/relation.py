"""Relation: how long we know each other, when we last met, what was promised until when."""

import narwhals as nw

from .feature import Feature, Measure

MEASURES = {
    "engagement": (
        Measure("visits_year", nw.when((nw.col("kind") == "visit") & (nw.col("days") < 365)).then(nw.col("days")), "count"),
        Measure("contacts_year", nw.when(nw.col("days") < 365).then(nw.col("days")), "count"),
        Measure("contact_days_min", nw.col("days"), "min"),
    ),
    "entitlements": (Measure("entitled_days", nw.col("days_left"), "max"), Measure("entitled_count", nw.col("days_left"), "count")),
}

FEATURES = (
    Feature(
        "tenure_years",
        "years",
        {"en": "Years since the account was opened", "zh-hans": "开户年限"},
        ("accounts",),
        nw.col("open_days") / 365.25,
    ),
    Feature(
        "visits_12m",
        "visits",
        {"en": "Visits in 12 months", "zh-hans": "近12个月走访次数"},
        ("engagement",),
        nw.col("visits_year").fill_null(0),
        nw.Int64(),
    ),
    Feature(
        "contacts_12m",
        "times",
        {"en": "Visits, calls and seminars in 12 months", "zh-hans": "近12个月接触次数（走访、电话、宣讲）"},
        ("engagement",),
        nw.col("contacts_year").fill_null(0),
        nw.Int64(),
    ),
    Feature(
        "contact_days",
        "days",
        {"en": "Days since the last visit, call or seminar", "zh-hans": "距上次接触天数"},
        ("engagement",),
        nw.col("contact_days_min"),
        nw.Int64(),
    ),
    Feature(
        "entitled",
        "flag",
        {"en": "Has a service entitlement in force", "zh-hans": "享有有效绿色通道等服务权益"},
        ("entitlements",),
        ~nw.col("entitled_days").is_null(),
        nw.Boolean(),
    ),
    Feature(
        "services_in_force",
        "kinds",
        {"en": "Services it is entitled to now", "zh-hans": "当前享有的服务权益数"},
        ("entitlements",),
        nw.col("entitled_count").fill_null(0),
        nw.Int64(),
    ),
    Feature(
        "contract_days_left",
        "days",
        {"en": "Days until the supply contract ends (negative: it ended)", "zh-hans": "合同剩余天数（负为已到期）"},
        ("accounts",),
        nw.col("contract_days"),
        nw.Int64(),
    ),
)

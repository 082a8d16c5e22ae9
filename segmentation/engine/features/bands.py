"""Bands, demand and power factor. Shares are of the kWh that were read by band, so accounts on one register are null, not 0."""

import narwhals as nw

from .feature import YEARS, Feature, Measure, ratio

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")
YEAR = YEARS[0]
_with_demand = nw.when(~nw.col("max_demand_kw").is_null())

MEASURES = {
    "bills": (
        *(Measure(f"{band}_12m", nw.col(f"{band}_kwh"), "sum", YEAR) for band in BANDS),
        Measure("max_demand_12m", nw.col("max_demand_kw"), "max", YEAR),
        Measure("kwh_with_demand", _with_demand.then(nw.col("kwh")), "sum", YEAR),
        Measure("days_with_demand", _with_demand.then(nw.col("days_in_period")), "sum", YEAR),
        Measure("power_factor_12m", nw.col("power_factor"), "mean", YEAR),
    )
}

_by_band = nw.sum_horizontal(*[nw.col(f"{band}_12m") for band in BANDS])
_in_words = {
    "sharp": ("sharp-peak hours", "尖峰"),
    "peak": ("peak hours", "高峰"),
    "flat": ("flat hours", "平段"),
    "valley": ("valley and deep-valley hours", "谷段（含深谷）"),
}


def _share(band):
    english, chinese = _in_words[band]
    used = nw.col(f"{band}_12m") if band != "valley" else nw.col("valley_12m") + nw.col("deep_valley_12m")
    meaning = {"en": f"Share of 12 months' use in {english}", "zh-hans": f"近12个月{chinese}电量占比"}
    return Feature(f"{band}_share", "share", meaning, ("bills",), ratio(used, _by_band))


FEATURES = (
    *(_share(band) for band in _in_words),
    Feature(
        "max_demand_kw", "kW", {"en": "Highest demand of 12 months", "zh-hans": "近12个月最大需量"}, ("bills",), nw.col("max_demand_12m")
    ),
    Feature(
        "load_factor",
        "share",
        {"en": "Mean load over highest demand", "zh-hans": "负荷率（平均负荷/最大需量）"},
        ("bills",),
        ratio(nw.col("kwh_with_demand"), nw.col("max_demand_12m") * nw.col("days_with_demand") * 24.0),
    ),
    Feature(
        "capacity_use",
        "share",
        {"en": "Highest demand of 12 months over contract capacity", "zh-hans": "容量利用率（最大需量/合同容量）"},
        ("accounts", "bills"),
        ratio(nw.col("max_demand_12m"), nw.col("contract_kva")),
    ),
    Feature(
        "power_factor",
        "share",
        {"en": "Mean power factor of 12 months", "zh-hans": "近12个月平均功率因数"},
        ("bills",),
        nw.col("power_factor_12m"),
    ),
)

"""Bills: one row per account and month."""

from django.utils.translation import gettext_lazy as _

from crm.billing.models import Bill
from crm.changes import services as changes
from crm.imports import fields, landing, staging
from crm.imports.fields import Field
from crm.imports.kinds.kind import Kind

KWH = fields.number(16, 2, least=0)
YUAN = fields.number(14, 2)

ACCOUNT = Field(
    "account",
    _("Account number"),
    ("account number", "account no", "consumer number", "户号", "用户编号", "用电户号", "用电户"),
    fields.account_number,
    required=True,
    example="3304012289",
)


def _kwh(name, title, *aliases, **more):
    return Field(name, title, aliases, KWH, "numeric(16,2)", **more)


def _yuan(name, title, *aliases, **more):
    return Field(name, title, aliases, YUAN, "numeric(14,2)", **more)


FIELDS = (
    ACCOUNT,
    Field(
        "period",
        _("Month"),
        ("month", "billing month", "billing period", "year month", "月份", "账期", "电费年月", "年月"),
        fields.month,
        "date",
        required=True,
        example="2026-10",
    ),
    _kwh(
        "kwh",
        _("kWh"),
        "total kwh",
        "energy",
        "consumption",
        "usage",
        "energy kwh",
        "总用电量",
        "总电量",
        "用电量",
        "电量",
        required=True,
        example="125000",
    ),
    _kwh("sharp_kwh", _("Sharp, kWh"), "sharp", "尖峰电量", "尖电量", "尖"),
    _kwh("peak_kwh", _("Peak, kWh"), "peak", "高峰电量", "峰电量", "峰", example="41000"),
    _kwh("flat_kwh", _("Flat, kWh"), "flat", "平段电量", "平电量", "平", example="44000"),
    _kwh("valley_kwh", _("Valley, kWh"), "valley", "低谷电量", "谷电量", "谷", example="40000"),
    _kwh("deep_valley_kwh", _("Deep valley, kWh"), "deep valley", "深谷电量", "深谷"),
    Field(
        "max_demand_kw",
        _("Max demand, kW"),
        ("max demand", "maximum demand", "demand kw", "最大需量"),
        fields.number(12, 2, least=0),
        "numeric(12,2)",
        example="480",
    ),
    Field("kvarh", _("kvarh"), ("reactive energy", "reactive kvarh", "无功电量"), fields.number(16, 2), "numeric(16,2)"),
    Field(
        "power_factor",
        _("Power factor"),
        ("pf", "cos phi", "功率因数", "力率"),
        fields.number(3, 2, least=0, most=1),
        "numeric(3,2)",
        example="0.93",
    ),
    _yuan("basic_charge", _("Basic charge, yuan"), "basic charge", "capacity charge", "基本电费"),
    _yuan("energy_charge", _("Energy charge, yuan"), "energy charge", "电度电费"),
    _yuan("adjustment", _("Power-factor adjustment, yuan"), "power factor adjustment", "力调电费", "功率因数调整电费"),
    _yuan("funds", _("Funds, yuan"), "funds and surcharges", "surcharges", "基金及附加", "代征电费", "基金"),
    _yuan("total", _("Total, yuan"), "amount", "total amount", "bill amount", "电费", "总电费", "应收电费", "电费合计", example="82310.55"),
    Field("issued_on", _("Issued on"), ("issue date", "bill date", "出账日期", "发行日期"), fields.date, "date", example="2026-11-01"),
    Field("due_on", _("Due on"), ("due date", "pay by", "缴费截止日期", "缴费期限", "截止日期"), fields.date, "date", example="2026-11-20"),
)

# What a column missing from the file, or an empty cell, leaves in `issued_on`: a bill is known at the end of its month.
ISSUED = "coalesce({given}t.issued_on, (s.period + interval '1 month' - interval '1 day')::date)"
MOST_MONTHS = 120


def check_account():
    staging.complain(
        code="unknown_account",
        field="account",
        rows=f"{staging.STAGE} s left join crm_account a on a.number = s.account where s.account is not null and a.id is null",
    )


def _check(load):
    check_account()


def _target(load):
    given = "s.issued_on, " if "issued_on" in load.present else ""
    plain = [each for each in FIELDS if each.name not in ("account", "period", "issued_on")]
    return landing.Target(
        model=Bill,
        key={"account_id": "a.id", "period": "s.period"},
        source=f"{staging.STAGE} s join crm_account a on a.number = s.account",
        columns=[*landing.columns_for(plain, load.present), landing.Column("issued_on", ISSUED.format(given=given))],
        month="period",
        near=_months_staged(),
    )


def _months_staged():
    """The months of the file as constants: the planner leaves the partitions of other years, and a year's other months, alone."""
    months = staging.run(f"select distinct period from {staging.STAGE} where period is not null order by 1 limit {MOST_MONTHS + 1}")
    if not 1 <= len(months) <= MOST_MONTHS:
        return "true"
    return f"t.period in ({', '.join(landing.literal(month) for (month,) in months)})"


def _judge(load):
    if "issued_on" not in load.present:
        load.notes.append({"code": "issued_assumed", "params": {}})
    return landing.judge(_target(load))


def _land(load):
    months = landing.land(_target(load), constants={"batch_id": landing.literal(load.batch_id)})
    changes.touch(table="bills", periods=months)


KIND = Kind(name="bills", fields=FIELDS, key=("account", "period"), check=_check, judge=_judge, land=_land)

"""Accounts with their customers, in one file: a row is an account; customers repeat."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts import services as accounts
from crm.accounts.models import Account
from crm.customers.models import Customer
from crm.imports import fields, landing, staging
from crm.imports.fields import Field
from crm.imports.kinds.bills import ACCOUNT
from crm.imports.kinds.kind import Kind
from crm.people.roles import Role

CUSTOMER_FATES = "import_customer_fate"

CATEGORIES = {
    "大工业": "large_industrial",
    "大工业用电": "large_industrial",
    "一般工商业": "general_commercial",
    "一般工商业用电": "general_commercial",
    "工商业": "general_commercial",
    "居民": "residential",
    "居民生活": "residential",
    "居民生活用电": "residential",
    "农业": "agricultural",
    "农业生产": "agricultural",
    "充电": "ev_charging",
    "充电桩": "ev_charging",
    "充换电设施": "ev_charging",
    "其他": "other",
}
MARKETS = {
    "电网企业保底": "regulated",
    "目录电价": "regulated",
    "非市场化": "regulated",
    "代理购电": "agency",
    "售电公司": "retailer",
    "零售": "retailer",
    "批发": "wholesale",
    "直接交易": "wholesale",
}
GRADES = {"特级": "special", "一级": "1", "二级": "2", "临时": "temporary", "临时性": "temporary", "grade 1": "1", "grade 2": "2"}
STATUSES = {"正常": "active", "在用": "active", "正常用电": "active", "暂停": "suspended", "销户": "closed", "已销户": "closed"}
KINDS = {
    "企业": "organisation",
    "单位": "organisation",
    "组织": "organisation",
    "company": "organisation",
    "个人": "person",
    "居民": "person",
    "individual": "person",
}
MODES = {"后付费": "postpaid", "预付费": "prepaid"}
KW = fields.number(10, 2, least=0)

CUSTOMER_FIELDS = (
    Field(
        "customer_kind", _("Kind of customer"), ("customer type", "客户类型"), fields.choice(Customer.Kind, KINDS), default="organisation"
    ),
    Field(
        "customer_name",
        _("Customer"),
        ("customer name", "name", "customer", "客户名称", "用户名称", "户名"),
        fields.text(200),
        required=True,
        example="华鑫精密铸造有限公司",
    ),
    Field(
        "customer_name_en",
        _("English name"),
        ("name en", "english name", "英文名称"),
        fields.text(200),
        default="",
        example="Huaxin Precision Casting",
    ),
    Field(
        "credit_code",
        _("Unified social credit code"),
        ("uscc", "social credit code", "统一社会信用代码", "信用代码"),
        fields.pattern(r"[0-9A-HJ-NP-RTUW-Y]{18}", "bad_credit_code"),
    ),
    Field(
        "industry",
        _("Industry (GB/T 4754)"),
        ("industry code", "行业代码", "行业"),
        fields.pattern(r"[A-T]\d{2,4}", "bad_industry"),
        default="",
        example="C3391",
    ),
    Field("phone", _("Phone"), ("telephone", "contact phone", "联系电话", "电话"), fields.text(30), default=""),
    Field("customer_address", _("Customer's address"), ("registered address", "客户地址", "注册地址"), fields.text(300), default=""),
)

PLAIN_FIELDS = (
    Field("external_id", _("Identifier at the source"), ("source id", "外部编号", "源系统编号"), fields.text(40), default=""),
    Field(
        "category",
        _("Category"),
        ("account category", "use category", "用电类别", "用电性质"),
        fields.choice(Account.Category, CATEGORIES),
        required=True,
        example="large_industrial",
    ),
    Field(
        "voltage_kv",
        _("Voltage, kV"),
        ("voltage", "电压等级", "供电电压"),
        fields.one_of(Account.VOLTAGES_KV, "kv"),
        "numeric(5,2)",
        example="10",
    ),
    Field(
        "contract_kva",
        _("Contract capacity, kVA"),
        ("capacity", "contract capacity", "合同容量", "运行容量"),
        fields.number(12, 2, positive=True),
        "numeric(12,2)",
        example="630",
    ),
    Field(
        "billing_mode",
        _("Billing"),
        ("payment mode", "付费方式", "缴费方式"),
        fields.choice(Account.BillingMode, MODES),
        default="postpaid",
    ),
    Field(
        "market_status",
        _("Market status"),
        ("market", "市场化属性", "市场化属性分类"),
        fields.choice(Account.MarketStatus, MARKETS),
        default="regulated",
    ),
    Field("retailer", _("Retail supplier"), ("retail supplier", "售电公司名称", "售电公司"), fields.text(100), default=""),
    Field("contract_ends_on", _("Contract ends on"), ("contract end", "合同到期日", "合同到期日期"), fields.date, "date"),
    Field(
        "important_grade",
        _("Important-customer grade"),
        ("important grade", "重要用户等级", "重要客户等级"),
        fields.choice(Account.ImportantGrade, GRADES),
        default="",
    ),
    Field("pv_kw", _("Own PV, kW"), ("pv", "光伏容量", "分布式光伏容量"), KW, "numeric(10,2)"),
    Field("storage_kwh", _("Own storage, kWh"), ("storage", "储能容量"), KW, "numeric(10,2)"),
    Field("has_captive_plant", _("Captive plant"), ("captive plant", "自备电厂"), fields.flag, "boolean", default=False),
    Field("has_gas", _("Gas as a substitute"), ("gas", "天然气替代", "燃气替代"), fields.flag, "boolean", default=False),
    Field("theft_found_on", _("Theft found on"), ("theft found", "窃电查处日期"), fields.date, "date"),
    Field(
        "hazard_open",
        _("Safety hazard not corrected"),
        ("safety hazard", "安全隐患", "安全隐患未整改"),
        fields.flag,
        "boolean",
        default=False,
    ),
    Field("status", _("Status"), ("account status", "用户状态", "状态"), fields.choice(Account.Status, STATUSES), default="active"),
    Field("opened_on", _("Opened on"), ("open date", "立户日期", "开户日期"), fields.date, "date", example="2015-05-01"),
    Field("closed_on", _("Closed on"), ("close date", "销户日期"), fields.date, "date"),
    Field("address", _("Supply address"), ("address", "用电地址", "地址"), fields.text(300), default="", example="杭州市上城区解放路 8 号"),
)

FIELDS = (
    ACCOUNT,
    Field("customer_number", _("Customer number"), ("customer no", "customer id", "客户编号"), fields.text(20), example="C3304012289"),
    *CUSTOMER_FIELDS,
    Field("unit", _("Unit"), ("unit code", "supply unit", "供电单位", "供电单位编码", "单位编码"), fields.text(11), example="33401"),
    Field("manager", _("Customer manager"), ("manager username", "account manager", "客户经理"), fields.text(150)),
    Field("tariff_plan", _("Tariff plan"), ("tariff", "tariff code", "电价", "电价码", "电价方案"), fields.text(50)),
    Field("changed_on", _("Changed on"), ("change date", "effective date", "变更日期", "生效日期"), fields.date, "date"),
    *PLAIN_FIELDS,
)

LATEST_PLAN = "left join lateral (select id from crm_tariffplan where code = s.tariff_plan order by valid_from desc limit 1) p on true"


def _check(load):
    present, stage = load.present, f"{staging.STAGE} s"
    if "unit" in present:
        staging.complain(
            code="unknown_unit",
            field="unit",
            rows=f"{stage} where s.unit is not null and not exists (select from crm_unit where code = s.unit)",
        )
    if not load.unit_id:
        none = "s.unit is null" if "unit" in present else "true"
        new = "not exists (select from crm_account where number = s.account)"
        staging.complain(code="unit_needed", field="unit", value="''", rows=f"{stage} where {none} and {new}")
    if "manager" in present:
        known = f"select from crm_user where username = s.manager and is_active and role = '{Role.MANAGER}'"
        staging.complain(code="unknown_manager", field="manager", rows=f"{stage} where s.manager is not null and not exists ({known})")
    if "tariff_plan" in present:
        staging.complain(
            code="unknown_tariff_plan",
            field="tariff_plan",
            rows=f"{stage} where s.tariff_plan is not null and not exists (select from crm_tariffplan where code = s.tariff_plan)",
        )
    _check_closed(present, stage)
    staging.drop_bad_rows()
    _check_customers(present, stage)


def _check_closed(present, stage):
    """Together with what stands: a file may close an account whose date is already known, never leave a closed one without."""
    status = "coalesce(s.status, a.status)" if "status" in present else "a.status"
    closed_on = "s.closed_on" if "closed_on" in present else "a.closed_on"
    rows = f"{stage} left join crm_account a on a.number = s.account where {status} = 'closed' and {closed_on} is null"
    staging.complain(code="closed_without_date", field="closed_on", value="''", rows=rows)


def _number(present):
    """The customer a row belongs to: named, or the one the account has, or one of its own."""
    given = "s.customer_number, " if "customer_number" in present else ""
    stands = "select c.number from crm_account a join crm_customer c on c.id = a.customer_id where a.number = s.account"
    return f"coalesce({given}({stands}), 'C' || s.account)"


def _check_customers(present, stage):
    told = [each.name for each in CUSTOMER_FIELDS if each.name in present]
    same = ", ".join(f's."{name}"' for name in told)
    first = f"""(select s.*, {_number(present)} as number_, row({same})::text as told,
        first_value(s.row_number) over w as first_row, first_value(row({same})::text) over w as first_told
      from {stage} window w as (partition by {_number(present)} order by s.row_number)) s"""
    staging.complain(
        code="customer_differs",
        field="customer_name",
        rows=f"{first} where s.told <> s.first_told",
        params="jsonb_build_object('first', s.first_row)",
    )
    if "credit_code" in present:
        taken = f"{first} join crm_customer c on c.credit_code = s.credit_code and c.number <> s.number_"
        staging.complain(code="credit_code_taken", field="credit_code", rows=taken, params="jsonb_build_object('number', c.number)")
        twice = f"""(select s.*, first_value(s.number_) over (partition by s.credit_code order by s.row_number) as owner from {first}
            where s.credit_code is not null) s where s.number_ <> s.owner"""
        staging.complain(code="credit_code_taken", field="credit_code", rows=twice, params="jsonb_build_object('number', s.owner)")


def _customers(load):
    names = {"customer_kind": "kind", "customer_name": "name", "customer_name_en": "name_en", "customer_address": "address"}
    numbered = f"select s.*, {_number(load.present)} as number_ from {staging.STAGE} s"
    return landing.Target(
        model=Customer,
        fates=CUSTOMER_FATES,
        key={"number": "s.number_"},
        source=f"(select distinct on (number_) * from ({numbered}) n order by number_, row_number) s",
        columns=landing.columns_for(CUSTOMER_FIELDS, load.present, names),
    )


def _accounts(load):
    """The customer may not be written yet when fates are judged; it is resolved again when they are landed."""
    present = load.present
    unit = landing.literal(load.unit_id)
    columns = landing.columns_for(PLAIN_FIELDS, present)
    columns.append(landing.Column("customer_id", "c.id"))
    given = "u.id, " if "unit" in present else ""
    columns.append(landing.Column("unit_id", f"coalesce({given}t.unit_id, {unit}::bigint)"))
    columns += [landing.Column("manager_id", "m.id")] if "manager" in present else []
    columns += [landing.Column("tariff_plan_id", "p.id")] if "tariff_plan" in present else []
    joins = [f"(select s.*, {_number(present)} as number_ from {staging.STAGE} s) s left join crm_customer c on c.number = s.number_"]
    joins += ["left join crm_unit u on u.code = s.unit"] if "unit" in present else []
    joins += ["left join crm_user m on m.username = s.manager"] if "manager" in present else []
    joins += [LATEST_PLAN] if "tariff_plan" in present else []
    return landing.Target(model=Account, key={"number": "s.account"}, source=" ".join(joins), columns=columns)


def _judge(load):
    landing.judge(_customers(load))
    landing.judge(_accounts(load))
    staging.run(
        f"""update {staging.FATES} f set fate = 'changed' from {staging.STAGE} s
            join {CUSTOMER_FATES} c on c.number = {_number(load.present)}
            where s.row_number = f.row_number and f.fate = 'same' and c.fate <> 'same'"""
    )
    return {"new": 0, "changed": 0, "same": 0} | dict(staging.run(f"select fate, count(*) from {staging.FATES} group by fate"))


def _land(load):
    landing.land(_customers(load))
    # Names and phones are in the search text of every account of the customer, not only of those in the file.
    touched = staging.run(f"select id from crm_customer where number in (select number from {CUSTOMER_FATES} where fate = 'changed')")
    landing.judge(_accounts(load))
    _note_changes(load)
    landing.land(_accounts(load))
    written = [number for (number,) in staging.run(f"select number from {staging.FATES} where fate <> 'same'")]
    accounts.refresh_search(accounts=Account.objects.filter(number__in=written).order_by())
    accounts.refresh_search(accounts=Account.objects.filter(customer__in=[pk for (pk,) in touched]).exclude(number__in=written).order_by())


# Columns of the table -> what the dated record calls them, and the value as its text.
DATED = {
    "market_status": ("market_status", "{0}"),
    "contract_kva": ("contract_kva", "{0}::float8::text"),
    "status": ("status", "{0}"),
    "pv_kw": ("has_pv", "(coalesce({0}, 0) > 0)::text"),
    "storage_kwh": ("has_storage", "(coalesce({0}, 0) > 0)::text"),
    "has_captive_plant": ("has_captive_plant", "{0}::text"),
    "has_gas": ("has_gas", "{0}::text"),
    "contract_ends_on": ("contract_ends_on", "{0}::text"),
}


def _note_changes(load):
    """What the rows change of capacity, market, own supply and contract, with the day the file gives or the day it came; before they land."""
    came = landing.literal(timezone.localtime(load.at).date().isoformat())
    on = f"coalesce(s.changed_on, {came}::date)" if "changed_on" in load.present else f"{came}::date"
    for column, (field, text) in DATED.items():
        if column in load.present:
            old, new = text.format(f"t.{column}"), text.format(f"f.{column}")
            staging.run(
                f"""insert into crm_accountchange (account_id, field, old, new, happened_on)
                select t.id, '{field}', coalesce({old}, ''), coalesce({new}, ''), {on}
                from {staging.FATES} f join crm_account t on t.number = f.number join {staging.STAGE} s on s.row_number = f.row_number
                where f.fate = 'changed' and {old} is distinct from {new}
                on conflict (account_id, field, happened_on) do update set new = excluded.new"""
            )


KIND = Kind(name="accounts", fields=FIELDS, key=("account",), check=_check, judge=_judge, land=_land)

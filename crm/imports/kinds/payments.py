"""Payments: money received, known by its receipt number."""

from django.utils.translation import gettext_lazy as _

from crm.billing.models import Payment
from crm.changes import services as changes
from crm.imports import fields, landing, staging
from crm.imports.fields import Field
from crm.imports.kinds.bills import ACCOUNT, check_account
from crm.imports.kinds.kind import Kind

CHANNELS = {
    "银行代扣": "bank",
    "银行": "bank",
    "代扣": "bank",
    "转账": "transfer",
    "对公转账": "transfer",
    "网银": "transfer",
    "掌上电力": "app",
    "网上国网": "app",
    "微信": "app",
    "支付宝": "app",
    "营业厅": "counter",
    "柜台": "counter",
    "现金": "counter",
    "其他": "other",
}

FIELDS = (
    ACCOUNT,
    Field(
        "receipt",
        _("Receipt number"),
        ("receipt no", "payment number", "transaction", "收据号", "缴费流水号", "流水号", "交易流水号"),
        fields.text(40),
        required=True,
        example="R202611030001",
    ),
    Field(
        "paid_on",
        _("Paid on"),
        ("payment date", "date", "paid date", "缴费日期", "收费日期", "到账日期"),
        fields.date,
        "date",
        required=True,
        example="2026-11-03",
    ),
    Field(
        "amount",
        _("Amount, yuan"),
        ("amount paid", "paid amount", "缴费金额", "实收金额", "金额"),
        fields.number(14, 2, nonzero=True),
        "numeric(14,2)",
        required=True,
        example="82310.55",
    ),
    Field(
        "period",
        _("For the bill of"),
        ("month", "billing month", "bill month", "月份", "账期", "电费年月", "所属年月"),
        fields.month,
        "date",
        example="2026-10",
    ),
    Field(
        "channel",
        _("Channel"),
        ("payment channel", "method", "缴费渠道", "缴费方式", "渠道"),
        fields.choice(Payment.Channel, CHANNELS),
        default="other",
        example="bank",
    ),
)


def _check(load):
    check_account()
    staging.complain(
        code="receipt_elsewhere",
        field="receipt",
        params="jsonb_build_object('number', a.number)",
        rows=f"{staging.STAGE} s join crm_payment p on p.receipt = s.receipt join crm_account a on a.id = p.account_id"
        " where a.number <> s.account",
    )


def _target(load):
    plain = [each for each in FIELDS if each.name not in ("account", "receipt")]
    return landing.Target(
        model=Payment,
        key={"receipt": "s.receipt"},
        source=f"{staging.STAGE} s join crm_account a on a.number = s.account",
        month="paid_on",
        columns=[*landing.columns_for(plain, load.present), landing.Column("account_id", "a.id")],
    )


def _judge(load):
    return landing.judge(_target(load))


def _land(load):
    months = landing.land(_target(load), constants={"batch_id": landing.literal(load.batch_id)})
    changes.touch(table="payments", periods=months)


KIND = Kind(name="payments", fields=FIELDS, key=("receipt",), check=_check, judge=_judge, land=_land)

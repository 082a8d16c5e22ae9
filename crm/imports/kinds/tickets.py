"""Tickets from another system: each known by its number there."""

from django.utils.translation import gettext_lazy as _

from crm.changes import services as changes
from crm.imports import fields, landing, staging
from crm.imports.fields import Field
from crm.imports.kinds.bills import ACCOUNT
from crm.imports.kinds.kind import Kind
from crm.service_levels import services as service_levels
from crm.tickets import models as tickets
from crm.tickets.taxonomy import Channel

KINDS = {
    "投诉": "complaint",
    "咨询": "enquiry",
    "查询": "enquiry",
    "故障报修": "fault",
    "报修": "fault",
    "举报": "whistle",
    "建议": "suggestion",
    "意见": "suggestion",
    "表扬": "praise",
    "服务申请": "service",
    "业务申请": "service",
}
CATEGORIES = {
    "服务": "service",
    "服务投诉": "service",
    "营业": "business",
    "营业投诉": "business",
    "停送电": "outage",
    "停送电投诉": "outage",
    "停电": "outage",
    "供电质量": "supply_quality",
    "供电质量投诉": "supply_quality",
    "电网建设": "construction",
    "电网建设投诉": "construction",
}
SEVERITIES = {"一般": "normal", "普通": "normal", "重大": "major", "重要": "major"}
CHANNELS = {
    "电话": "phone",
    "95598": "phone",
    "营业厅": "counter",
    "柜台": "counter",
    "网站": "online",
    "网上": "online",
    "掌上电力": "app",
    "网上国网": "app",
    "上门": "visit",
    "走访": "visit",
    "信函": "letter",
    "其他": "other",
}
STATES = {
    "新建": "new",
    "待处理": "new",
    "处理中": "working",
    "在办": "working",
    "待客户": "waiting",
    "等待客户": "waiting",
    "已答复": "answered",
    "已回复": "answered",
    "已关闭": "closed",
    "已办结": "closed",
    "归档": "closed",
    "已归档": "closed",
}


def _moment(name, title, *aliases, **more):
    return Field(name, title, aliases, fields.moment, "timestamptz", **more)


FIELDS = (
    Field(
        "external_id",
        _("Number at the source"),
        ("ticket number", "ticket no", "case number", "工单编号", "工单号"),
        fields.text(40),
        required=True,
        example="95598-20261103-0017",
    ),
    Field("account", ACCOUNT.title, ACCOUNT.aliases, ACCOUNT.parse, example=ACCOUNT.example),
    Field(
        "kind",
        _("Kind"),
        ("ticket kind", "type", "工单类型", "业务类型"),
        fields.choice(tickets.Kind, KINDS),
        default="complaint",
        example="complaint",
    ),
    Field(
        "category",
        _("Class"),
        ("class", "complaint class", "工单分类", "投诉类型", "一级分类"),
        fields.choice(tickets.Category, CATEGORIES),
        required=True,
        example="outage",
    ),
    Field("topic", _("Topic"), ("subject class", "二级分类", "主题"), fields.text(40), default="", example="notice"),
    Field("severity", _("Severity"), ("level", "严重程度", "等级"), fields.choice(tickets.Severity, SEVERITIES), default="normal"),
    Field("title", _("In one line"), ("subject", "summary", "标题", "摘要"), fields.text(160), required=True, example="停电前未收到通知"),
    Field("text", _("What happened"), ("description", "content", "受理内容", "内容", "描述"), fields.text(20_000), default=""),
    Field("channel", _("Channel"), ("source", "受理渠道", "渠道", "来源"), fields.choice(Channel, CHANNELS), default="phone"),
    Field("caller_name", _("Caller"), ("contact", "联系人", "来电人"), fields.text(80), default=""),
    Field("caller_phone", _("Caller's phone"), ("phone", "联系电话", "来电号码", "电话"), fields.text(30), default=""),
    Field("state", _("State"), ("status", "状态", "工单状态"), fields.choice(tickets.State, STATES)),
    Field("assignee", _("Assigned to"), ("assigned to", "handler", "处理人", "经办人"), fields.text(150)),
    _moment(
        "opened_at",
        _("Opened at"),
        "opened",
        "created at",
        "accepted at",
        "受理时间",
        "创建时间",
        required=True,
        example="2026-11-03 09:12",
    ),
    _moment("contact_due_at", _("First contact due"), "contact due", "首次联系时限"),
    _moment("answer_due_at", _("Answer due"), "due", "due at", "答复时限", "办结时限"),
    _moment("contacted_at", _("First contact"), "contacted", "首次联系时间"),
    _moment("answered_at", _("Answered at"), "answered", "答复时间", "回复时间"),
    _moment("closed_at", _("Closed at"), "closed", "办结时间", "关闭时间", "归档时间"),
    Field("satisfaction", _("Satisfaction, 1 to 5"), ("rating", "满意度"), fields.number(1, 0, least=1, most=5), "smallint"),
    Field("root_cause", _("Root cause"), ("cause", "根本原因", "原因"), fields.text(60), default=""),
)
DUE = ("contact_due_at", "answer_due_at")
RESOLVED = ("external_id", "account", "state", "assignee", *DUE)


def _given(load, name):
    """The value a row will have: of the file when it has the column, else what stands."""
    return f"s.{name}" if name in load.present else f"t.{name}"


def _state(load):
    """As the file says; else told by the times; a ticket that stands keeps its state when the file says nothing of either."""
    said = ("s.state, " if "state" in load.present else "") + ("" if {"closed_at", "answered_at"} & load.present else "t.state, ")
    closed, answered = _given(load, "closed_at"), _given(load, "answered_at")
    return f"coalesce({said}case when {closed} is not null then 'closed' when {answered} is not null then 'answered' end, t.state, 'new')"


def _check(load):
    stage, present = f"{staging.STAGE} s left join crm_ticket t on t.external_id = s.external_id", load.present
    if "account" in present:
        unknown = f"{staging.STAGE} s left join crm_account a on a.number = s.account where s.account is not null and a.id is null"
        staging.complain(code="unknown_account", field="account", rows=unknown)
        elsewhere = f"{stage} join crm_account a on a.id = t.account_id where a.number <> s.account"
        staging.complain(code="ticket_elsewhere", field="external_id", rows=elsewhere, params="jsonb_build_object('number', a.number)")
    if "assignee" in present:
        known = "select from crm_user where username = s.assignee and is_active"
        staging.complain(
            code="unknown_person", field="assignee", rows=f"{staging.STAGE} s where s.assignee is not null and not exists ({known})"
        )
    state, closed, answered = _state(load), _given(load, "closed_at"), _given(load, "answered_at")
    timeless = f"({state} = 'closed' and {closed} is null) or ({state} = 'answered' and {answered} is null)"
    staging.complain(code="answered_without_time", field="state", value=state, rows=f"{stage} where {timeless}")


def _target(load):
    present = load.present
    source = [f"{staging.STAGE} s"]
    columns = landing.columns_for([each for each in FIELDS if each.name not in RESOLVED], present)
    columns.append(landing.Column("state", _state(load)))
    columns += [landing.Column(name, f"coalesce(s.{name}, t.{name})") for name in DUE if name in present]
    if "account" in present:
        source.append("left join crm_account a on a.number = s.account")
        columns.append(landing.Column("account_id", "coalesce(a.id, t.account_id)"))
    if "assignee" in present:
        source.append("left join crm_user p on p.username = s.assignee")
        columns.append(landing.Column("assignee_id", "coalesce(p.id, t.assignee_id)"))
    return landing.Target(
        model=tickets.Ticket, key={"external_id": "s.external_id"}, source=" ".join(source), columns=columns, month="opened_at"
    )


def _judge(load):
    return landing.judge(_target(load))


def _land(load):
    logged_by = landing.literal(load.by.pk if load.by else None)
    months = landing.land(_target(load), constants={"batch_id": landing.literal(load.batch_id), "logged_by_id": logged_by})
    _promise(load)
    changes.touch(table="tickets", periods=months)


def _promise(load):
    """Open tickets come onto our desks: to the account's manager when nobody is named, with our own due times (counted from their opening)
    where the file has none; those waiting for the customer stand still from now on."""
    waiting = tickets.Ticket.objects.filter(batch_id=load.batch_id).open().select_related("account__manager", "account__unit")
    waiting.filter(state=tickets.State.WAITING, paused_at=None).update(paused_at=load.at)
    for ticket in waiting.filter(answer_due_at=None).iterator(chunk_size=500):
        clock = service_levels.promise(
            account=ticket.account, kind=ticket.kind, category=ticket.category, severity=ticket.severity, at=ticket.opened_at
        )
        manager = ticket.account.manager if ticket.account else None
        tickets.Ticket.objects.filter(pk=ticket.pk).update(
            answer_due_at=clock.answer_due_at,
            contact_due_at=ticket.contact_due_at or clock.contact_due_at,
            pass_on_due_at=clock.pass_on_due_at,
            resolve_due_at=clock.resolve_due_at,
            clock_explained=clock.explained(),
            clock_policy=clock.policy,
            entitlement=clock.entitlement,
            assignee=ticket.assignee or manager,
        )


KIND = Kind(name="tickets", fields=FIELDS, key=("external_id",), check=_check, judge=_judge, land=_land)

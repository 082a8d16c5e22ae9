"""What the lists begin with: the five classes of 95598 and the usual kinds, topics and root causes (`docs/glossary.md`)."""

KINDS = [
    ("complaint", "投诉", "Complaint"), ("enquiry", "咨询", "Enquiry"), ("fault", "故障报修", "Fault report"),
    ("whistle", "举报", "Whistle-blowing"), ("suggestion", "建议", "Suggestion"), ("praise", "表扬", "Praise"),
    ("service", "服务申请", "Service request"),
]  # fmt: skip
CLASSES = {
    ("service", "服务", "Service"): [
        ("attitude", "服务态度", "attitude"), ("conduct", "行为规范", "conduct"), ("hours", "营业时间", "opening hours"),
        ("items", "服务项目", "service items"), ("facilities", "服务设施", "facilities"), ("web", "网站与应用", "website and app"),
    ],
    ("business", "营业", "Business"): [
        ("application", "业扩报装", "supply application"), ("change", "用电变更", "change of supply"),
        ("reading", "抄表催费", "meter reading and collection"), ("price", "电价电费", "price and bill"),
        ("metering", "电能计量", "metering"), ("payment", "交费", "payment"),
    ],
    ("outage", "停送电", "Outage"): [
        ("notice", "停电通知", "notice of outages"), ("plan", "计划停电", "planned outages"), ("repair", "故障抢修", "repair"),
    ],
    ("supply_quality", "供电质量", "Supply quality"): [
        ("voltage", "电压", "voltage"), ("reliability", "供电可靠性", "reliability"), ("harmonics", "谐波与闪变", "harmonics and flicker"),
    ],
    ("construction", "电网建设", "Grid construction"): [
        ("works", "施工", "building works"), ("compensation", "占地补偿", "land and compensation"), ("restoring", "恢复原状", "making good"),
    ],
}  # fmt: skip
CAUSES = [
    ("advice", "客户咨询解释", "Explanation was enough"), ("staff", "人员行为", "Conduct of staff"), ("process", "流程延误", "Slow process"),
    ("reading_error", "抄表差错", "Wrong reading"), ("billing_error", "计费差错", "Billing error"), ("meter", "计量装置故障", "Faulty meter"),
    ("equipment", "设备故障", "Failed equipment"), ("overload", "配变过载", "Overloaded transformer"), ("weather", "恶劣天气", "Weather"),
    ("third_party", "外力破坏", "Damage by others"), ("no_notice", "通知不到位", "Notice did not arrive"), ("planned", "计划检修", "Planned work"),
    ("customer_side", "客户侧设备", "The customer's own plant"), ("contractor", "施工单位", "Contractor"), ("unfounded", "不属实", "Unfounded"),
    ("other", "其他", "Other"),
]  # fmt: skip


def seed(*, terms):
    """Fill `terms` (the model, or the migration's) where a term is missing; those that stand are left as they are."""
    rows = [
        *_rows("kind", "", KINDS, fixed=True), *_rows("class", "", list(CLASSES), fixed=True), *_rows("cause", "", CAUSES),
    ]  # fmt: skip
    for (code, _name, _name_en), topics in CLASSES.items():
        rows += _rows("topic", code, topics)
    terms.objects.bulk_create([terms(**row) for row in rows], ignore_conflicts=True)


def _rows(aspect, under, listed, fixed=False):
    return [
        {"aspect": aspect, "under": under, "code": code, "name": name, "name_en": name_en, "position": 10 * place, "fixed": fixed}
        for place, (code, name, name_en) in enumerate(listed, 1)
    ]

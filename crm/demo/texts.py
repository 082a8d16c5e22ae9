"""What made-up customers say. Chinese and English together, so that a reader of either follows; no line was said by anybody."""

# kind, title, notes, next action
VISITS = [
    ("visit", "例行走访 · Regular visit", "设备运行正常，对供电可靠性满意。\nPlant runs well; content with reliability.", "下季度再访 · Visit again next quarter"),
    ("visit", "能效诊断 · Energy check", "夜间负荷偏高，建议调整空压机班次。\nHigh night load; compressor shifts could move.", "发送用能报告 · Send the energy report"),
    ("call", "电费解释 · Explaining the bill", "说明了力调电费的计算，客户已理解。\nExplained the power-factor adjustment.", "复核下月账单 · Check next month's bill"),
    ("call", "合同续签沟通 · Contract renewal", "客户在比较售电公司报价。\nThe customer is comparing offers of retailers.", "准备套餐比较 · Prepare a comparison of plans"),
    ("visit", "用电安全检查 · Safety inspection", "高压室防小动物措施需完善。\nSubstation needs better rodent guards.", "整改复查 · Check that it is mended"),
    ("visit", "光伏接入咨询 · PV connection", "客户计划建设屋顶光伏。\nThe customer plans rooftop PV.", "提供接入方案 · Send the connection plan"),
    ("seminar", "用电政策宣讲会 · Seminar on tariffs", "介绍分时电价调整。\nOn the changed time-of-use bands.", ""),
    ("task", "核对联系人 · Check contacts", "电气负责人已更换，信息已更新。\nThe electrical manager changed; noted.", ""),
]

# kind, class, topic, weight, title, text, root cause
TICKETS = {
    "usual": [
        ("enquiry", "business", "price", 16, "电费账单咨询 · Question about a bill", "本月电费比上月高，请说明原因。\nThis month's bill is higher; please explain.", "advice"),
        ("enquiry", "business", "application", 9, "增容办理咨询 · How to get more capacity", "想了解增容需要的材料和时间。\nAsks which papers and how long.", "advice"),
        ("service", "business", "change", 8, "更名过户申请 · Change of name", "房屋转让，申请过户。\nThe premises were sold; asks for the transfer.", "done"),
        ("service", "business", "metering", 6, "申请校验电表 · Meter test wanted", "怀疑电表走得快。\nSuspects that the meter runs fast.", "meter in order"),
        ("complaint", "business", "price", 5, "电费突增 · Bill doubled", "电费比去年同期翻倍，要求核查。\nTwice last year's; wants it checked.", "use had grown"),
        ("complaint", "business", "reading", 4, "抄表数据有误 · Wrong reading", "账单示数与表计不符。\nThe bill's reading is not the meter's.", "reading error"),
        ("complaint", "supply_quality", "voltage", 4, "电压偏低 · Low voltage", "晚间电压低，空调无法启动。\nLow in the evening; the air conditioner will not start.", "overloaded transformer"),
        ("complaint", "service", "attitude", 2, "窗口服务态度 · Unfriendly at the counter", "柜台人员解释不耐烦。\nStaff at the counter were impatient.", "staff"),
        ("complaint", "service", "hours", 2, "营业厅提前关门 · Counter closed early", "四点半就停止取号。\nNo numbers given after half past four.", "staff"),
        ("complaint", "construction", "works", 1, "施工占道 · Works block the way", "电缆沟开挖多日未恢复。\nThe cable trench stays open for days.", "contractor"),
        ("suggestion", "service", "web", 2, "希望增加线上功能 · A wish for the app", "希望能在线查询分时电量。\nWould like time bands in the app.", "noted"),
        ("praise", "service", "attitude", 2, "表扬客户经理 · Praise", "抢修及时，服务热情。\nQuick repair and kind people.", "praise"),
    ],
    "outage": [
        ("fault", "outage", "repair", 6, "突然停电 · Sudden outage", "整栋停电，请尽快抢修。\nThe whole building is without power.", "line fault"),
        ("complaint", "outage", "notice", 2, "停电未通知 · Outage not announced", "停电前没有收到任何通知，造成损失。\nNo notice before the outage; goods were lost.", "notice missed"),
        ("complaint", "outage", "repair", 1, "抢修时间长 · Repair takes too long", "报修三小时仍未到场。\nNobody here three hours after the call.", "crew busy"),
    ],
    "industry": [
        ("complaint", "supply_quality", "voltage", 5, "电压暂降致产线停机 · Voltage dip stops the line", "上午电压暂降，产线停机，有废品损失。\nA dip in the morning stopped the line; scrap was made.", "switching"),
        ("service", "business", "application", 3, "申请临时增容 · Temporary capacity", "旺季需临时增容。\nNeeds more capacity for the season.", "done"),
        ("complaint", "supply_quality", "harmonics", 2, "谐波影响设备 · Harmonics disturb machines", "变频设备频繁跳闸。\nDrives trip again and again.", "neighbouring load"),
        ("complaint", "business", "application", 2, "业扩勘查迟延 · New supply survey late", "报装后十天未勘查。\nNo survey ten days after applying.", "planning"),
    ],
    "leaving": [
        ("complaint", "business", "price", 5, "电价偏高要求调整 · Price too high", "比较后认为电价偏高，考虑更换售电公司。\nFinds the price high and thinks of another supplier.", "price"),
        ("complaint", "outage", "repair", 3, "反复停电影响生产 · Repeated outages", "一个月内第三次停电。\nThe third outage in a month.", "weak line"),
        ("complaint", "supply_quality", "voltage", 3, "电能质量长期未改善 · Quality still bad", "多次反映，仍未解决。\nReported many times, not mended.", "weak line"),
        ("service", "business", "change", 2, "咨询减容暂停 · About reducing capacity", "订单减少，咨询减容和暂停手续。\nFewer orders; asks about less capacity.", "done"),
    ],
}

"""The playbooks and rivals every installation starts with, to be changed by the utility. Figures are our own estimates."""

# (name, name in English, outcome, band, tier, [(kind, what, in English, who, within working days, cost in yuan)])
MANAGER, REPRESENTATIVE = "manager", "representative"
CALL = ("call", "电话了解情况与打算", "Call: ask how things stand and what is planned", MANAGER, 2, 0)

PLAYBOOKS = [
    ("通用挽留", "Any account that may leave", "", "", "", [
        CALL,
        ("visit", "上门走访，记录诉求", "Visit and write down what they need", MANAGER, 5, 200),
        ("offer", "提出用能优化建议", "Offer an energy-saving survey", MANAGER, 10, 800),
    ]),
    ("高价值客户挽留", "Diamond accounts at high risk", "", "high", "diamond", [
        ("call", "当日电话联系负责人", "Call the person in charge", MANAGER, 1, 0),
        ("visit", "客户代表与主管共同走访", "Visit together with the representative", REPRESENTATIVE, 3, 600),
        ("repair", "清查并办结未决诉求", "Go through what is unresolved and settle it", MANAGER, 5, 1500),
        ("package", "定制综合能源服务套餐", "Offer a tailored energy-service package", REPRESENTATIVE, 10, 20000),
        ("renewal", "商定续约条件", "Agree on terms of renewal", REPRESENTATIVE, 20, 0),
    ]),
    ("合同到期与转售电公司", "May change supplier", "switched", "", "", [
        ("call", "核实合同到期日和报价情况", "Ask about the contract's end and rival quotes", MANAGER, 2, 0),
        ("visit", "走访并作电价方案比对", "Visit with a comparison of tariffs", MANAGER, 5, 200),
        ("offer", "报出续签优惠方案", "Offer better terms for staying", MANAGER, 8, 3000),
        ("renewal", "办理合同续签", "Renew the contract", MANAGER, 15, 0),
    ]),
    ("用电量下滑", "Use is falling", "declined", "", "", [
        CALL,
        ("visit", "现场了解生产与用能变化", "Visit: what changed in production and use", MANAGER, 5, 200),
        ("package", "提供能效诊断套餐", "Offer an efficiency audit", MANAGER, 10, 2000),
    ]),
    ("拟停产或销户", "May close", "closed", "", "", [
        ("call", "确认停产、搬迁或欠费原因", "Ask why: standstill, moving or debts", MANAGER, 1, 0),
        ("visit", "走访并商量暂停、减容代替销户", "Visit: suspension or less capacity instead of closing", MANAGER, 3, 200),
        ("offer", "提出分期缴费或过渡方案", "Offer payment in parts or a bridge", MANAGER, 7, 500),
    ]),
    ("拟减容", "May reduce capacity", "reduced", "", "", [
        CALL,
        ("visit", "核对最大需量与计费方式", "Visit: compare demand with how it is billed", MANAGER, 5, 200),
        ("offer", "按需量计费或容量优化建议", "Offer billing by demand or a better capacity", MANAGER, 10, 500),
    ]),
    ("自发自用替代", "May supply itself", "self_supply", "", "", [
        CALL,
        ("visit", "了解光伏、储能计划", "Visit: what PV and storage are planned", MANAGER, 5, 200),
        ("package", "提供光储接入与余电上网服务", "Offer connection and sale of surplus", MANAGER, 12, 3000),
    ]),
]  # fmt: skip

RIVALS = [
    ("competitor", "售电公司（其他）", "Another retail supplier"),
    ("competitor", "增量配电网", "A new distribution network"),
    ("competitor", "直接参与批发市场", "The wholesale market itself"),
    ("substitute", "屋顶光伏", "Rooftop PV"),
    ("substitute", "储能", "Storage"),
    ("substitute", "自备电厂", "A captive plant"),
    ("substitute", "天然气", "Natural gas"),
    ("substitute", "园区集中供热", "District heat"),
]

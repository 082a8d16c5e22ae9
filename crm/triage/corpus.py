"""Labelled phrases to learn from. All made up: no public texts of complaints to a utility exist, and a page that shows a guess says so.

`MATTERS`: what it is about, `class/topic`. `KINDS`: what the person wants. `MAJOR` and `ORDINARY`: how grave it is. Chinese and English apart by
`|`; training joins them (see `training.examples`).
"""

MATTERS = {
    "service/attitude": "工作人员态度恶劣|柜台人员不耐烦|客服说话很冲|窗口服务态度差|接线员挂断电话|对客户爱理不理|营业员推诿不理人|抄表员骂人|服务热情周到|态度很好耐心解释|"
    "staff were rude|the clerk was impatient|unfriendly at the counter|the agent hung up on me|"
    "nobody would listen to me|very kind and patient staff|bad attitude of the operator",
    "service/conduct": "抢修人员索要红包|工作人员收受好处|员工上班玩手机|抄表员乱收费|电工吃拿卡要|违规收取费用|工作人员酒后上岗|员工私自接活|"
    "the electrician asked for a bribe|staff took money|charged me cash without receipt|"
    "worker was drunk|the meter reader asked for a tip|staff playing with phones",
    "service/hours": "营业厅提前关门|还没下班就停止取号|中午没人值班|周末不营业|开门时间太晚|营业时间太短|排队两小时|大厅没有人办理|"
    "the counter closed early|no one at the desk at noon|office hours are too short|"
    "closed on Saturday|no numbers given after four|queued for two hours",
    "service/items": "不能办理过户业务|告知不能刷卡|缺少自助缴费机|没有提供发票|办事材料要求多|一次性告知不到位|跑了三趟没办成|"
    "they could not issue an invoice|sent me away three times|papers asked for one by one|no self-service terminal|would not take a card",
    "service/facilities": "营业厅没有空调|自助机坏了|没有无障碍通道|大厅座椅损坏|叫号机故障|停车场不开放|"
    "the payment machine is broken|no ramp for wheelchairs|no seats in the hall|the queue machine does not work|no heating in the office",
    "service/web": "掌上电力登录不上|网上国网打不开|APP闪退|微信公众号查不到电费|网站显示错误|验证码收不到|希望应用增加分时电量|小程序不能绑定户号|"
    "cannot sign in to the app|the website shows an error|the app crashes|"
    "no verification code|cannot link my account online|would like time bands in the app",
    "business/application": "新装用电申请进度慢|增容办理需要哪些材料|报装一个月没有答复|申请三相电|充电桩报装|光伏并网申请|临时用电如何办理|装表接电一直没来|专变增容方案|"
    "new supply application takes too long|how to get more capacity|no answer to my connection request|"
    "charging pile connection|connect rooftop solar|temporary supply for a building site|three-phase supply wanted",
    "business/change": "房屋过户更名|办理销户|暂停用电|减容申请|迁移电表|变更用电性质|改类申请|户名写错了|商用改民用|"
    "change of name|transfer of the account|close my account|suspend supply for two months|"
    "reduce the contract capacity|move the meter|change to the residential tariff",
    "business/reading": "抄表数据有误|账单示数与电表不符|抄表员没来|估抄电量|催费短信发错人|没欠费却被催费|未通知就停电催费|抄错表了|"
    "wrong meter reading|the bill's reading is not the meter's|nobody read the meter|estimated reading|"
    "dunned though I have paid|reminder sent to the wrong person|read somebody else's meter",
    "business/price": "电费突然翻倍|电费太高了|账单看不懂|阶梯电价怎么算|分时电价咨询|力调电费说明|基本电费计算错误|执行电价错误|本月电费比上月高|多收电费|电费账单咨询|"
    "my bill doubled|the bill is too high|please explain the bill|how are the price steps counted|"
    "time-of-use prices|power factor adjustment|basic charge is wrong|wrong tariff applied|overcharged",
    "business/metering": "电表走得快|怀疑电表不准|申请校验电表|电表坏了|电表不显示|表箱损坏|换了新表后电量变大|电表串户|互感器倍率错误|"
    "the meter runs fast|please test the meter|the meter shows nothing|broken meter box|"
    "meter swapped with the neighbour's|more use since the new meter|wrong multiplier",
    "business/payment": "充值未到账|交费重复扣款|微信缴费失败|银行代扣失败|预付费余额不对|发票开具|退费没到账|购电卡读不出|交了钱没复电|"
    "payment did not arrive|charged twice|payment failed|direct debit failed|"
    "prepaid balance is wrong|refund has not come|invoice for my payment|paid but supply not restored",
    "outage/notice": "停电没有通知|没收到停电短信|停电未提前告知|突然停电事先不知道|停电公告时间不对|停电通知不及时|未通知停电冷库受损|"
    "no notice of the outage|power cut without warning|was not told beforehand|"
    "the notice had the wrong time|no text message about the outage|outage without notice",
    "outage/plan": "计划停电太频繁|检修停电延迟送电|停电超过公告时间|重复停电|检修为什么选在夏天|一周停电三次|计划停电没有按时恢复|停电计划咨询|"
    "planned outage lasted longer than announced|third planned outage this week|maintenance on working days|"
    "supply not back on time|when is the planned outage|outages for works again and again",
    "outage/repair": "家里停电了|抢修人员没来|报修两小时没人到|线路跳闸|变压器坏了停电|整栋楼没电|停电一直没恢复|单户停电|漏保跳闸送不上|小区停电|没电了|电线断了|抢修太慢|"
    "no power at home|the repair team has not come|power is out|waiting two hours for repair|the breaker trips|"
    "transformer failed|the whole building is dark|supply is still out|line down|fault reported twice",
    "supply_quality/voltage": "电压偏低|电压不稳灯忽明忽暗|空调无法启动|晚上电压低|电压过高烧坏电器|三相不平衡|电压波动大|农忙时电压低|电器烧坏|"
    "low voltage in the evening|the lights flicker|voltage too high burnt the television|voltage dips|"
    "the air conditioner will not start|unstable voltage|appliances damaged by high voltage",
    "supply_quality/reliability": "经常跳闸停电|一个月停了五次|线路老化频繁停电|供电不可靠|三天两头停电|频繁停电影响生产|"
    "power fails every few days|frequent outages|five outages in a month|"
    "old line fails again and again|unreliable supply stops production",
    "supply_quality/harmonics": "谐波超标|设备受谐波干扰|电弧炉闪变|电能质量差变频器报警|谐波导致电容器损坏|"
    "harmonics too high|flicker from the arc furnace|inverters trip from harmonics|"
    "capacitor bank failed from harmonics|power quality disturbs our drives",
    "construction/works": "施工占道|电缆沟开挖多日不填|施工噪音扰民|夜间施工|电杆挡住大门|施工破坏水管|变压器离住宅太近|架线没有征求意见|"
    "works block the road|the cable trench stays open|noise of works at night|"
    "a pole stands in my gate|transformer too close to the house|the contractor broke a water pipe",
    "construction/compensation": "占地补偿没有发放|青苗补偿标准低|立杆占用农田未赔偿|线路走廊树木砍伐补偿|塔基占地补偿|"
    "compensation for my land has not come|crops damaged without payment|"
    "pole on my field not paid for|trees cut for the line|tower on my land",
    "construction/restoring": "施工后路面没有恢复|挖坑未回填|施工垃圾未清理|绿化带没有恢复|墙面破损未修复|井盖没有盖好|"
    "road not made good after works|holes not filled in|rubble left behind|the wall was not repaired|manhole left open|lawn not restored",
}
KINDS = {
    "complaint": "我要投诉|非常不满|要求给个说法|投诉你们|强烈不满要求处理|严重影响生活要求赔偿|太过分了|多次反映无人处理|没有人管|要求道歉|"
    "I want to complain|this is unacceptable|very dissatisfied|I demand an explanation|"
    "nobody deals with it|I ask for an apology|third time I report this",
    "enquiry": "请问怎么办理|想咨询一下|想了解|需要什么材料|怎么计算的|请说明原因|什么时候可以|查询一下|是多少钱|"
    "how do I|I would like to know|could you explain|which papers are needed|when will it be|what does it cost|please explain",
    "fault": "报修|现在没电|电线断了请派人|变压器冒火花|跳闸了送不上电|家里停电请抢修|表箱冒烟|请尽快来修|"
    "please send somebody to repair|there is no power now|a line is down|"
    "sparks at the transformer|the breaker will not stay in|power is out please come",
    "whistle": "举报窃电|有人偷电|举报工作人员收受贿赂|举报转供电加价|匿名举报|有人私拉乱接|举报违章用电|"
    "I want to report theft of electricity|somebody bypasses the meter|report a bribe|"
    "anonymous report|a landlord resells power at a higher price|illegal connection",
    "suggestion": "建议增加|希望能够|建议改进|提个建议|希望增加自助机|建议短信提醒|如果能就更好了|"
    "I suggest|it would be good if|a wish for the app|please consider|you might add|my proposal is",
    "praise": "表扬|感谢你们|送锦旗|服务非常好点赞|抢修及时很满意|感谢客户经理|值得表扬|"
    "I want to praise|many thanks to|excellent service|quick repair thank you|very content with the manager|please pass on my thanks",
    "service": "申请办理|我要办理过户|申请校表|预约上门|申请更名|申请暂停|帮我开发票|申请装表|需要上门服务|"
    "I apply for|please change the name|please test my meter|make an appointment|"
    "I need an invoice|please suspend my supply|request a visit",
}
MAJOR = (
    "有人触电受伤|电线起火|变压器爆炸|医院停电手术中断|家里有呼吸机停电|断线落在路上|高压线掉下来|孩子差点触电|漏电电到人|养老院停电老人危险|记者要采访曝光|整个小区停电上百户|全村停电一天|"
    "工厂全线停产损失巨大|冷库停电货物全部报废|化工厂停电有危险|集体上访|电杆倒了砸到车|损失几十万|孕妇被困电梯|"
    "somebody was electrocuted|a line burns|the transformer exploded|hospital without power|"
    "ventilator at home and no power|a wire fell on the road|children nearly got a shock|"
    "a reporter will come|the whole estate is without power|the whole plant stands still|"
    "cold store goods are lost|a pole fell on a car|people trapped in the lift|losses of hundreds of thousands"
)
ORDINARY = (
    "停电了|又停电了|家里没电|再次来电|催办|电费|什么时候来电|想问一下|停电|power is out|no power|calling again|when will it be back|"
    "电费比上月高一点|想咨询电价|柜台排队时间长|账单看不懂|申请更名|灯偶尔闪一下|营业厅没有空调|希望增加自助机|短信收不到|抄表日期变了|电压晚上有点低|停电半小时已经恢复|发票开错抬头|施工有点吵|"
    "表扬客户经理|请问怎么办理过户|充值还没到账|电表校验|路面没有恢复|态度一般|没有通知停电|"
    "the bill is a little higher|a question about prices|the queue was long|please change the name|"
    "lights flicker now and then|no seats in the hall|a wish for the app|no text message came|"
    "the outage was short and is over|invoice with a wrong name|works are noisy|"
    "thanks to my manager|payment not yet there|test the meter|no notice of an outage"
)
OPENINGS = [
    "",
    "您好，",
    "客户来电反映：",
    "用户称",
    "我是老客户，",
    "麻烦你们，",
    "Hello, ",
    "The customer says that ",
    "Caller: ",
    "Again: ",
]
ENDINGS = [
    "",
    "，请尽快处理。",
    "，请核实。",
    "，请回复。",
    "，谢谢。",
    ", please look into it.",
    ", please call back.",
    ". Thank you.",
    "。",
    ".",
]

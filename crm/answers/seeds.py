"""Canned answers to begin with. Variables: {customer} {number} {due} {account} {answer}."""

ANSWERS = [
    ("已受理", "Taken up", "", "{customer}您好，您反映的问题（工单#{number}）已受理，我们将在{due}前答复您。",
     "Dear {customer}, your matter (ticket #{number}) is in hand; you will have our answer by {due}.", ["contact"]),
    ("请补充资料", "Papers needed", "", "{customer}您好，办理工单#{number}还需要您补充资料：电表照片。收到后我们继续办理。",
     "Dear {customer}, for ticket #{number} we still need from you: a photo of the meter. We go on as soon as it is here.", ["wait"]),
    ("电费核查结果", "Bill checked", "business",
     "{customer}您好，您的户号{account}电费已核查，示数与表计一致，用电量较上月增加。明细已发送。",
     "Dear {customer}, the bill of account {account} was checked: the reading is the meter's, your use grew. The details are on their way.",
     ["answer"]),
    ("停电说明", "About the outage", "outage",
     "{customer}您好，停电原因为线路故障，现已恢复供电。给您带来不便深表歉意。今后停电信息将提前通知您。",
     "Dear {customer}, the outage was a fault of the line; supply is back. We are sorry. You will be told of planned outages beforehand.",
     ["answer"]),
    ("电压整治", "Voltage to be mended", "supply_quality", "{customer}您好，经测量电压偏低，已列入台区改造计划，我们将告知进度。",
     "Dear {customer}, the voltage was measured and is low; your transformer area is on the list for reinforcement. We keep you informed.",
     ["answer"]),
    ("客户认可，答复并办结", "Content: answer and close", "", "{customer}您好，工单#{number}已处理完毕，感谢您的反馈。",
     "Dear {customer}, ticket #{number} is settled. Thank you for telling us.", ["answer", "close"]),
]  # fmt: skip


def seed(*, answers):
    if not answers.objects.exists():
        answers.objects.bulk_create([
            answers(name=name, name_en=name_en, category=category, text=text, text_en=text_en, verbs=verbs, position=10 * place)
            for place, (name, name_en, category, text, text_en, verbs) in enumerate(ANSWERS, 1)
        ])  # fmt: skip

"""Service: what the account asked and complained about. No ticket is a true 0 where tickets are recorded at all."""

import narwhals as nw

from .feature import Feature, Measure

NEEDS = ("tickets",)
_year = nw.col("days") < 365
_complaint = nw.col("kind") == "complaint"


def _count(when):
    return nw.when(when).then(nw.col("days"))


MEASURES = {
    "tickets": (
        Measure("tickets_year", _count(_year), "count"),
        Measure("tickets_quarter", _count(nw.col("days") < 91), "count"),
        Measure("complaints_quarter", _count(_complaint & (nw.col("days") < 91)), "count"),
        Measure("complaints_year", _count(_complaint & _year), "count"),
        Measure("open_now", _count(nw.col("open")), "count"),
        Measure("open_complaints_now", _count(nw.col("open") & _complaint), "count"),
        Measure("answer_days_year", nw.when(_year).then(nw.col("answer_days")), "mean"),
        Measure("reopened_year", nw.when(_year).then(nw.col("reopened").cast(nw.Float64)), "sum"),
        Measure("satisfaction_year", nw.when(_year).then(nw.col("satisfaction").cast(nw.Float64)), "mean"),
        Measure("faults_year", _count(_year & (nw.col("kind") == "fault")), "count"),
    )
}


def _number(name, unit, english, chinese, measure):
    return Feature(name, unit, {"en": english, "zh-hans": chinese}, NEEDS, nw.col(measure).fill_null(0), nw.Int64())


FEATURES = (
    _number("tickets_3m", "tickets", "Tickets of every kind in the last 90 days", "近90天工单数", "tickets_quarter"),
    _number("tickets_12m", "tickets", "Tickets of every kind in 12 months", "近12个月工单数", "tickets_year"),
    _number("complaints_3m", "complaints", "Complaints in the last 90 days", "近90天投诉数", "complaints_quarter"),
    _number("complaints_12m", "complaints", "Complaints in 12 months", "近12个月投诉数", "complaints_year"),
    _number("open_tickets", "tickets", "Tickets not closed yet", "未办结工单数", "open_now"),
    _number("open_complaints", "complaints", "Complaints not closed yet", "未办结投诉数", "open_complaints_now"),
    Feature("answer_days", "days", {"en": "Mean days to the answer", "zh-hans": "平均答复天数"}, NEEDS, nw.col("answer_days_year")),
    _number("reopened_12m", "times", "Times a ticket was reopened in 12 months", "近12个月工单重开次数", "reopened_year"),
    Feature(
        "satisfaction",
        "points",
        {"en": "Mean satisfaction given in 12 months", "zh-hans": "近12个月平均满意度"},
        NEEDS,
        nw.col("satisfaction_year"),
    ),
    _number("faults_12m", "reports", "Fault reports in 12 months", "近12个月故障报修数", "faults_year"),
)

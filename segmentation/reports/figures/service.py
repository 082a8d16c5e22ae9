"""What customers asked and complained about, and how they were answered."""

from segmentation.reports.figures.definition import TICKETS, counting

COMPLAINT = "kind = 'complaint'"

FIGURES = counting(
    TICKETS,
    ("tickets", "count", ("Tickets", "工单数"), ("Tickets of every kind opened in 12 months", "近12个月受理的各类工单"), "count(*)"),
    (
        "complaints",
        "count",
        ("Complaints", "投诉数"),
        ("Complaints opened in 12 months", "近12个月受理的投诉"),
        f"count(*) filter ({COMPLAINT})",
    ),
    (
        "complaining",
        "count",
        ("Accounts that complained", "投诉用户数"),
        ("Accounts with a complaint in 12 months", "近12个月有投诉的用电户"),
        f"count(distinct account_id) filter ({COMPLAINT})",
    ),
    (
        "answer_hours_median",
        "hours",
        ("Hours to the answer, median", "答复时长中位数（小时）"),
        ("Hours from opening to the answer, the ticket in the middle", "从受理到答复的小时数，取中位"),
        "median(answer_hours)",
    ),
    (
        "answer_hours_p90",
        "hours",
        ("Hours to the answer, 90th of 100", "答复时长90分位（小时）"),
        ("Hours within which nine of ten answered tickets were answered", "90%已答复工单的答复时长不超过此值"),
        "quantile_cont(answer_hours, 0.9)",
    ),
    (
        "promise_kept",
        "share",
        ("Answered in time", "按时答复率"),
        (
            "Share of the tickets with a promised time that were answered by it; those past it and not answered count as missed",
            "有承诺时限的工单中按时答复占比；超时未答复的计为未达",
        ),
        "count(*) filter (promise_known and kept) / nullif(count(*) filter (promise_known), 0)",
    ),
    (
        "missed",
        "count",
        ("Promises missed", "超时工单"),
        ("Tickets answered after the promised time or past it", "超过承诺时限的工单"),
        "count(*) filter (promise_known and not kept)",
    ),
    (
        "reopened_share",
        "share",
        ("Reopened", "重开率"),
        ("Share of tickets reopened at least once", "至少重开一次的工单占比"),
        "count(*) filter (reopened_count > 0) / nullif(count(*), 0)",
    ),
    (
        "rated",
        "count",
        ("Rated answers", "已评价工单"),
        ("Tickets whose handling the customer rated", "客户已评价处理结果的工单"),
        "count(satisfaction)",
    ),
    (
        "satisfaction",
        "score",
        ("Satisfaction with handling, of 5", "处理满意度（满分5）"),
        ("Mean of the ratings given", "评价平均分"),
        "avg(satisfaction)",
    ),
    (
        "satisfied_share",
        "share",
        ("Satisfied (4 or 5)", "满意率（4分及以上）"),
        ("Share of the ratings that are 4 or 5", "评价为4分或5分的占比"),
        "count(*) filter (satisfaction >= 4) / nullif(count(satisfaction), 0)",
    ),
    (
        "open_now",
        "count",
        ("Not closed yet", "未办结"),
        ("Tickets of 12 months not closed on the day", "近12个月工单中当日未办结的"),
        "count(*) filter (not closed)",
    ),
)

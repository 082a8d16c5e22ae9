"""Rows as known on a date: each table cut to what a person could have known at the end of that day, with `ago` or `days` beside it."""

import datetime as dt

import narwhals as nw

from .feature import days_between

HISTORY = 36  # months of bills looked at
DUES = 24  # months of bills settled against payments
ONLINE = ("online", "app", "wechat", "alipay", "bank_debit", "direct_debit")
COVERAGE = 0.5
BEFORE = 3  # months that a month is held to
LATELY = 6  # months looked at first


def month_number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def month_start(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


def latest_month(bills: nw.LazyFrame, as_of: dt.date) -> dt.date:
    """First day of the latest complete month that is billed.

    Complete: its last day is not after as_of. Billed: at least half as many bills are issued by as_of as in the fullest of the three
    months before, so that a run on the 2nd rests on the month before last instead of reading "not billed yet" as "stopped".
    """
    last = month_number(as_of + dt.timedelta(days=1)) - 1
    known = bills.filter(nw.col("issued_on") <= as_of, nw.col("period") <= month_start(last))
    lately = known.filter(nw.col("period") >= month_start(last - LATELY + 1))  # nearly always enough, and a fraction of all bills
    found = _billed(lately, since=last - LATELY + 1 + BEFORE)
    return month_start(last if found is None and (found := _billed(known)) is None else found)


def _billed(known, since=0):
    """The number of the newest month from `since` on that is billed, None when there is none."""
    counted = known.group_by("period").agg(nw.len().alias("bills")).collect()
    bills_in = {month_number(day): many for day, many in zip(counted["period"].to_list(), counted["bills"].to_list(), strict=True)}
    for number in sorted((number for number in bills_in if number >= since), reverse=True):
        if bills_in[number] >= COVERAGE * max(bills_in.get(number - back, 0) for back in range(1, BEFORE + 1)):
            return number
    return None


def of_accounts(frame, accounts):
    return frame.filter(nw.col("account_id") >= accounts[0], nw.col("account_id") <= accounts[1])


def accounts(frame, as_of):
    """Accounts that existed on the day."""
    today = nw.lit(dt.datetime.combine(as_of, dt.time()))
    return frame.filter(nw.col("opened_on").is_null() | (nw.col("opened_on") <= as_of)).with_columns(
        open_days=days_between(nw.col("opened_on"), today),
        contract_days=days_between(today, nw.col("contract_ends_on")),
        is_closed=(nw.col("closed_on") <= as_of).fill_null(False),
    )


def bills(frame, as_of, month):
    ago = month_number(month) - (nw.col("period").dt.year().cast(nw.Int64) * 12 + nw.col("period").dt.month().cast(nw.Int64) - 1)
    oldest = month_start(month_number(month) - HISTORY + 1)
    known = frame.filter(nw.col("issued_on") <= as_of, nw.col("period") <= month, nw.col("period") >= oldest)
    return known.with_columns(ago=ago)


def of_months(bill_rows, months, month):
    """The bills of first <= ago < past. By period, so that whole files are skipped."""
    first, past = _span(months, month)
    return bill_rows.filter(nw.col("period") >= first, nw.col("period") < past)


def only_months(of, months, year, month):
    """`of` in the months, null in the rest of the year."""
    if months == year:
        return of
    first, past = _span(months, month)
    if months[1] == months[0] + 1:
        return nw.when(nw.col("period") == first).then(of)
    return nw.when((nw.col("period") >= first) & (nw.col("period") < past)).then(of)


def _span(months, month):
    """(first day of the oldest month, day after the newest) of first <= ago < past."""
    newest = month_number(month)
    return month_start(newest - months[1] + 1), month_start(newest - months[0] + 1)


def payments(frame, as_of):
    """A year of payments."""
    online = nw.lit(False)
    for channel in ONLINE:
        online = online | (nw.col("channel") == channel)
    return frame.filter(nw.col("paid_on") <= as_of, nw.col("paid_on") > as_of - dt.timedelta(days=365)).with_columns(online=online)


def unallocated(frame, as_of):
    """Payments that name no bill."""
    return frame.filter(nw.col("paid_on") <= as_of, nw.col("period").is_null())


def dues(bill_rows, payment_frame, as_of, month):
    """Each bill with money and due date, next to what was paid for it: unpaid_fen, days_late, judged (fell due or was paid)."""
    oldest = month_start(month_number(month) - DUES + 1)
    paid = (
        payment_frame.filter(nw.col("paid_on") <= as_of, nw.col("period") >= oldest)
        .select("account_id", "period", "paid_on", amount=nw.col("amount_fen").cast(nw.Float64))
        .group_by("account_id", "period")
        .agg(nw.col("amount").sum().alias("paid_fen"), nw.col("paid_on").max().alias("last_paid_on"))
    )
    owed = bill_rows.filter(nw.col("ago") < DUES, ~nw.col("total_fen").is_null(), ~nw.col("due_on").is_null()).select(
        "account_id", "period", "ago", "due_on", nw.col("total_fen").cast(nw.Float64)
    )
    settled = nw.col("total_fen") <= nw.col("paid_fen").fill_null(0.0)
    past_due = nw.col("due_on") < as_of
    # A bill paid in parts is settled on the day of its last part; one still open is as late as today.
    settled_on = nw.when(settled & ~nw.col("last_paid_on").is_null()).then(nw.col("last_paid_on")).otherwise(nw.lit(as_of).cast(nw.Date))
    overdue = nw.when(settled_on > nw.col("due_on")).then(days_between(nw.col("due_on"), settled_on)).otherwise(0.0)
    return owed.join(paid, on=["account_id", "period"], how="left").select(
        "account_id",
        "ago",
        "total_fen",
        judged=settled | past_due,
        days_late=nw.when(settled | past_due).then(overdue),
        unpaid_fen=nw.when(past_due & ~settled).then(nw.col("total_fen") - nw.col("paid_fen").fill_null(0.0)).otherwise(0.0),
        this_year=nw.col("due_on") >= dt.date(as_of.year, 1, 1),
    )


def tickets(frame, as_of):
    tonight = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    answered = nw.when(nw.col("answered_at") < tonight).then(nw.col("answered_at"))
    return frame.filter(nw.col("opened_at") < tonight).with_columns(
        days=days_between(nw.col("opened_at"), nw.lit(tonight)),
        open=nw.col("closed_at").is_null() | (nw.col("closed_at") >= tonight),
        answer_days=days_between(nw.col("opened_at"), answered),
        # Said or done after the day it was closed is not known while it is open.
        satisfaction=nw.when(nw.col("closed_at") < tonight).then(nw.col("satisfaction")),
    )


def engagement(frame, as_of):
    today = nw.lit(dt.datetime.combine(as_of, dt.time()))
    return frame.filter(nw.col("happened_on") <= as_of).with_columns(days=days_between(nw.col("happened_on"), today))


def entitlements(frame, as_of):
    today = nw.lit(dt.datetime.combine(as_of, dt.time()))
    in_force = frame.filter(nw.col("starts_on") <= as_of, nw.col("ends_on").is_null() | (nw.col("ends_on") >= as_of))
    return in_force.with_columns(days_left=days_between(today, nw.col("ends_on")).fill_null(36500.0))

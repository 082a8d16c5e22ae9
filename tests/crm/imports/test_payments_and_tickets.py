"""Payments by receipt, tickets by their number at the source."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.billing.models import Payment
from crm.changes.models import DirtyMonth
from crm.tickets.models import Ticket
from tests.crm.imports.conftest import codes, counts, xlsx

PAYMENTS = "户号,缴费流水号,缴费日期,缴费金额,所属年月,缴费渠道\n"
TICKETS = "工单编号,户号,工单类型,投诉类型,标题,状态,受理时间,答复时间,办结时间\n"


def test_a_payment_is_read_in_either_language_and_format(account, load):
    assert counts(load("payments", f'{PAYMENTS}{account.number},R1,2026年11月3日,"82,310.55",202610,银行代扣\n')) == (1, 0, 0, 0)
    header = ["Account number", "Receipt number", "Payment date", "Amount paid", "Channel"]
    assert counts(load("payments", xlsx([header, [account.number, "R2", dt.date(2026, 11, 4), -10.5, "Counter"]]), "p.xlsx")) == (
        1,
        0,
        0,
        0,
    )
    assert list(Payment.objects.order_by("receipt").values_list("receipt", "paid_on", "amount", "period", "channel")) == [
        ("R1", dt.date(2026, 11, 3), Decimal("82310.55"), dt.date(2026, 10, 1), "bank"),
        ("R2", dt.date(2026, 11, 4), Decimal("-10.50"), None, "counter"),
    ]


def test_the_same_receipts_again_change_nothing_and_a_moved_day_dirties_both_months(account, load):
    load("payments", f"{PAYMENTS}{account.number},R1,2026-11-03,5,,\n")
    assert counts(load("payments", f"{PAYMENTS}{account.number},R1,2026-11-03,5.00,,其他\n")) == (0, 0, 1, 0)
    DirtyMonth.objects.all().delete()
    assert counts(load("payments", f"{PAYMENTS}{account.number},R1,2026-10-31,5,,\n")) == (0, 1, 0, 0)
    assert set(DirtyMonth.objects.values_list("period", flat=True)) == {dt.date(2026, 10, 1), dt.date(2026, 11, 1)}


def test_wrong_payments_are_named(make_account, load):
    one, other = make_account(), make_account()
    load("payments", f"{PAYMENTS}{one.number},R1,2026-11-03,5,,\n")
    rows = [
        f"{other.number},R1,2026-11-03,5,,",
        f"{one.number},R3,2026-11-03,0,,",
        f"{one.number},R4,03.11.2026,1.005,,比特币",
        f"{one.number},R5,2026-11-03,1,,",
        f"{one.number},R5,2026-11-03,1,,",
    ]
    batch = load("payments", PAYMENTS + "\n".join(rows))
    assert codes(batch) == [
        (2, "receipt", "receipt_elsewhere"),
        (3, "amount", "zero"),
        (4, "amount", "too_many_decimals"),
        (4, "channel", "bad_choice"),
        (4, "paid_on", "bad_date"),
        (6, "receipt", "duplicate"),
    ]


def test_a_ticket_is_read_with_its_times_in_local_time(account, load):
    batch = load(
        "tickets",
        f"{TICKETS}T1,{account.number},投诉,停送电投诉,停电前未收到通知,已归档,2026-10-31 23:30,,2026-11-01 10:00\n".encode("gb18030"),
    )
    assert counts(batch) == (1, 0, 0, 0), batch.problems
    ticket = Ticket.objects.get()
    assert (ticket.account, ticket.kind, ticket.category, ticket.state, ticket.channel) == (
        account,
        "complaint",
        "outage",
        "closed",
        "phone",
    )
    assert ticket.opened_at == dt.datetime(2026, 10, 31, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert list(DirtyMonth.objects.values_list("table", "period")) == [("tickets", dt.date(2026, 10, 1))]


def test_the_state_of_a_ticket_is_told_by_its_times_when_the_file_does_not_say_it(account, load):
    rows = [
        "T1,,咨询,营业,问电价,,2026-10-03,,",
        "T2,,咨询,营业,问电价,,2026-10-03,2026-10-04,",
        "T3,,咨询,营业,问电价,,2026-10-03,,2026-10-05",
    ]
    load("tickets", TICKETS + "\n".join(rows))
    assert dict(Ticket.objects.values_list("external_id", "state")) == {"T1": "new", "T2": "answered", "T3": "closed"}


def test_an_open_ticket_comes_to_the_manager_with_a_running_clock(account, load, manager):
    from crm.service_levels.models import ClockPolicy

    ClockPolicy.objects.update_or_create(
        name="投诉",
        ticket_kind="complaint",
        category="",
        severity="",
        level=None,
        defaults={"contact_within": 1440, "answer_within": 5, "valid_from": dt.date(2020, 1, 1)},
    )
    load("tickets", f"{TICKETS}T1,{account.number},投诉,服务,态度不好,,2026-11-03 09:00,,\n")
    ticket = Ticket.objects.get()
    assert ticket.assignee == manager and ticket.clock_policy is not None
    assert ticket.contact_due_at > ticket.opened_at


def test_the_same_tickets_again_change_nothing(account, load):
    load("tickets", f"{TICKETS}T1,{account.number},投诉,服务,态度不好,,2026-11-03 09:00,,\n")
    before = Ticket.objects.values().get()
    assert counts(load("tickets", f"{TICKETS}T1,{account.number},投诉,服务,态度不好,,2026/11/3 09:00:00,,\n")) == (0, 0, 1, 0)
    assert Ticket.objects.values().get() == before


def test_a_ticket_closed_later_changes_only_that(account, load):
    load("tickets", f"{TICKETS}T1,{account.number},投诉,服务,态度不好,,2026-11-03 09:00,,\n")
    load("tickets", "Ticket number,Class,Subject,Opened at,Closed at\nT1,Service,态度不好,2026-11-03 09:00,2026-11-05 09:00\n")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.account, ticket.kind) == ("closed", account, "complaint")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("T1,3309999999,投诉,服务,x,,2026-11-03,,", ("account", "unknown_account")),
        ("T1,,投诉,服务,x,已归档,2026-11-03,,", ("state", "answered_without_time")),
        ("T1,,投诉,,x,,2026-11-03,,", ("category", "required")),
        ("T1,,投诉,服务,x,,2026-11-03 25:00,,", ("opened_at", "bad_moment")),
        (",,投诉,服务,x,,2026-11-03,,", ("external_id", "required")),
    ],
)
def test_a_wrong_ticket_is_named(row, expected, db, load):
    batch = load("tickets", f"{TICKETS}{row}\n")
    assert codes(batch) == [(2, *expected)]
    assert (batch.state, batch.message["code"]) == ("refused", "no_good_rows")

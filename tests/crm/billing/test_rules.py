"""Arrears and the late fee (违约金), by the rule's own example and by what must hold for any figures."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.billing import rules

D = Decimal
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2030, 12, 31))
MONEY = st.decimals("0.01", "9999999", places=2)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("amount", "due", "paid", "resident", "fee"),
    [
        ("100000", "2026-12-20", "2027-01-10", False, "5200"),
        ("100000", "2026-12-20", "2026-12-20", False, "0"),
        ("100000", "2026-12-20", "2026-12-21", False, "200"),
        ("100000", "2026-12-31", "2027-01-01", False, "300"),
        ("100000", "2026-12-20", "2027-01-10", True, "2100"),
        ("100", "2026-12-20", "2026-12-21", True, "1"),
        ("0", "2026-12-20", "2027-12-21", True, "0"),
        ("1234.56", "2026-03-10", "2026-03-13", False, "7.41"),
    ],
)
def test_the_late_fee_follows_the_rule(amount, due, paid, resident, fee):
    assert rules.late_fee(amount=D(amount), due_on=day(due), paid_on=day(paid), resident=resident) == D(fee)


@given(MONEY, DAYS, DAYS, DAYS, st.booleans())
def test_paying_later_never_costs_less(amount, due, one, other, resident):
    sooner, later = sorted((one, other))
    fee = lambda paid: rules.late_fee(amount=amount, due_on=due, paid_on=paid, resident=resident)  # noqa: E731
    assert fee(sooner) <= fee(later)


@given(MONEY, MONEY, DAYS, DAYS, st.booleans())
def test_owing_more_never_costs_less(amount, more, due, paid, resident):
    fee = lambda yuan: rules.late_fee(amount=yuan, due_on=due, paid_on=paid, resident=resident)  # noqa: E731
    assert fee(amount) <= fee(amount + more)


@given(st.lists(st.tuples(DAYS, MONEY, st.sampled_from([None, day("2026-01-01"), day("2026-02-01")])), max_size=8))
def test_no_money_is_lost_or_made_when_payments_settle_bills(payments):
    bills = [(day("2026-01-01"), day("2026-01-25"), D("500")), (day("2026-02-01"), day("2026-02-25"), D("700"))]
    settled = rules.settle(bills, payments)
    received = sum((amount for _, amount, _ in payments), D(0))
    on_bills = sum((amount for debt in settled.debts for _, amount in debt.paid), D(0))
    assert on_bills + settled.credit == received
    assert all(0 <= debt.unpaid <= debt.total for debt in settled.debts)


def test_money_that_names_no_bill_pays_the_oldest_debt_first():
    bills = [(day("2026-02-01"), day("2026-02-25"), D(700)), (day("2026-01-01"), day("2026-01-25"), D(500))]
    settled = rules.settle(bills, [(day("2026-03-01"), D(600), None)])
    assert [(debt.period.month, debt.unpaid) for debt in settled.debts] == [(1, 0), (2, 600)]


def test_a_bounced_debit_makes_the_bill_owed_again():
    january = day("2026-01-01")
    settled = rules.settle(
        [(january, day("2026-01-25"), D(500))], [(day("2026-01-20"), D(500), january), (day("2026-01-22"), D(-500), january)]
    )
    assert settled.arrears(day("2026-02-01")) == 500


def test_debts_are_aged_by_days_since_the_due_date_and_a_bill_not_yet_due_is_no_arrears():
    on = day("2026-07-01")
    bills = [
        (day("2026-01-01"), day("2026-01-25"), D(1)),
        (day("2026-04-01"), day("2026-04-25"), D(10)),
        (day("2026-05-01"), day("2026-05-25"), D(100)),
        (day("2026-06-01"), day("2026-06-30"), D(1000)),
        (day("2026-07-01"), day("2026-07-01"), D(10000)),
        (day("2026-03-01"), None, D(5)),
        (day("2026-02-01"), day("2026-02-02"), None),
    ]
    settled = rules.settle(bills, [])
    assert rules.ageing(settled.debts, on=on) == {"1-30": 1000, "31-60": 100, "61-90": 10, "90+": 1}
    assert settled.arrears(on) == 1111


def test_a_bill_paid_in_parts_owes_the_fee_of_each_part():
    june = day("2026-06-01")
    debt = rules.settle([(june, day("2026-06-20"), D(1000))], [(day("2026-06-20"), D(400), june), (day("2026-06-30"), D(100), june)]).debts[
        0
    ]
    assert debt.unpaid == 500
    assert rules.fee_of(debt, on=day("2026-07-10"), resident=False) == D("2.00") + D("20.00")

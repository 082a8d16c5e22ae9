"""Weekly series become months of kWh; the real file and a small one of our own."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from crm.accounts.models import Account
from crm.billing.models import Bill
from crm.imports.kinds.weeks import monthly_kwh
from tests.crm.imports.conftest import codes, counts

HEAD = "# by hand\n@relation Mill\n@attribute series_name string\n@attribute start_timestamp date\n@frequency weekly\n@horizon 8\n@data\n"


def series(name, weeks, start="2024-01-29"):
    return f"{name}:{start} 00-00-00:{','.join(map(str, weeks))}\n"


def test_a_week_is_spread_over_its_days_and_summed_by_month():
    """Six weeks from Monday 29 January 2024: 3 days of January, all of February, 10 days of March."""
    complete, partial = monthly_kwh(dt.date(2024, 1, 29), np.array([7.0, 14, 21, 28, 35, 42]))
    assert partial == [(dt.date(2024, 1, 1), 3), (dt.date(2024, 3, 1), 10)]
    assert complete == [(dt.date(2024, 2, 1), pytest.approx(4 * 1 + 7 * (2 + 3 + 4) + 4 * 5))]


def test_a_month_with_an_unknown_week_is_left_out():
    complete, partial = monthly_kwh(dt.date(2024, 1, 1), np.array([7.0] * 5 + [np.nan] + [7.0] * 8))
    assert [month for month, _kwh in complete] == [dt.date(2024, 1, 1), dt.date(2024, 3, 1)]
    assert partial == [(dt.date(2024, 2, 1), 22), (dt.date(2024, 4, 1), 7)]


def test_a_series_gets_an_account_of_which_nothing_is_invented(province, east, load):
    batch = load("consumption", HEAD + series("T7", [7] * 6), "mill.tsf")
    assert counts(batch) == (1, 0, 0, 0), batch.problems or batch.message
    account = Account.objects.select_related("customer").get()
    assert (account.number, account.external_id, account.unit, account.category) == ("9900000007", "T7", province, "other")
    assert (account.customer.name, account.voltage_kv, account.contract_kva, account.opened_on, account.is_synthetic) == (
        "Mill T7",
        None,
        None,
        None,
        False,
    )
    bill = Bill.objects.get()
    assert (bill.kwh, bill.total, bill.issued_on) == (Decimal("29.00"), None, dt.date(2024, 2, 29))
    assert [note["code"] for note in batch.preview["notes"]] == ["licence_unknown", "weekly_split", "incomplete_months", "accounts_created"]


def test_a_month_of_zeros_is_a_bill_of_zero(province, load):
    load("consumption", HEAD + series("T7", [0] * 6), "mill.tsf")
    assert Bill.objects.get().kwh == 0


def test_an_account_that_carries_the_name_of_the_series_is_used(make_account, load):
    account = make_account(external_id="T7")
    load("consumption", HEAD + series("T7", [7] * 6), "mill.tsf")
    assert Bill.objects.get().account == account and Account.objects.count() == 1


def test_the_unit_chosen_for_the_file_gets_the_new_accounts(province, east, load):
    load("consumption", HEAD + series("T7", [7] * 6), "mill.tsf", unit=east)
    assert Account.objects.get().unit == east


def test_money_that_stands_already_is_kept(make_account, load):
    account = make_account(external_id="T7")
    Bill.objects.create(account=account, period=dt.date(2024, 2, 1), kwh=1, total=5, issued_on=dt.date(2024, 3, 3))
    load("consumption", HEAD + series("T7", [7] * 6), "mill.tsf")
    bill = Bill.objects.get()
    assert (bill.kwh, bill.total, bill.issued_on) == (29, 5, dt.date(2024, 3, 3))


def test_wrong_series_are_named_by_line_and_the_others_land(make_account, province, load):
    make_account(number="9900000009", external_id="other")
    lines = [
        series("T7", [7] * 6),
        series("T8", [7, "x", 7]),
        series("T7", [8] * 6),
        series("mill", [7] * 6),
        series("T10", [7, -1, 7]),
        series("T11", [7] * 6, start="soon"),
        series("T9", [7] * 6),
    ]
    batch = load("consumption", HEAD + "".join(lines), "mill.tsf")
    assert codes(batch) == [
        (9, "kwh", "not_a_number"),
        (10, "series", "duplicate"),
        (11, "series", "no_series_number"),
        (12, "kwh", "too_small"),
        (13, "period", "bad_start"),
        (14, "series", "external_id_elsewhere"),
    ]
    assert counts(batch) == (1, 0, 0, 6)


def test_series_that_are_not_weekly_are_refused(province, check):
    batch = check("consumption", HEAD.replace("weekly", "daily") + series("T7", [7] * 6), "mill.tsf")
    assert (batch.state, batch.message["code"]) == ("failed", "not_weekly")


def test_without_any_unit_the_reader_is_told_to_make_one(db, check):
    batch = check("consumption", HEAD + series("T7", [7] * 6), "mill.tsf")
    assert (batch.state, batch.message["code"]) == ("failed", "no_unit")


def test_the_real_file_becomes_35_whole_months_of_321_clients(province, uci_file, load):
    batch = load("consumption", uci_file.read_bytes(), uci_file.name)
    assert counts(batch) == (321 * 35, 0, 0, 0)
    assert Account.objects.filter(number="9900000300", external_id="T300", customer__name="UCI T300").count() == 1
    months = set(Bill.objects.values_list("period", flat=True))
    assert (min(months), max(months), len(months)) == (dt.date(2012, 1, 1), dt.date(2014, 11, 1), 35)
    assert {note["code"]: note["params"] for note in batch.preview["notes"]}["incomplete_months"] == {"months": ["2014-12 (27 d)"]}
    assert "licence_uci" in [note["code"] for note in batch.preview["notes"]]
    stopped = Bill.objects.filter(account__external_id="T183").order_by("period")
    assert stopped.get(period="2012-10-01").kwh == 0 and stopped.get(period="2012-08-01").kwh > 2_000_000
    weekly = next(line for line in uci_file.read_text().splitlines() if line.startswith("T1:")).rsplit(":", 1)[1].split(",")
    january = sum(int(week) for week in weekly[:4]) + int(weekly[4]) * 3 / 7
    assert Bill.objects.get(account__external_id="T1", period="2012-01-01").kwh == pytest.approx(Decimal(january), abs=Decimal("0.01"))
    assert not Bill.objects.exclude(total=None).exists()

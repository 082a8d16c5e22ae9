"""Bills: headers in two languages, three encodings, two formats; wrong rows named; twice is once."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.audit.models import AuditEntry
from crm.billing.models import Bill
from crm.changes.models import DirtyMonth
from crm.imports.models import ImportBatch
from crm.imports.problems import FileProblem
from tests.crm.imports.conftest import AT, codes, counts, xlsx

ENGLISH = ["Account number", "Billing month", "Total kWh", "Total amount", "Due date"]
CHINESE = ["用电户号", "电费年月", "总电量(千瓦时)", "应收电费（元）", "缴费截止日期"]


def table(header, *rows):
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in (header, *rows)) + "\n"


@pytest.mark.parametrize("header", [ENGLISH, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize("how", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "xlsx"])
def test_a_bill_is_read_from_either_language_any_encoding_and_both_formats(header, how, account, load):
    rows = [header, [account.number, "2026-10", "125,000.50", "82310.55", "2026-11-20"]]
    content, name = (xlsx(rows), "电费.xlsx") if how == "xlsx" else (table(*rows).encode(how), "电费.csv")
    batch = load("bills", content, name)
    assert (batch.state, counts(batch)) == ("loaded", (1, 0, 0, 0)), batch.problems or batch.message
    bill = Bill.objects.get(account=account)
    assert (bill.period, bill.kwh, bill.total, bill.due_on) == (
        dt.date(2026, 10, 1),
        Decimal("125000.50"),
        Decimal("82310.55"),
        dt.date(2026, 11, 20),
    )
    assert bill.batch_id == batch.pk


@pytest.mark.parametrize("written", ["2026-10", "202610", "2026年10月", "2026/10", "2026-10-01", "２０２６－１０"])
def test_a_month_may_be_written_in_many_ways(written, account, load):
    load("bills", table(["户号", "账期", "电量"], [account.number, written, "1"]))
    assert Bill.objects.get().period == dt.date(2026, 10, 1)


def test_cells_of_a_spreadsheet_keep_their_meaning(account, load):
    rows = [["户号", "账期", "电量", "出账日期"], [int(account.number), dt.datetime(2026, 10, 1), 0.1 + 0.2, dt.date(2026, 11, 2)]]
    batch = load("bills", xlsx(rows), "bills.xlsx")
    assert batch.failed == 0, batch.problems
    bill = Bill.objects.get()
    assert (bill.kwh, bill.issued_on) == (Decimal("0.30"), dt.date(2026, 11, 2))


def test_without_an_issue_date_a_bill_counts_as_issued_on_the_last_day_of_its_month(account, load):
    batch = load("bills", table(["户号", "账期", "电量"], [account.number, "2024-02", "1"]))
    assert Bill.objects.get().issued_on == dt.date(2024, 2, 29)
    assert {"code": "issued_assumed", "params": {}} in batch.preview["notes"]


def test_money_that_the_file_does_not_give_stays_empty(account, load):
    load("bills", table(["户号", "账期", "电量"], [account.number, "2026-10", "1"]))
    bill = Bill.objects.get()
    assert (bill.total, bill.energy_charge, bill.power_factor) == (None, None, None)


WRONG = [
    ("12345", "2026-10", "1", [("account", "bad_account_number")]),
    ("3.30401E+12", "2026-10", "1", [("account", "mangled_account_number")]),
    ("3309999999", "2026-10", "1", [("account", "unknown_account")]),
    ("", "2026-10", "1", [("account", "required")]),
    (None, "2026-13", "1", [("period", "bad_month")]),
    (None, "2026-10-15", "1", [("period", "bad_month")]),
    (None, "2026-10", "many", [("kwh", "not_a_number")]),
    (None, "2026-10", "-1", [("kwh", "too_small")]),
    (None, "2026-10", "1.234", [("kwh", "too_many_decimals")]),
    (None, "2026-10", "123456789012345", [("kwh", "too_large")]),
    (None, "2026-10", "1,23,4", [("kwh", "not_a_number")]),
    (None, "2026-10", "NaN", [("kwh", "not_a_number")]),
    (None, "", "", [("kwh", "required"), ("period", "required")]),
    ("3309999999", "oops", "1", [("account", "unknown_account"), ("period", "bad_month")]),
]


@pytest.mark.parametrize(("number", "month", "kwh", "expected"), WRONG)
def test_a_wrong_row_is_named_with_its_fields_and_the_good_ones_land(number, month, kwh, expected, account, load):
    number = account.number if number is None else number
    batch = load("bills", table(["户号", "账期", "电量"], [number, month, kwh], [account.number, "2026-09", "7"]))
    assert codes(batch) == [(2, field, code) for field, code in expected]
    assert (batch.state, counts(batch)) == ("loaded", (1, 0, 0, 1))
    assert Bill.objects.get().period == dt.date(2026, 9, 1)


def test_rows_are_counted_as_in_the_file_with_its_empty_rows(account, load):
    batch = load("bills", f"户号,账期,电量\n\n{account.number},2026-10,1\n,,\n{account.number},2026-11,x\n")
    assert codes(batch) == [(5, "kwh", "not_a_number")]


def test_all_or_nothing_loads_nothing_when_one_row_is_wrong(account, load):
    batch = load(
        "bills", table(["户号", "账期", "电量"], [account.number, "2026-10", "1"], [account.number, "2026-11", "x"]), all_or_nothing=True
    )
    assert (batch.state, batch.message["code"], batch.failed) == ("refused", "all_or_nothing", 1)
    assert not Bill.objects.exists() and not DirtyMonth.objects.exists()


def test_a_duplicate_inside_a_file_is_wrong_and_names_the_first(account, load):
    rows = [[account.number, "2026-10", "1"], [account.number, "202610", "2"], [account.number, "2026-11", "3"]]
    batch = load("bills", table(["户号", "账期", "电量"], *rows))
    assert [(p["row"], p["code"], p["params"]) for p in batch.problems] == [(3, "duplicate", {"first": 2})]
    assert sorted(Bill.objects.values_list("kwh", flat=True)) == [1, 3]


def test_the_same_file_twice_has_nothing_to_do_and_says_when_it_was_loaded(account, load, administrator):
    content = table(["户号", "账期", "电量"], [account.number, "2026-10", "1"])
    load("bills", content)
    with pytest.raises(FileProblem) as refused:
        load("bills", content)
    assert refused.value.code == "already_loaded" and str(administrator) in str(refused.value)
    assert ImportBatch.objects.count() == 1


def test_the_same_rows_in_another_file_change_nothing_and_dirty_no_month(account, load):
    load("bills", table(["户号", "账期", "电量", "电费"], [account.number, "2026-10", "1", "2.50"]))
    DirtyMonth.objects.all().delete()
    before = Bill.objects.values().get()
    batch = load("bills", table(["户号", "账期", "电费", "电量"], [account.number, "2026年10月", "2.5", "1.00"]))
    assert counts(batch) == (0, 0, 1, 0)
    assert Bill.objects.values().get() == before
    assert not DirtyMonth.objects.exists()


def test_a_corrected_figure_changes_its_row_alone_and_marks_its_month(account, load):
    rows = [[account.number, f"2026-{month:02d}", "1"] for month in (8, 9, 10)]
    load("bills", table(["户号", "账期", "电量"], *rows))
    DirtyMonth.objects.all().delete()
    rows[1][2] = "5"
    batch = load("bills", table(["户号", "账期", "电量"], *rows))
    assert counts(batch) == (0, 1, 2, 0)
    assert list(DirtyMonth.objects.values_list("table", "period")) == [("bills", dt.date(2026, 9, 1))]


def test_a_column_the_file_does_not_have_is_left_alone_and_an_empty_cell_clears(account, load):
    load("bills", table(["户号", "账期", "电量", "电费", "尖电量"], [account.number, "2026-10", "1", "9", "4"]))
    load("bills", table(["户号", "账期", "电量", "尖电量"], [account.number, "2026-10", "2", ""]))
    bill = Bill.objects.get()
    assert (bill.kwh, bill.total, bill.sharp_kwh) == (2, 9, None)


def test_an_older_file_loads_again_once_a_later_one_changed_what_it_wrote(account, load):
    first = table(["户号", "账期", "电量"], [account.number, "2026-10", "1"])
    load("bills", first)
    load("bills", table(["户号", "账期", "电量"], [account.number, "2026-10", "2"]))
    assert counts(load("bills", first)) == (0, 1, 0, 0)


def test_a_file_with_wrong_rows_may_come_again_when_its_accounts_are_there(make_account, load):
    content = table(["户号", "账期", "电量"], ["3312345678", "2026-10", "1"], [make_account().number, "2026-10", "1"])
    assert counts(load("bills", content)) == (1, 0, 0, 1)
    make_account(number="3312345678")
    assert counts(load("bills", content)) == (1, 0, 1, 0)


def test_a_load_leaves_an_audit_entry_with_its_counts(account, load, administrator):
    batch = load("bills", table(["户号", "账期", "电量"], [account.number, "2026-10", "1"]))
    entry = AuditEntry.objects.get(did="imported")
    assert (entry.by, entry.subject_id, entry.details["created"]) == (administrator, str(batch.pk), 1)


def test_checking_says_what_would_happen_and_changes_nothing(account, check, load):
    load("bills", table(["户号", "账期", "电量"], [account.number, "2026-10", "1"], [account.number, "2026-09", "1"]))
    content = table(
        ["户号", "备注", "账期", "电量"],
        [account.number, "", "2026-10", "2"],
        [account.number, "", "2026-09", "1"],
        [account.number, "", "2026-08", "1"],
        [account.number, "", "x", "1"],
    )
    batch = check("bills", content, at=AT)
    assert (batch.state, counts(batch)) == ("checked", (1, 1, 1, 1))
    assert Bill.objects.count() == 2 and Bill.objects.get(period="2026-10-01").kwh == 1
    assert batch.preview["mapping"] == [
        {"header": "户号", "field": "account"},
        {"header": "备注", "field": None},
        {"header": "账期", "field": "period"},
        {"header": "电量", "field": "kwh"},
    ]
    assert batch.preview["rows"][0] == {"row": 2, "values": {"account": account.number, "period": "2026-10-01", "kwh": "2"}}

"""Accounts and their customers in one file."""

import datetime as dt

import pytest

from crm.accounts.models import Account
from crm.accounts.search import matching
from crm.customers.models import Customer
from tests.crm.imports.conftest import codes, counts, xlsx

HEADER = "户号,客户编号,客户名称,英文名称,客户类型,供电单位,客户经理,用电类别,电压等级,合同容量,状态,用电地址"


def row(
    number="3304012289",
    customer="C1",
    name="华鑫精密铸造有限公司",
    unit="334010101",
    manager="",
    category="大工业",
    kva="630",
    status="正常",
):
    return f'{number},{customer},{name},Huaxin,企业,{unit},{manager},{category},10kV,"{kva}",{status},解放路8号'


def file(*rows, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def test_an_account_and_its_customer_come_from_one_row(east, manager, load):
    batch = load("accounts", file(row(manager="anna", kva="12,600")).encode("gb18030"))
    assert counts(batch) == (1, 0, 0, 0), batch.problems
    account = Account.objects.select_related("customer", "unit", "manager").get()
    assert (account.number, account.unit, account.manager, account.category) == ("3304012289", east, manager, "large_industrial")
    assert (account.voltage_kv, account.contract_kva, account.status, account.is_synthetic) == (10, 12600, "active", False)
    assert (account.customer.number, account.customer.name, account.customer.kind) == ("C1", "华鑫精密铸造有限公司", "organisation")


def test_english_headers_and_labels_in_a_spreadsheet_do_as_well(east, load):
    header = ["Account number", "Customer name", "Unit code", "Category", "Voltage", "Opened on", "Captive plant", "Market status"]
    batch = load(
        "accounts",
        xlsx([header, [3304012289, "Huaxin", east.code, "EV charging", 0.38, dt.date(2015, 5, 1), True, "Agency purchase"]]),
        "a.xlsx",
    )
    assert counts(batch) == (1, 0, 0, 0), batch.problems
    account = Account.objects.get()
    assert (account.category, str(account.voltage_kv), account.opened_on) == ("ev_charging", "0.38", dt.date(2015, 5, 1))
    assert (account.has_captive_plant, account.market_status, account.customer.number) == (True, "agency", "C3304012289")


def test_an_account_is_found_by_pinyin_as_soon_as_it_is_loaded(east, load):
    load("accounts", file(row()))
    assert matching(Account.objects.all(), "huaxin", by_personal_data=False).count() == 1


def test_a_new_name_of_a_customer_is_found_on_all_its_accounts(east, load):
    load("accounts", file(row(), row(number="3304012290")))
    batch = load("accounts", file(row(name="永泰冷链")))
    assert counts(batch) == (0, 1, 0, 0)
    assert matching(Account.objects.all(), "永泰", by_personal_data=False).count() == 2


def test_two_accounts_share_the_customer_they_name(east, load):
    load("accounts", file(row(), row(number="3304012290")))
    assert Customer.objects.get().accounts.count() == 2


def test_the_same_rows_again_change_nothing(east, manager, load):
    load("accounts", file(row(manager="anna")))
    before = Account.objects.values().get()
    assert counts(load("accounts", file(row(manager="anna")) + "\n")) == (0, 0, 1, 0)
    assert Account.objects.values().get() == before


def test_a_unit_chosen_for_the_file_serves_rows_without_one(east, west, load):
    load("accounts", file(row(unit=""), row(number="3304012290", unit=east.code)), unit=west)
    assert dict(Account.objects.values_list("number", "unit__code")) == {"3304012289": west.code, "3304012290": east.code}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"number": "330401"}, ("account", "bad_account_number")),
        ({"unit": "99999"}, ("unit", "unknown_unit")),
        ({"unit": ""}, ("unit", "unit_needed")),
        ({"manager": "nobody"}, ("manager", "unknown_manager")),
        ({"manager": "boss"}, ("manager", "unknown_manager")),
        ({"category": "别墅"}, ("category", "bad_choice")),
        ({"category": ""}, ("category", "required")),
        ({"kva": "0"}, ("contract_kva", "must_be_positive")),
        ({"name": "x" * 201}, ("customer_name", "too_long")),
        ({"status": "销户"}, ("closed_on", "closed_without_date")),
    ],
)
def test_a_row_that_the_form_would_refuse_is_refused(wrong, expected, east, supervisor, load):
    batch = load("accounts", file(row(**wrong), row(number="3304012290")))
    assert codes(batch) == [(2, *expected)]
    assert Account.objects.values_list("number", flat=True).get() == "3304012290"


def test_rows_that_disagree_about_their_customer_are_refused_naming_the_first(east, load):
    batch = load("accounts", file(row(), row(number="3304012290", name="别的公司")))
    assert [(p["row"], p["code"], p["params"]) for p in batch.problems] == [(3, "customer_differs", {"first": 2})]


def test_a_credit_code_of_another_customer_is_refused(east, make_customer, load):
    make_customer(number="C9", credit_code="91330100MA27XXXX0A")
    header = "户号,客户编号,客户名称,统一社会信用代码,供电单位,用电类别"
    batch = load("accounts", file(f"3304012289,C1,华鑫,91330100MA27XXXX0A,{east.code},大工业", header=header))
    assert codes(batch) == [(2, "credit_code", "credit_code_taken")]


def test_an_account_moves_to_the_customer_the_file_names(make_account, load):
    account = make_account()
    batch = load("accounts", file(row(number=account.number, customer="C77", name="接手公司")))
    assert counts(batch) == (0, 1, 0, 0)
    account.refresh_from_db()
    assert account.customer.number == "C77"
    assert matching(Account.objects.all(), "接手", by_personal_data=False).get() == account

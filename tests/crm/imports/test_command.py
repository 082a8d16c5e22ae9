"""`manage.py import_file`, as an administrator types it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from crm.billing.models import Bill
from crm.imports.models import ImportBatch


def run(*args):
    out = io.StringIO()
    try:
        call_command("import_file", *args, stdout=out)
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue()


@pytest.fixture
def bills(tmp_path, account):
    path = tmp_path / "bills.csv"
    path.write_text(f"户号,账期,电量\n{account.number},2026-10,1\n{account.number},2026-13,1\n", encoding="gb18030")
    return path


def test_a_file_is_loaded_and_wrong_rows_are_told(bills):
    code, told = run("bills", str(bills))
    assert code == 0 and "created 1" in told and "failed 1" in told
    assert "row 3, period, '2026-13': This is not a month." in told
    assert Bill.objects.count() == 1


def test_a_dry_run_tells_the_same_and_leaves_nothing(bills):
    _code, told = run("bills", str(bills), "--dry-run", "--json")
    told = json.loads(told)
    assert (told["state"], told["created"], told["failed"]) == ("checked", 1, 1)
    assert not Bill.objects.exists() and not ImportBatch.objects.exists()


def test_all_or_nothing_loads_nothing_and_fails(bills):
    code, told = run("bills", str(bills), "--all-or-nothing", "--json")
    assert code == 1 and json.loads(told)["code"] == "all_or_nothing"
    assert not Bill.objects.exists()


def test_the_second_time_there_is_nothing_to_do(bills, account):
    bills.write_text(f"户号,账期,电量\n{account.number},2026-10,1\n")
    run("bills", str(bills))
    code, told = run("bills", str(bills), "--json")
    assert code == 0 and json.loads(told)["code"] == "already_loaded"
    assert "by the command line" in json.loads(told)["message"]


def test_wrong_rows_go_to_a_file_of_their_own(bills, tmp_path):
    run("bills", str(bills), "--errors", str(tmp_path / "wrong.csv"))
    assert "2026-13" in (tmp_path / "wrong.csv").read_text("utf-8-sig")


def test_what_is_not_there_is_told(bills):
    with pytest.raises(CommandError, match="no file"):
        run("bills", str(bills.with_name("nowhere.csv")))
    with pytest.raises(CommandError, match="'99999'"):
        run("bills", str(bills), "--unit", "99999")

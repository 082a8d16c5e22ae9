"""Plain lines are split, quoted ones read by the book: the outcome is what Python's csv module makes of the whole file."""

import csv

import pytest

from crm.billing.models import Bill
from crm.imports.formats import csv_file, plain_csv
from crm.imports.kinds import bills
from crm.imports.staging import STAGE, prepare, run

TRICKY = [
    'a,b,c\r\n1,2,3\r\n',
    'a;b\n"x;y"; z \n 1 ;\n',
    'a,b\n"two\nlines",1\n"said ""so""",2\nplain,3\n',
    'a,b\n\n1,2\n   \n3,4',
    'a\tb\n1 \t 2\n',
    'a,b\n5" pipe,1\n,\n',
    'a,b\n\u3000电\u3000,１\n',
    'a,b\r1,2\r3,4\r',
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_rows_are_what_the_csv_module_reads(text, tmp_path):
    path = tmp_path / "some.csv"
    path.write_text(text, encoding="utf-8", newline="")
    table = csv_file.read(path)
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    with path.open(encoding="utf-8", newline="") as file:
        expected = [[cell.strip() for cell in row] for row in csv.reader(file, delimiter=delimiter)]
    assert [table.header, *(cells for _, cells in table.rows)] == [row for row in expected if any(row)]


def test_row_numbers_count_records_as_before(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text('a,b\n\n"two\nlines",1\n3,4\n', newline="")
    assert list(csv_file.read(path).rows) == [(3, ["two\nlines", "1"]), (4, ["3", "4"])]


@pytest.mark.django_db
def test_bills_are_compared_with_those_of_the_files_months_only():
    prepare(bills.FIELDS)
    assert bills._months_staged() == "true"
    run(f"insert into {STAGE} (row_number, period) values (2, '2026-10-01'), (3, '2026-09-01'), (4, '2026-10-01'), (5, null)")
    assert bills._months_staged() == "t.period in ('2026-09-01', '2026-10-01')"


def everything(path):
    """(header, records of the plain lane, records behind it)."""
    table = csv_file.read(path)
    plain = []
    for number, columns in table.plain.blocks():
        plain += [(number + n, list(row.values())) for n, row in enumerate(columns.to_pylist())]
    return table.header, plain, list(table.rows)


def by_rows(path):
    return list(csv_file.read(path).rows)


@pytest.mark.parametrize("spoiler", ['8,"x"', "8, x", "8,电", "8", "8,9,10", "", ",", "8,\t9"])
def test_a_file_is_plain_up_to_the_block_that_is_not(spoiler, tmp_path, monkeypatch):
    monkeypatch.setattr(plain_csv, "BLOCK_BYTES", 16)
    path = tmp_path / "some.csv"
    path.write_bytes("\r\n".join(["a,b", *(f"{n},{n}" for n in range(100, 110)), spoiler, *(f"{n},{n}" for n in range(200, 210))]).encode())
    header, plain, rest = everything(path)
    assert header == ["a", "b"]
    assert 0 < len(plain) < 11
    assert plain + rest == by_rows(path)


def test_a_plain_file_without_a_last_line_end_is_read_to_its_end(tmp_path):
    path = tmp_path / "some.csv"
    path.write_bytes(b"\xef\xbb\xbfa;b\n1;2\n3;")
    assert everything(path) == (["a", "b"], [(2, ["1", "2"]), (3, ["3", ""])], [])


@pytest.mark.django_db
def test_wrong_cells_of_a_plain_file_are_named_with_their_rows(account, load):
    lines = ["account,period,kwh,total,due_on", f"{account.number},2026-09,1,,2026-10-20"]
    lines += ["12,2026-09,1,,", f"{account.number},2026-13,1,,", f"{account.number},2026-08,-1,,", f"{account.number},2026-07,,9,"]
    batch = load("bills", "\n".join(lines))
    assert (batch.created, batch.failed) == (1, 4)
    assert [(problem["row"], problem["field"]) for problem in batch.problems] == [(3, "account"), (4, "period"), (5, "kwh"), (6, "kwh")]
    bill = Bill.objects.get()
    assert (bill.kwh, bill.total, f"{bill.due_on}") == (1, None, "2026-10-20")
    assert batch.preview["rows"][0]["values"]["account"] == account.number

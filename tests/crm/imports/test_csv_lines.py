"""Plain lines are split, quoted ones read by the book: the outcome is what Python's csv module makes of the whole file."""

import csv

import pytest

from crm.imports.formats import csv_file
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

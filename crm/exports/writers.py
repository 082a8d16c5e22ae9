"""Rows into files, a row at a time: neither format holds more than the row in memory, neither lets text become a formula."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils import timezone

from crm.exports.models import Export

SHEET_ROWS = 1_048_576
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, format: str, title: str, columns, rows):
    """Write `rows` (an iterator of tuples) under `columns`; the file appears under its name only by the caller's doing."""
    {Export.Format.XLSX: _xlsx, Export.Format.CSV: _csv}[Export.Format(format)](path, title, [str(column) for column in columns], rows)


def _plain(value):
    """Moments in local time without a zone, lazy texts as text."""
    match value:
        case None | bool() | int() | float() | Decimal():
            return value
        case dt.datetime():
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        case dt.date():
            return value
    return str(value)


def _csv(path, _title, columns, rows):
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_harmless(column) for column in columns])
        for row in rows:
            writer.writerow([_harmless(_plain(value)) for value in row])


def _harmless(value):
    """Text a spreadsheet would run gets an apostrophe in front. Numbers are numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "" if value is None else value


def _xlsx(path, title, columns, rows):
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {name: book.add_format({"num_format": shape}) for name, shape in (("day", "yyyy-mm-dd"), ("moment", "yyyy-mm-dd hh:mm"))}
        head = book.add_format({"bold": True, "bottom": 1})
        number = 1
        sheet, line = _sheet(book, _sheet_name(title, number), columns, head), 1
        for row in rows:
            if line == SHEET_ROWS:
                number += 1
                sheet, line = _sheet(book, _sheet_name(title, number), columns, head), 1
            for column, value in enumerate(row):
                _cell(sheet, line, column, _plain(value), formats)
            line += 1


def _sheet_name(title, number):
    clean = "".join(" " if c in "[]:*?/\\'" else c for c in title)[:26].strip() or "Export"
    return clean if number == 1 else f"{clean} {number}"


def _sheet(book, name, columns, head):
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(columns) - 1), 18)
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, head)
    return sheet


def _cell(sheet, line, column, value, formats):
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(line, column, value)
        case int() | float() | Decimal():
            sheet.write_number(line, column, value)
        case dt.datetime():
            sheet.write_datetime(line, column, value, formats["moment"])
        case dt.date():
            sheet.write_datetime(line, column, value, formats["day"])
        case _:
            sheet.write_string(line, column, value[:32_767])

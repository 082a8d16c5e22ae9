"""XLSX: the first sheet that is shown, read row by row."""

import datetime as dt
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm.imports.formats.table import Table
from crm.imports.problems import FileProblem

# A workbook unpacks to at most this much; more is an attack or a mistake.
MAX_UNPACKED_BYTES = 4 * 1024**3


def read(path: Path) -> Table:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise FileProblem("too_large", megabytes=MAX_UNPACKED_BYTES // 1024**2)
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, StopIteration, OSError) as error:
        raise FileProblem("unreadable") from error
    rows = _rows(sheet)
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        return Table(
            header=cells, header_row=number, rows=rows, about={"sheet": sheet.title, "rows": max(0, (sheet.max_row or 0) - number)}
        )
    raise FileProblem("empty")


def _rows(sheet):
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = ["" if value is None else value.strip() if type(value) is str else _text(value) for value in cells]
            if any(texts):
                yield number, texts
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:  # ParseError of the XML reader is a SyntaxError
        raise FileProblem("unreadable") from error


def _text(value):
    """What the person sees: whole numbers without a decimal point, 15 significant digits as spreadsheets keep, ISO dates."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return format(value, ".15g")
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value).strip()

"""CSV as it comes out of spreadsheets and billing systems: UTF-8 with or without mark, GB18030, comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from crm.imports.formats.plain_csv import PlainLane
from crm.imports.formats.table import Table
from crm.imports.problems import FileProblem

BLOCK_BYTES = 1 << 20
DELIMITERS = ",;\t"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(path: Path) -> Table:
    encoding = encoding_of(path)
    delimiter = _delimiter(path, encoding)
    records = _records(path, encoding, delimiter)
    for number, cells in records:
        if any(cells):
            about = {"encoding": encoding, "rows": _line_count(path, encoding)}
            lane = _plain_lane(path, encoding, delimiter, cells, number)
            rows = _records(path, encoding, delimiter, behind=lane) if lane else records
            return Table(header=cells, header_row=number, rows=_filled(rows), about=about, plain=lane)
    raise FileProblem("empty")


def _plain_lane(path, encoding, delimiter, header, number):
    """Behind a header that is the first line of the file, in an encoding in which ASCII is ASCII."""
    if number > 1 or encoding == "utf-16":
        return None
    with open(path, "rb") as file:
        line = file.readline()
    whole = line.decode(encoding) if b"\r" not in line.removesuffix(b"\r\n") and line.count(b'"') % 2 == 0 else ""
    if not whole or _cells(whole, iter(()), delimiter) != header:
        return None
    return PlainLane(path, delimiter, len(header), offset=len(line), number=1)


def encoding_of(path: Path) -> str:
    """`utf-8`, `utf-8-sig`, `utf-16` or `gb18030`, found by decoding all of it. Raises `FileProblem("encoding")`."""
    with open(path, "rb") as file:
        start = file.read(4)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    raise FileProblem("encoding")


def _decodes(path, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with open(path, "rb") as file:
            while block := file.read(BLOCK_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _line_count(path, encoding):
    """Rows below the header at most: line ends in the file. Quoted line ends make it an upper bound, good enough for a progress bar."""
    if encoding == "utf-16":
        return 0
    count, block = 0, b""
    with open(path, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            count += block.count(b"\n")
            last = block
    return max(0, count - (1 if last.endswith(b"\n") else 0))


def _delimiter(path, encoding):
    with open(path, encoding=encoding, newline="") as file:
        head = file.readline()
    return max(DELIMITERS, key=head.count) if head else ","


def _records(path, encoding, delimiter, behind=None) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of the records, from the beginning or `behind` what a plain lane has read when the first one is asked for."""
    number = begin = behind.number if behind else 0  # `number` outlives the loop, for the message
    with open(path, "rb") as raw:
        raw.seek(behind.offset if behind else 0)
        lines = iter(io.TextIOWrapper(raw, "utf-8" if behind and encoding == "utf-8-sig" else encoding, newline=""))
        try:
            for number, line in enumerate(lines, start=begin + 1):
                yield number, _cells(line, lines, delimiter)
        except csv.Error as error:
            raise FileProblem("open_quote", row=number + 1) from error
        except UnicodeDecodeError as error:
            raise FileProblem("encoding") from error


def _cells(line, lines, delimiter):
    """Most lines hold neither quotes nor blanks, and splitting those is all there is to do; a quoted record may take further lines."""
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader(chain([line], lines), delimiter=delimiter))]
    line = line.rstrip("\r\n")
    cells = line.split(delimiter)
    return cells if line.isprintable() and " " not in line else [cell.strip() for cell in cells]


def _filled(records):
    return (record for record in records if any(record[1]))

"""A table of text becomes chunks of columns ready to be staged, with every cell that cannot be understood named."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import translation

from crm.imports.fields import Field, squeeze
from crm.imports.formats import open_table
from crm.imports.problems import BadCell, FileProblem, Problem

CHUNK_ROWS = 5_000
MEMO_SIZE = 20_000


@dataclass
class Chunk:
    """Rows in staging order (row number first, then the fields of `Reading.fields`), or the same as columns of text; the problems found
    in them, and how many rows of the file they are."""

    rows: list[tuple]
    problems: list[Problem]
    count: int
    columns: pa.Table | None = None

    def first(self, rows: int) -> list[tuple]:
        return self.rows[:rows] if self.columns is None else [tuple(row.values()) for row in self.columns.slice(0, rows).to_pylist()]


@dataclass
class Reading:
    """A file opened: which fields it fills, where each came from, and its chunks. `expected_rows` may be an upper bound, 0 when unknown."""

    fields: list[Field]
    mapping: list[dict]
    chunks: Iterator[Chunk]
    expected_rows: int = 0
    about: dict = field(default_factory=dict)
    notes: list[dict] = field(default_factory=list)


def read_table(fields: tuple[Field, ...], path: Path, name: str) -> Reading:
    """A CSV or XLSX file read with the headers of `fields`. Raises `FileProblem`."""
    table = open_table(path, name)
    found = match_headers(fields, table.header)
    missing = [each for each in fields if each.required and each.name not in {got.name for got in found.values()}]
    if missing:
        raise FileProblem("missing_columns", columns=[f"{each.name} ({each.headers[-1]})" for each in missing])
    return Reading(
        fields=list(found.values()),
        mapping=[{"header": title, "field": found[i].name if i in found else None} for i, title in enumerate(table.header)],
        chunks=_chunks(table, found),
        expected_rows=table.about.pop("rows", 0),
        about=table.about,
    )


def match_headers(fields, header: list[str]) -> dict[int, Field]:
    """{position: field}; what stands in brackets is tried without. Raises `FileProblem` when two columns mean the same."""
    known = _known_headers(fields)
    found: dict[int, Field] = {}
    for position, title in enumerate(header):
        match = known.get(squeeze(title)) or known.get(squeeze(title.replace("（", "(").split("(")[0]))
        if match is None:
            continue
        for earlier, other in found.items():
            if other is match:
                raise FileProblem("column_twice", first=header[earlier], second=title)
        found[position] = match
    return found


def _known_headers(fields) -> dict[str, Field]:
    """The aliases, and the titles people see on screen and in error files, in every language."""
    known = {squeeze(alias): each for each in fields for alias in each.headers}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for each in fields:
                known.setdefault(squeeze(str(each.title)), each)
    return known


def _chunks(table, found):
    width, positions = len(table.header), list(found)
    memos = {position: _Memo(found[position]) for position in positions}
    for number, columns in table.plain.blocks() if table.plain else ():
        yield _plain_chunk(number, columns, memos)
    while batch := list(islice(table.rows, CHUNK_ROWS)):
        problems = [problem for number, cells in batch if len(cells) != width for problem in _fit(number, cells, width)]
        columns = list(zip(*[cells for _number, cells in batch], strict=True))
        parsed = [memos[position].parse(columns[position], batch, problems) for position in positions]
        yield Chunk(rows=list(zip([number for number, _cells in batch], *parsed, strict=True)), problems=problems, count=len(batch))


def _plain_chunk(number, columns, memos):
    problems: list[Problem] = []
    numbers = range(number, number + columns.num_rows)
    staged = {str(position): memo.parse_plain(columns[str(position)], numbers, problems) for position, memo in memos.items()}
    table = pa.table({"row_number": pa.array(numbers), **staged})
    return Chunk(rows=[], problems=problems, count=columns.num_rows, columns=table)


def _fit(number, cells, width):
    """Make a row as wide as the header; cells beyond it are a problem unless they are empty."""
    extra = [cell for cell in cells[width:] if cell]
    del cells[width:]
    cells.extend([""] * (width - len(cells)))
    return [Problem(number, "", ", ".join(extra), "too_many_cells")] if extra else []


class _Memo(dict):
    """Columns repeat themselves (accounts, months, codes), so each spelling is parsed once."""

    def __init__(self, meaning):
        super().__init__()
        self.meaning = meaning
        self.bad = False

    def __missing__(self, text):
        if len(self) > MEMO_SIZE:
            self.clear()
            self.bad = False
        try:
            value = self._parse(text)
        except BadCell as error:
            value, self.bad = error, True
        self[text] = value
        return value

    def _parse(self, text):
        if text:
            return self.meaning.parse(text)
        if self.meaning.required:
            raise BadCell("required")
        return None

    def parse(self, column, batch, problems):
        return column if self._is_plain(column) else self._each(column, [number for number, _cells in batch], problems)

    def parse_plain(self, column, numbers, problems):
        """The same of a pyarrow column of plain cells; an empty one is null."""
        cell = getattr(self.meaning.parse, "cell", None)
        empty = pc.equal(column, "")
        if cell and pc.all(pc.match_substring_regex(column, rf"\A(?:{cell}){'' if self.meaning.required else '?'}\z")).as_py():
            return pc.if_else(empty, pa.scalar(None, pa.string()), column)
        return pa.array(self._each(column.to_pylist(), numbers, problems), pa.string())

    def _each(self, column, numbers, problems):
        before = self.bad
        values = [self[text] for text in column]
        if not (before or self.bad):
            return values
        for i, value in enumerate(values):
            if isinstance(value, BadCell):
                problems.append(Problem(numbers[i], self.meaning.name, column[i], value.code, value.params))
                values[i] = None
        return values

    def _is_plain(self, column):
        """A column of figures written as the database reads them is taken as it stands (empty cells are null to it)."""
        expressions = getattr(self.meaning.parse, "lines", None)
        if expressions is None:
            return False
        lines = "\n".join(column) + "\n"
        return lines.count("\n") == len(column) and expressions[not self.meaning.required].fullmatch(lines) is not None

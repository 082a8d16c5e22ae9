"""Interval readings as CSV: one reading a line, or one day a line with 24, 48 or 96 figures.

Read in pieces by Arrow: account and time are few spellings repeated many times, so each spelling is understood once; figures are read as
figures, and only a piece in which one is not is looked at cell by cell.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from crm.imports.fields import squeeze
from crm.imports.formats.csv_file import DELIMITERS, encoding_of
from crm.imports.problems import BadCell, FileProblem
from crm.imports.reading import match_headers
from segmentation.readings.block import MOST_KWH, Block, Wrong
from segmentation.readings.formats import cells

PIECE_BYTES = 24 << 20
DAY_COLUMN = re.compile(r"(kwh|wh|kw|p|电量|功率|负荷)0*(\d{1,3})")
UNIT_OF = {"p": "kw", "电量": "kwh", "功率": "kw", "负荷": "kw"}
FIGURE = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
KWH_OF = {"kwh": lambda minutes: 1.0, "wh": lambda minutes: 1e-3, "kw": lambda minutes: minutes / 60.0}
EVIDENCE = 24  # readings that all fall on the hour before a file is called hourly


class Layout:
    """Which column means what. Raises `FileProblem` when the file does not say enough."""

    def __init__(self, header: list[str]):
        self.header = header
        named = match_headers(cells.COLUMNS, header)
        self.at = {field.name: position for position, field in named.items()}
        self.day_columns = self._day_columns()
        if "account" not in self.at:
            raise FileProblem("missing_columns", columns=["account (户号)"])
        self.values = self._values()
        self.clock = self._clock()

    @property
    def is_wide(self):
        return bool(self.day_columns)

    def _day_columns(self):
        found: dict[str, dict[int, int]] = {}
        for position, title in enumerate(self.header):
            if position not in self.at.values() and (match := DAY_COLUMN.fullmatch(squeeze(title))):
                found.setdefault(UNIT_OF.get(match[1], match[1]), {})[int(match[2])] = position
        for unit, columns in found.items():
            if len(columns) in (24, 48, 96) and sorted(columns) == list(range(1, len(columns) + 1)):
                self.unit = unit
                return [columns[number] for number in sorted(columns)]
        return []

    def _values(self):
        if self.is_wide:
            return self.day_columns
        units = [unit for unit in KWH_OF if unit in self.at]
        if not units:
            unknown = [title for position, title in enumerate(self.header) if position not in self.at.values()]
            raise FileProblem("no_unit_of_energy", found=unknown or ["—"])
        if len(units) > 1:
            raise FileProblem("column_twice", first=self.header[self.at[units[0]]], second=self.header[self.at[units[1]]])
        self.unit = units[0]
        return [self.at[units[0]]]

    def _clock(self):
        """The column that says when: a day, the start or the end of the interval."""
        wanted = ("day", "starts_at") if self.is_wide else ("starts_at", "ends_at")
        found = [name for name in wanted if name in self.at]
        if not found:
            raise FileProblem("missing_columns", columns=["day (日期)" if self.is_wide else "starts_at (开始时间)"])
        return found[0]

    @property
    def minutes(self) -> int | None:
        """Where the layout alone says it."""
        return 24 * 60 // len(self.day_columns) if self.is_wide else None


class IntervalCsv:
    """A file opened: its layout is known, `blocks()` reads it. Raises `FileProblem`."""

    def __init__(self, path: Path, zone):
        self.path, self.zone = path, zone
        self.encoding = encoding_of(path)
        with open(path, encoding=self.encoding, newline="") as file:
            head = file.readline()
        self.delimiter = max(DELIMITERS, key=head.count)
        self.header = [cell.strip() for cell in next(csv.reader([head], delimiter=self.delimiter), [])]
        if not any(self.header):
            raise FileProblem("empty")
        self.layout = Layout(self.header)
        self.times, self.lengths, self.directions = cells.Moments(zone), cells.Lengths(), cells.Directions()

    def blocks(self) -> Iterator[Block]:
        row, first = 2, True
        for piece in self._pieces():
            block, lines = self._block(piece, row)
            if first and block.count:
                self._refuse_longer_intervals(block)
                first = False
            row += lines
            yield block

    def _pieces(self) -> Iterator[bytes]:
        """The file below its header in UTF-8, cut at line ends."""
        decoder = None if self.encoding.startswith("utf-8") else codecs.getincrementaldecoder(self.encoding)()
        rest, beheaded = b"", False
        with open(self.path, "rb") as file:
            while raw := file.read(PIECE_BYTES):
                text = rest + (raw if decoder is None else decoder.decode(raw).encode())
                if not beheaded:
                    text, beheaded = text.partition(b"\n")[2], True
                cut = text.rfind(b"\n") + 1
                rest = text[cut:]
                if cut:
                    yield text[:cut]
        if rest.strip():
            yield rest + b"\n"

    def _block(self, piece, row):
        odd: list[tuple[int, str]] = []
        table = self._read(piece, odd, as_text=False)
        if table is None:
            odd.clear()
            table = self._read(piece, odd, as_text=True)
        lines = table.num_rows + len(odd)
        rows = np.arange(row, row + lines, dtype=np.int64)
        if odd:
            rows = np.delete(rows, [number for number, _text in odd])
        block = _Reader(self, table, rows).block()
        wrong = [
            Wrong(row + number, "", text[:200], "cells_do_not_fit", {}, len(self.layout.values)) for number, text in odd if text.strip()
        ]
        block.wrong += wrong
        block.count += sum(each.readings for each in wrong)
        return block, lines

    def _read(self, piece, odd, *, as_text):
        """Columns by their position; None when a figure is none. `odd` gets (line from 0, text) of lines with more or fewer cells."""
        layout = self.layout
        words = {str(position): pa.dictionary(pa.int32(), pa.string()) for name, position in layout.at.items() if name not in KWH_OF}
        figures = {str(position): pa.string() if as_text else pa.float64() for position in layout.values}

        def put_aside(line):
            odd.append((line.number - 1, line.text))
            return "skip"

        try:
            return pa_csv.read_csv(
                io.BytesIO(piece),
                read_options=pa_csv.ReadOptions(
                    use_threads=False, block_size=len(piece) + 1, column_names=[str(i) for i in range(len(self.header))]
                ),
                parse_options=pa_csv.ParseOptions(delimiter=self.delimiter, invalid_row_handler=put_aside, ignore_empty_lines=False),
                convert_options=pa_csv.ConvertOptions(
                    column_types=words | figures, include_columns=list(words | figures), null_values=["", " "], strings_can_be_null=True
                ),
            )
        except pa.ArrowInvalid:
            if as_text:
                raise FileProblem("unreadable") from None
            return None

    def _refuse_longer_intervals(self, block):
        if self.layout.is_wide or "minutes" in self.layout.at or len(block.second) < EVIDENCE:
            return
        for minutes in (60, 30):
            if not (block.second % (minutes * 60)).any():
                raise FileProblem("interval_not_said", minutes=minutes)


class _Reader:
    """One piece of the file into a block."""

    def __init__(self, source, table, rows):
        self.layout, self.source, self.table, self.rows = source.layout, source, table, rows
        self.wide = len(self.layout.values)
        self.wrong: list[Wrong] = []
        self.misread: dict[tuple[int, int], tuple[str, BadCell]] = {}
        self.good = np.ones(len(rows), bool)

    def block(self) -> Block:
        names, who = self._words("account")
        self.good &= ~self._blank(who)
        self.lines = int(self.good.sum())
        self._complain(who < 0, "account", lambda i: "", lambda i: BadCell("required"))
        minutes = (
            self._each("minutes", self.source.lengths, 15) if self.layout.minutes is None else np.full(len(self.rows), self.layout.minutes)
        )
        moment, again = self._moments(minutes)
        # What is wrong or empty stands in for nothing: a day far away would have every day between looked up.
        day, second = self.source.times.filed(np.where(self.good, moment, moment[self.good].max(initial=0)))
        received = self._each("direction", self.source.directions, 0).astype(bool)
        self._complain(self.good & (second % np.maximum(minutes * 60, 1) != 0), self.layout.clock, self._time_text, _off_grid(minutes))
        if self.wide > 1:
            self._complain(self.good & (second != 0), self.layout.clock, self._time_text, lambda i: BadCell("bad_date"))
        return self._with_figures(names, who, day, second, again, minutes, received)

    def _with_figures(self, names, who, day, second, again, minutes, received):
        kwh, known = self._figures()
        kwh *= KWH_OF[self.layout.unit](minutes)[:, None] if self.layout.unit == "kw" else KWH_OF[self.layout.unit](15)
        taken = known & self.good[:, None]
        line, place = np.nonzero(taken)
        block = Block(
            names=names, row=self.rows[line], who=who[line], day=day[line], second=second[line] + place.astype(np.int32) * (minutes[line] * 60).astype(np.int32),
            again=again[line], minutes=minutes[line].astype(np.uint8), received=received[line],
            wh=np.rint(kwh[taken] * 1000).astype(np.int32), count=self.lines * self.wide, wrong=self.wrong,
        )  # fmt: skip
        block.gaps = self.gaps
        return block

    def _blank(self, who):
        """Lines that hold nothing at all."""
        blank = who < 0
        if blank.any():
            for column in self.table.columns:
                blank &= column.is_null().to_numpy()
        return blank

    def _words(self, name):
        """(spellings, position of each row's spelling; -1 empty)."""
        column = self.table.column(str(self.layout.at[name])).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
        return [word.strip() for word in column.dictionary.to_pylist()], column.indices.fill_null(-1).to_numpy(zero_copy_only=False)

    def _each(self, name, memo, default):
        """A figure per row by a memo of spellings; the default where there is no such column or the cell is empty."""
        if name not in self.layout.at:
            return np.full(len(self.rows), default, np.int64)
        spellings, position = self._words(name)
        found = [memo[word] for word in spellings]
        bad = np.array([isinstance(each, BadCell) for each in found] + [False])
        figures = np.array([default if isinstance(each, BadCell) else each for each in found] + [default], np.int64)
        self._complain(bad[position], name, lambda i: spellings[position[i]], lambda i: found[position[i]])
        return figures[position]

    def _moments(self, minutes):
        spellings, position = self._words(self.layout.clock)
        self._time_text = lambda i: spellings[position[i]] if position[i] >= 0 else ""
        found = [self.source.times[word] for word in spellings] + [BadCell("required")]
        bad = np.array([isinstance(each, BadCell) for each in found])
        moments = np.array([0 if isinstance(each, BadCell) else each[0] for each in found], np.int64)[position]
        again = np.array([0 if isinstance(each, BadCell) else each[1] for each in found], np.int32)[position]
        self._complain(bad[position], self.layout.clock, self._time_text, lambda i: found[position[i]])
        return (moments - minutes * 60 if self.layout.clock == "ends_at" else moments), again

    def _figures(self):
        """(kWh in the file's unit, which are known) as rows x figures of a row."""
        columns = [self._figure_column(position) for position in self.layout.values]
        figures = np.column_stack([figure for figure, _known in columns])
        known = np.column_stack([known for _figure, known in columns])
        self.gaps = int((np.isnan(figures) & self.good[:, None]).sum())
        for place in range(self.wide):
            self._complain_of_figures(figures[:, place], known[:, place], place)
        return figures, known

    def _figure_column(self, position):
        column = self.table.column(str(position))
        if pa.types.is_string(column.type):
            column = self._cell_by_cell(column, position)
        figures = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.ChunkedArray) else column
        figures = np.array(figures, np.float64)
        return figures, ~np.isnan(figures)

    def _cell_by_cell(self, column, position):
        """Plain figures together, the others one by one: thousands separators and full-width digits are understood."""
        column = pc.utf8_trim_whitespace(column)
        plain = pc.fill_null(pc.match_substring_regex(column, FIGURE), False)
        figures = np.array(pc.if_else(plain, column, None).cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        place = self.layout.values.index(position)
        for i in np.flatnonzero(~plain.to_numpy(zero_copy_only=False)):
            if text := column[int(i)].as_py():
                try:
                    figures[i] = cells.figure(text)
                except BadCell as error:
                    figures[i], self.misread[int(i), place] = np.inf, (text, error)
        return figures

    def _complain_of_figures(self, figures, known, place):
        most = MOST_KWH * (1000 if self.layout.unit == "wh" else 1)
        name = self.layout.unit if self.wide == 1 else self.source.header[self.layout.values[place]]
        with np.errstate(invalid="ignore"):
            bad = known & ~(np.isfinite(figures) & (figures >= 0) & (figures <= most))
        for i in np.flatnonzero(bad & self.good):
            below = BadCell("too_small", least="0") if figures[i] < 0 else BadCell("above", most=f"{most:,}")
            text, error = self.misread.get((int(i), place), (f"{figures[i]:g}", below))
            self.wrong.append(Wrong(int(self.rows[i]), name, text, error.code, error.params))
        known &= ~bad
        figures[bad] = 0

    def _complain(self, bad, name, text, reason):
        """The whole row is wrong."""
        for i in np.flatnonzero(bad & self.good):
            error = reason(i)
            self.wrong.append(Wrong(int(self.rows[i]), name, text(i), error.code, error.params, self.wide))
        self.good &= ~bad


def _off_grid(minutes):
    return lambda i: BadCell("off_grid", minutes=int(minutes[i]))

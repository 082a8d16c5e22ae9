"""The fast lane for CSV: blocks of a file that hold nothing but plain ASCII cells are read as columns, a row at a time by nobody.

Billing systems write files of that kind, a million rows a month. The first block that holds anything else, a quotation mark, a blank,
a Chinese character, an empty line, a line too long or too short, ends the lane: from there on the file is read row by row.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

BLOCK_BYTES = 1 << 22
PLAIN = bytes(code for code in range(0x21, 0x7F) if code != ord('"')) + b"\n"


@dataclass
class PlainLane:
    """`offset`: bytes of the file that have been read; `number`: records among them, the header included."""

    path: Path
    delimiter: str
    width: int
    offset: int
    number: int

    def blocks(self) -> Iterator[tuple[int, pa.Table]]:
        """(number of the first row, columns "0", "1", … of text) for as long as the file is plain."""
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            while block := file.read(BLOCK_BYTES):
                if not block.endswith(b"\n"):
                    block += file.readline()
                columns = self._columns(block.replace(b"\r\n", b"\n"))
                if columns is None:
                    return
                first = self.number + 1
                self.offset += len(block)
                self.number += columns.num_rows
                yield first, columns

    def _columns(self, block):
        """None when the block is not plain."""
        if block.translate(None, PLAIN + self.delimiter.encode()) or block.startswith(b"\n") or b"\n\n" in block:
            return None
        names = [str(position) for position in range(self.width)]
        try:
            columns = pcsv.read_csv(
                io.BytesIO(block),
                read_options=pcsv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
                parse_options=pcsv.ParseOptions(delimiter=self.delimiter, quote_char=False, ignore_empty_lines=False),
                convert_options=pcsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            ).combine_chunks()
        except pa.ArrowInvalid:
            return None
        return None if _has_row_of_nothing(columns) else columns


def _has_row_of_nothing(columns):
    """Rows of delimiters alone are no rows; the other lane leaves them out."""
    for name in columns.column_names:
        columns = columns.filter(pc.equal(columns[name], ""))
        if not columns.num_rows:
            return False
    return True

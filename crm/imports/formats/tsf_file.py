"""The .tsf format of the Monash time series repository: comments, attributes, then one series a line."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm.imports.formats.csv_file import encoding_of
from crm.imports.formats.table import check_content, check_extension
from crm.imports.problems import FileProblem

EXTENSIONS = (".tsf",)


@dataclass
class SeriesFile:
    """`lines` gives (line number, name, first day or None, values as written). `line_count` counts the series."""

    relation: str
    frequency: str
    comments: str
    lines: Iterator[tuple[int, str, dt.date | None, list[str]]]
    line_count: int
    attributes: list[str] = field(default_factory=list)


def read(path: Path, name: str) -> SeriesFile:
    """Raises `FileProblem` when there is no `@data` or no name and first date among the attributes."""
    check_content(path, check_extension(name, EXTENSIONS))
    encoding = encoding_of(path)
    told, comments, attributes, head = {}, [], [], 0
    with open(path, encoding=encoding) as file:
        for line in file:
            head += 1
            word, _space, rest = line.strip().partition(" ")
            if word.startswith("#"):
                comments.append(line)
            elif word == "@attribute":
                attributes.append(rest.split()[0] if rest else "")
            elif word == "@data":
                break
            else:
                told[word] = rest.strip()
        else:
            raise FileProblem("unreadable")
        count = sum(1 for line in file if line.strip())
    if not {"series_name", "start_timestamp"} <= set(attributes):
        raise FileProblem("unreadable")
    return SeriesFile(
        relation=told.get("@relation", ""), frequency=told.get("@frequency", ""), comments="".join(comments), attributes=attributes,
        lines=_lines(path, encoding, head, attributes), line_count=count,
    )  # fmt: skip


def _lines(path, encoding, head, attributes):
    name_at, start_at = attributes.index("series_name"), attributes.index("start_timestamp")
    with open(path, encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
            if number <= head or not line.strip():
                continue
            parts = line.strip().split(":")
            told = parts[: len(attributes)] + [""] * (len(attributes) - len(parts))
            yield number, told[name_at].strip(), _day(told[start_at]), parts[-1].split(",") if len(parts) > len(attributes) else []


def _day(text):
    """`2012-01-01 00-00-00` → its day; None when unreadable."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def originals(path: Path):
    """(header, rows) of the file as it is, a whole line in one cell."""

    def rows():
        with open(path, encoding=encoding_of(path)) as file:
            for number, line in enumerate(file, start=1):
                yield number, [line.strip()]

    return ["series"], rows()

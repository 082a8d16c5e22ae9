"""Which reader a file gets: by its extension, checked against what its bytes say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import puremagic

from crm.imports.formats.plain_csv import PlainLane
from crm.imports.problems import FileProblem

TABLE_EXTENSIONS = (".csv", ".txt", ".xlsx")
HEAD_BYTES = 4096


@dataclass
class Table:
    """Header and rows of a file. `rows` gives (row number in the file, cells as trimmed text); empty rows are left out but counted.

    `plain`: a lane to be driven to its end first where there is one; `rows` then go on behind it.
    """

    header: list[str]
    header_row: int
    rows: Iterator[tuple[int, list[str]]]
    about: dict = field(default_factory=dict)
    plain: PlainLane | None = None


def extension_of(name: str) -> str:
    return Path(name).suffix.lower()


def check_extension(name: str, allowed: tuple[str, ...]) -> str:
    """The lower-case extension. Raises `FileProblem` when it is none of `allowed`."""
    extension = extension_of(name)
    if extension not in allowed:
        raise FileProblem("wrong_extension", allowed=list(allowed))
    return extension


def check_content(path: Path, extension: str):
    """Raises `FileProblem` when the first bytes are of another kind of file than the extension says."""
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise FileProblem("empty")
    is_zip = head.startswith(b"PK\x03\x04")
    if extension == ".xlsx":
        if not is_zip:
            raise FileProblem("not_what_it_says", extension=extension, found=_guess(head) or "text")
        return
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if is_zip or (b"\x00" in head and not utf16):
        raise FileProblem("not_what_it_says", extension=extension, found=_guess(head) or "binary")


def _guess(head: bytes) -> str:
    try:
        return puremagic.from_string(head).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def open_table(path: Path, name: str) -> Table:
    """The rows of a CSV or XLSX file. Raises `FileProblem`."""
    from crm.imports.formats import csv_file, xlsx_file

    extension = check_extension(name, TABLE_EXTENSIONS)
    check_content(path, extension)
    return xlsx_file.read(path) if extension == ".xlsx" else csv_file.read(path)

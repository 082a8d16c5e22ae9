"""The shape of a kind of import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm.imports.fields import Field
from crm.imports.formats import open_table
from crm.imports.formats.table import TABLE_EXTENSIONS
from crm.imports.reading import Reading, read_table


@dataclass
class Landing:
    """One load on its way: what its steps need to know, and the notes they leave for the reader."""

    batch_id: int | None
    unit_id: int | None
    at: object
    by: object
    reading: Reading
    work: object = None
    """What a way of its own keeps between its steps."""
    notes: list[dict] = field(default_factory=list)

    @property
    def present(self):
        return {each.name for each in self.reading.fields}


def _elsewhere(load):
    raise NotImplementedError("a kind with a way of its own has this step there")


@dataclass(frozen=True)
class Kind:
    """`check` notes problems of staged rows that only the database knows; `judge` counts new, changed and same rows without writing;
    `land` writes what `judge` found and marks the lake's months dirty."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    check: Callable[[Landing], None] = _elsewhere
    judge: Callable[[Landing], dict] = _elsewhere
    land: Callable[[Landing], None] = _elsewhere
    extensions: tuple[str, ...] = TABLE_EXTENSIONS
    reader: Callable[[Path, str], Reading] | None = None
    original_reader: Callable | None = None
    way: Any = None
    """Where rows go by another way than PostgreSQL: a module with the functions of `crm.imports.pipeline`."""

    def read(self, path: Path, name: str) -> Reading:
        """Raises `FileProblem` when the whole file cannot be taken."""
        return self.reader(path, name) if self.reader else read_table(self.fields, path, name)

    def originals(self, path: Path, name: str):
        """(header, rows as (number, cells)) exactly as the file has them, for the error file."""
        if self.original_reader:
            return self.original_reader(path)
        table = open_table(path, name)
        return table.header, table.rows

"""A report as data: chapters of sentences, figures, tables and charts. Made once from the facts, drawn by page, PPTX, PDF, XLSX and JSON alike.

Words are already in the reader's language; numbers are numbers, so that each drawing formats them by their unit. Nothing here knows Django.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

# How a number is written. `fen` is money as stored; drawings show yuan or 10k yuan by size. `share` is 0 to 1 and shown as percent.
Unit = Literal["count", "fen", "kwh", "kw", "share", "days", "hours", "score", "ratio", "text", "date", "month"]
Kind = Literal["bar", "stacked", "line", "area", "pie", "scatter", "heatmap", "sankey"]


@dataclass(frozen=True)
class Figure:
    """One number with its name: `name` is the key of its definition in `figures/`, the same wherever it is shown."""

    name: str
    label: str
    value: float | int | None
    unit: Unit
    meaning: str = ""
    before: float | int | None = None  # the same a year earlier or at the run compared with
    link: str = ""  # the portfolio rows that make it


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    unit: Unit


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple, ...]  # values in the order of the columns; None is unknown
    note: str = ""
    links: tuple[str, ...] = ()  # one a row, or none at all
    drill: tuple[tuple[str, ...], ...] = ()  # one a cell: the rows that make the number; nothing for a cell that leads nowhere
    takeaway: str = ""  # what it says in one sentence; a table without one is there to look things up


@dataclass(frozen=True)
class Series:
    label: str
    values: tuple[float | None, ...]
    key: str = ""  # picks the colour everywhere the same: a tier, a price band, `risk`, `warn`, `muted`; else colours are dealt in order


@dataclass(frozen=True)
class Chart:
    """`categories` x `series`. scatter: a series is one point (x, y, size), `categories` name the two axes and the size; sankey: `flows` of
    (from, to, value), `categories` its places in their order; heatmap: rows are series."""

    name: str
    title: str
    kind: Kind
    unit: Unit
    categories: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    flows: tuple[tuple[str, str, float], ...] = ()
    horizontal: bool = False
    takeaway: str = ""  # one sentence with the number that the chart is there for
    x_unit: Unit = "text"
    keys: dict[str, str] = field(default_factory=dict)  # of a sankey or pie: label -> key of its colour, as in `Series.key`
    names: dict[str, str] = field(default_factory=dict)  # of a scatter: what the points of a key are called


Block = Figure | Table | Chart


@dataclass(frozen=True)
class Chapter:
    """`sentences`: the three that say what matters this time. `missing`: why blocks are absent, in words; empty axes are never drawn."""

    name: str
    title: str
    sentences: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    actions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Chart))


@dataclass(frozen=True)
class Report:
    kind: Literal["behaviour", "tiers"]
    title: str
    subtitle: str  # the scope in words: unit, segment, filters
    as_of: dt.date
    language: Literal["en", "zh-hans"]
    chapters: tuple[Chapter, ...]
    sources: tuple[str, ...] = ()  # what it rests on: run, policies, data period
    synthetic: bool = False
    inputs: dict = field(default_factory=dict)  # run, policy versions, filters, code version: enough to make it again

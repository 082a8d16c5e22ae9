"""Figures, what was promised, and whether it holds."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"
STARTING_SECONDS = 2.0
STARTING_MIB = 768.0
MILLION = 1_000_000


@dataclass(frozen=True)
class Figure:
    """`target` None: told, not judged. `at_least`: more is better, else less."""

    measure: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self):
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def verdict(self):
        return "" if self.target is None else "ok" if self.holds else "SHORT"


def seconds_at(accounts, for_a_million):
    """Work is promised for a million accounts and grows in proportion; two seconds are allowed at any size for starting."""
    return STARTING_SECONDS + (for_a_million - STARTING_SECONDS) * accounts / MILLION


def mib_at(accounts, for_a_million):
    """Memory likewise: 768 MiB at any size (Django, DuckDB, Arrow and their plans), the rest in proportion."""
    return STARTING_MIB + (for_a_million - STARTING_MIB) * accounts / MILLION


def table(figures):
    """The figures as lines of text."""
    rows = [("measure", "figure", "target", "", "note")]
    for figure in figures:
        target = "" if figure.target is None else f"{'>=' if figure.at_least else '<='} {_number(figure.target)} {figure.unit}"
        rows.append((figure.measure, f"{_number(figure.value)} {figure.unit}", target, figure.verdict, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    first, second, third, fourth = widths
    lines = [f"{row[0]:<{first}}  {row[1]:>{second}}  {row[2]:>{third}}  {row[3]:<{fourth}}  {row[4]}".rstrip() for row in rows]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def write(figures, **about):
    """bench/results.json: the machine, the size, every figure with its target."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system(), "load": os.getloadavg()[0]}
    rows = [asdict(figure) | {"holds": figure.holds} for figure in figures]
    RESULTS.write_text(json.dumps(about | {"machine": machine, "figures": rows}, indent=2) + "\n")


def _number(value):
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"

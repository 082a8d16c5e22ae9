"""What a figure is: a name, a unit, words in both languages, and the expression that counts it.

A figure is an aggregate over one relation of `gathering.py`, so the same definition gives the total, the total a year before and a column of
any table by unit, category or month. Nothing is counted in two ways.
"""

from dataclasses import dataclass

from segmentation.reports.document import Unit

PEOPLE, BILLS, PAYMENTS, TICKETS = "people", "bills", "payments", "tickets"
# What the last twelve months are in each relation, and the twelve before. People are as of the day and have no window.
WINDOWS = {
    BILLS: ("back between 0 and 11", "back between 12 and 23"),
    PAYMENTS: ("days between 0 and 364", "days between 365 and 729"),
    TICKETS: ("days between 0 and 364", "days between 365 and 729"),
}
SKIPPED_BEFORE = ""
ALL = "*"  # as a link: every row of the scope makes the number


@dataclass(frozen=True)
class Definition:
    """`query` is an aggregate of DuckDB over `of`. `before`: the same a year earlier, where the relation has no window to move. `link`:
    query string of the portfolio's rows that make the number, or that it is a share of; `ALL`; nothing where the portfolio cannot say it."""

    name: str
    unit: Unit
    label: tuple[str, str]
    meaning: tuple[str, str]
    of: str
    query: str
    before: str = SKIPPED_BEFORE
    link: str = ""


@dataclass(frozen=True)
class Breakdown:
    """Figures by a key: `by` is an expression over the relation. `words` says whose words the keys are (see `facts.py`). `most`: only so many
    rows, the largest of the first figure first; otherwise all, in the order of the key. `where` narrows; without `windowed`, all months."""

    name: str
    by: str
    figures: tuple[str, ...]
    words: str = ""
    most: int = 0
    where: str = "true"
    windowed: bool = True


def counting(of, *rows) -> tuple[Definition, ...]:
    return tuple(Definition(name, unit, label, meaning, of, *rest) for name, unit, label, meaning, *rest in rows)

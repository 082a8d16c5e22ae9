"""Marks an upper wing puts on rows of the portfolio, such as “Proposed”: it registers, the portfolio asks once per page."""

from collections.abc import Callable

# Each: (user, account ids) -> {account id: label}
SOURCES: list[Callable] = []
# What an upper wing knows of accounts that a list may be narrowed to: value of the filter `among` -> (label, user -> rows with an `account`).
FILTERS: dict[str, tuple[object, Callable]] = {}


def choices() -> list[tuple[str, object]]:
    return [(value, label) for value, (label, _rows) in FILTERS.items()]


def marks_of(user, account_ids) -> dict[int, str]:
    found: dict[int, str] = {}
    for source in SOURCES:
        found |= source(user, account_ids)
    return found

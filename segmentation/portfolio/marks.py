"""Marks an upper wing puts on rows of the portfolio, such as “Proposed”: it registers, the portfolio asks once per page."""

from collections.abc import Callable

# Each: (user, account ids) -> {account id: label}
SOURCES: list[Callable] = []


def marks_of(user, account_ids) -> dict[int, str]:
    found: dict[int, str] = {}
    for source in SOURCES:
        found |= source(user, account_ids)
    return found

"""What can be exported. A topic or an upper wing adds its own in its app's `ready()`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class ExportKind:
    """`rows(user, query, language)` yields tuples in the order of `columns` (titles): text, numbers, dates, moments, None.

    `query` is the query string of the page the person saw. `rows` starts at `visible_to(user)` and masks as the page does; it is called
    when the file is written, so that rights are those of that moment. `permission` is checked before.
    """

    name: str
    title: object
    columns: tuple
    rows: Callable[[object, str, str], Iterator[tuple]]
    permission: str


class Asker:
    """What a filter set needs of a request, while a file is written and there is none."""

    def __init__(self, user):
        self.user = user


KINDS: dict[str, ExportKind] = {}


def register(name, title, columns, rows, permission="crm.export"):
    """Add a kind of export, e.g. `register("portfolio", _("Portfolio"), (_("Account"), …), portfolio_rows)`.

    A name registered again is replaced.
    """
    KINDS[name] = ExportKind(name, title, tuple(columns), rows, permission)


def kind_of(name) -> ExportKind | None:
    return KINDS.get(name)

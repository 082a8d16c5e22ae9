"""Work that waits as rows in the database. A topic or an upper wing adds its own in its app's `ready()`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """One row that waits or is worked on: what it is, since when nothing was heard of it, its state, its page and who may open it."""

    what: str
    since: dt.datetime
    state: str
    url: str = ""
    permission: str = ""


PROVIDERS: dict[str, tuple[object, Callable[[], list[Waiting]]]] = {}


def register(name, title, rows):
    """Add a source of waiting work, e.g. `register("runs", _("Runs"), waiting_runs)`; `rows()` gives at most 50, oldest first."""
    PROVIDERS[name] = (title, rows)


def waiting():
    """[(title, rows)] of every source, in the order they were registered."""
    return [(title, rows()) for title, rows in PROVIDERS.values()]

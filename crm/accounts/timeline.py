"""Everything that happened around an account, newest first, whichever wing knows it.

Each kind of event is a source: a function `(account, *, reader, mark, limit) -> list[Event]` that returns its newest events strictly after
`mark` in reading order (older), newest first, at most `limit`. The topic or wing that owns the rows adds it to `SOURCES`:

    SOURCES["proposal"] = Source(label=_("Green channel"), events=proposal_events)

Order is by time, then name of the source, then id: `Mark.older_than` says it to the database.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from crm.lists.keyset import BadCursor

PAGE_SIZE = 30
MAX_PAGE_SIZE = 100


@dataclass(frozen=True)
class Event:
    """One line of a timeline. `at` orders it; `on_day` is set where only the day is known. `tone`: muted, good, warn, risk."""

    at: dt.datetime
    source: str
    id: int
    title: str
    text: str = ""
    icon: str = "point"
    tone: str = "muted"
    url: str = ""
    who: str = ""
    on_day: dt.date | None = None

    @property
    def shown_at(self):
        return self.on_day or self.at


@dataclass(frozen=True)
class Mark:
    """The last event already read."""

    at: dt.datetime
    source: str
    id: int

    def older_than(self, source: str, column: str, *, is_day: bool = False, id_column: str = "pk", id_of=int) -> Q:
        """Rows of `source` that come after this mark in reading order. `column` is a moment, or a day when `is_day`;
        `id_of` turns an event's id back into what stands in `id_column`."""
        at = timezone.localtime(self.at).date() if is_day else self.at
        older = Q(**{f"{column}__lt": at})
        midnight = not is_day or self.at == start_of(at)
        if not midnight:  # a day is placed at its midnight, before anything that happened later in it
            return Q(**{f"{column}__lte": at})
        if source < self.source:
            return Q(**{f"{column}__lte": at})
        return older | Q(**{column: at, f"{id_column}__lt": id_of(self.id)}) if source == self.source else older

    def encode(self) -> str:
        raw = json.dumps([self.at.isoformat(), self.source, self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Mark":
        try:
            at, source, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            mark = cls(dt.datetime.fromisoformat(at), str(source), int(number))
        except (ValueError, TypeError, binascii.Error) as error:
            raise BadCursor from error
        if timezone.is_naive(mark.at):
            raise BadCursor
        return mark


@dataclass(frozen=True)
class Source:
    label: str
    events: Callable


SOURCES: dict[str, Source] = {}


def start_of(day: dt.date) -> dt.datetime:
    """The local midnight a day begins with: where an event of which only the day is known is placed."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def timeline(account, *, reader, cursor: str = "", kinds=(), limit: int = PAGE_SIZE) -> tuple[list[Event], str]:
    """A page of events and the cursor of the next page ("" at the end). Raises `BadCursor`. One or two queries for each source."""
    limit = max(1, min(limit, MAX_PAGE_SIZE))
    mark = Mark.decode(cursor) if cursor else None
    events = []
    for name, source in SOURCES.items():
        if not kinds or name in kinds:
            events.extend(source.events(account, reader=reader, mark=mark, limit=limit + 1))
    events.sort(key=lambda event: (event.at, event.source, event.id), reverse=True)
    page = events[:limit]
    last = page[-1] if len(events) > limit else None
    return page, Mark(last.at, last.source, last.id).encode() if last else ""


def newest(queryset, *, source: str, column: str, mark: Mark | None, limit: int, is_day: bool = False, id_column: str = "pk", id_of=int):
    """The rows a source needs for one page."""
    if mark is not None:
        queryset = queryset.filter(mark.older_than(source, column, is_day=is_day, id_column=id_column, id_of=id_of))
    return queryset.order_by(f"-{column}", f"-{id_column}")[:limit]

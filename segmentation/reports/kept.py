"""Figures of the tier report, kept: among a million accounts they take seconds to count, and change with a run alone.

A unit or a manager may be given to an account in between, a green channel granted, a ticket answered: such news waits up to `KEPT_SECONDS`,
and the page says when it was counted. What a key leaves out must not matter to the figures: it holds the run, whose accounts the reader
sees, the filters and the language. No figure holds anything of one person.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from segmentation.reports import tiers
from segmentation.reports.tiers import Moved, Row

KEPT_SECONDS = 600
OF_THE_PERSON = ("mine", "segment")  # filters that mean something else for each reader


@dataclass(frozen=True)
class Figures:
    counted_at: dt.datetime
    tiers: list[Row]
    units: list[Row]
    categories: list[Row]
    moves: list[Moved]
    green_coverage: float | None
    promise_kept: float | None


def figures(*, scope, standings, run, at) -> Figures:
    """Of the standings of a page's scope."""
    key = _key(scope.reader, run, scope.unit, scope.filters)
    found = cache.get(key)
    if found is None:
        found = _count(scope.reader, standings, run, scope.unit, at)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _key(user, run, unit, filters):
    asked = sorted((name, sorted(values)) for name, values in filters.lists() if any(values))
    of_one = (user.bound_to_unit and user.role != "supervisor") or any(filters.get(name) for name in OF_THE_PERSON)
    whose = [user.role, user.unit_id if user.bound_to_unit else None, user.pk if of_one else None]
    parts = [run and [run.pk, str(run.finished_at)], whose, unit and unit.code, asked, get_language(), str(user.is_active)]
    return f"tier-report:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]}"


def _count(user, standings, run, unit, at):
    counts, moves = tiers.counted(standings), tiers.moved(standings, run)
    return Figures(
        counted_at=at, tiers=tiers.by_tier(counts), units=tiers.by_unit(counts, moves, unit), categories=tiers.by_category(counts, moves),
        moves=moves, green_coverage=tiers.green_coverage(standings, at.date()), promise_kept=tiers.promise_kept(user, standings, at),
    )  # fmt: skip

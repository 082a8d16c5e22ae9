"""Read, stage, check, judge, land: the one way a file goes in, for a dry run as for the real thing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from crm.imports import staging
from crm.imports.kinds.kind import Kind, Landing
from crm.imports.problems import FileProblem

SAMPLE_ROWS = 10


@dataclass
class Findings:
    """What a file would do, or did. `preview` holds the header mapping and the first rows as understood."""

    rows_total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    by_code: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    preview: dict = field(default_factory=dict)


def stage(kind: Kind, load: Landing, progress: Callable[[int], None]) -> Findings:
    """All rows into staging. `progress` is told the number of rows read after each chunk. Raises `FileProblem`."""
    reading, found = load.reading, Findings()
    staging.prepare(reading.fields)
    for chunk in reading.chunks:
        if not found.rows_total:
            found.preview = _preview(reading, chunk)
        staging.copy(reading.fields, chunk)
        found.rows_total += chunk.count
        progress(found.rows_total)
    if not found.rows_total:
        raise FileProblem("no_rows")
    return found


def judge(kind: Kind, load: Landing, found: Findings):
    """Everything only the database can say, and the counts of what would happen; writes to staging only."""
    kind.check(load)
    staging.drop_bad_rows()
    staging.drop_duplicates(kind.key)
    counts = kind.judge(load)
    found.created, found.updated, found.unchanged = counts["new"], counts["changed"], counts["same"]
    found.failed, found.by_code, found.problems = staging.problem_summary()
    found.notes = [*load.reading.notes, *load.notes]


def problems(load: Landing):
    """Every wrong row as a dict, in the order of the file."""
    return staging.problems()


def land(kind: Kind, load: Landing):
    """Write what `judge` found, inside the transaction of the batch."""
    kind.land(load)


def tidy(load: Landing):
    """Put away what the steps left."""
    staging.drop()


def _preview(reading, chunk):
    names = [each.name for each in reading.fields]
    rows = [{"row": row[0], "values": dict(zip(names, row[1:], strict=True))} for row in chunk.first(SAMPLE_ROWS)]
    return {"mapping": reading.mapping, "rows": rows, "fields": names, "about": reading.about}

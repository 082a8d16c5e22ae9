"""Old runs' files in the lake: kept as long as a page or a run may ask for them, then removed.

Scores: of the newest `RUNS` published runs, and of the last one of each of the newest `MONTHS` months, so that charts go back three years,
runs can be compared month by month and hysteresis finds the month before. Features and groups, which
few pages show: of the newest `FEATURES`. The run in force, the run it restores and unfinished runs keep all. In object storage nothing is removed; give the bucket a rule.
"""

import logging
import os
import shutil

from segmentation.lake.store import Lake
from segmentation.runs.models import Run

log = logging.getLogger(__name__)
RUNS, MONTHS, FEATURES = 14, 36, 3


def prune(*, lake: Lake) -> int:
    """Remove what nobody asks for any more; how many folders."""
    if lake.is_object_storage:
        return 0
    scores, features = _kept()
    return _remove(lake, "scores", scores) + sum(_remove(lake, kind, features) for kind in ("features", "groups"))


def _kept() -> tuple[set[int], set[int]]:
    newest, months, always = [], {}, set()
    for run in Run.objects.published().only("as_of", "restores", "in_force"):
        newest.append(run.restores_id or run.pk)
        months.setdefault((run.as_of.year, run.as_of.month), run.restores_id or run.pk)
        if run.in_force:
            always |= {run.pk, run.restores_id or run.pk}
    always |= {pk for run in Run.objects.unfinished() for pk in (run.pk, run.restores_id) if pk}
    of_months = {months[month] for month in sorted(months)[-MONTHS:]}
    return always | of_months | set(newest[:RUNS]), always | set(newest[:FEATURES])


def _remove(lake, kind, kept):
    """Folders `run=<id>` of runs that are not kept."""
    folder, removed = os.path.join(lake.root, kind), 0
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        number = name.removeprefix("run=")
        if number.isdigit() and int(number) not in kept:
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
            removed += 1
    if removed:
        log.info("%s folders of old runs removed from the lake's %s", removed, kind)
    return removed

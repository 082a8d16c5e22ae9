"""Behaviour groups as part of a run, and on demand. The judgement does not depend on them: whatever goes wrong here is told, and the run goes on."""

import logging
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from segmentation.groups import services as groups
from segmentation.groups.models import Grouping, GroupingRequest
from segmentation.lake.session import attach_facts, lake, open_session
from segmentation.runs.models import Run
from segmentation.runs.services.lock import only_one

log = logging.getLogger(__name__)


def find_groups(*, run: Run, session, lake, at, judged: groups.Judged | None = None) -> int | None:
    """How many accounts have a group; None when grouping stopped with an error. `judged`: see `groups.find`."""
    try:
        return groups.find(run_id=run.pk, as_of=run.as_of, session=session, lake=lake, at=at, judged=judged)
    except Exception:
        log.exception("groups of run %s were not found; it goes on without them", run.pk)
        return None


def adopt_groups(*, run: Run, session, lake):
    """After publishing: the groups of the run, or of the run it restores, come into force."""
    try:
        groups.adopt(run_id=run.restores_id or run.pk, session=session, lake=lake)
    except Exception:
        log.exception("groups of run %s are not in force; those before stay", run.pk)


def regroup(*, request_id: int, clock) -> GroupingRequest | None:
    """Do what somebody asked for. None when it is done already. Raises `Busy` while a recompute, or another grouping, is at work."""
    with only_one():
        asked = GroupingRequest.objects.filter(pk=request_id, state=GroupingRequest.State.WAITING).first()
        if asked is None:
            return None
        run = Run.objects.in_force()
        if run is None or not _seek(run, clock):
            return _finish(asked, GroupingRequest.State.FAILED, clock)
        return _finish(asked, GroupingRequest.State.DONE, clock)


def _seek(run, clock) -> bool:
    """The groups of the run in force, found anew and in force."""
    of, where = run.restores or run, lake()
    with open_session(of=where, spill_to=_scratch()) as session:
        if not all(where.has(session, where.of_run(kind, of.pk)) for kind in ("scores", "features")):
            log.warning("run %s cannot be grouped: its files are no longer in the lake", of.pk)
            return False
        attach_facts(session)
        if find_groups(run=of, session=session, lake=where, at=clock()) is None:
            return False
        adopt_groups(run=of, session=session, lake=where)
    return True


@transaction.atomic
def _finish(asked, state, clock):
    GroupingRequest.objects.filter(pk=asked.pk, state=GroupingRequest.State.WAITING).update(state=state, finished_at=clock())
    asked.refresh_from_db()
    return asked


def waiting_request() -> int | None:
    """The request a worker should take up now."""
    return GroupingRequest.objects.filter(state=GroupingRequest.State.WAITING).values_list("pk", flat=True).first()


def settle_groups() -> bool:
    """A worker died between publishing and putting the groups in force: do the rest. Whether there was anything to do."""
    run = Run.objects.in_force()
    if run is None:
        return False
    found = Grouping.objects.filter(run=run.restores_id or run.pk).exclude(state=Grouping.State.BROKE)
    if not found.filter(in_force=False).exists():
        return False
    with only_one():
        where = lake()
        with open_session(of=where, spill_to=_scratch()) as session:
            attach_facts(session)
            adopt_groups(run=run, session=session, lake=where)
    return True


def _scratch():
    """A folder to spill to, emptied: only the holder of the lock uses it."""
    folder = Path(settings.VAR_DIR) / "grouping"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    return folder

"""Ask for a run, run it, cancel it, go back to an older one, and pick up what died."""

import datetime as dt
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.policy import PolicyError
from segmentation.engine.tables import MissingColumn, MissingTable
from segmentation.engine.version import code_version
from segmentation.engine.weights import Inconsistent
from segmentation.lake.session import attach_facts, lake, open_session
from segmentation.policies.services import in_force as policies_in_force
from segmentation.runs.models import Run
from segmentation.runs.services.aside import Aside
from segmentation.runs.services.grouping import adopt_groups, regroup, settle_groups, waiting_request
from segmentation.runs.services.judging import SCORES, CannotJudge, judge_into_lake, remember_previous, scores_of, scores_path
from segmentation.runs.services.lock import ASK, Busy, is_free, only_one
from segmentation.runs.services.progress import PUBLISH, STAGES, Cancelled, Progress
from segmentation.runs.services.pruning import prune
from segmentation.runs.services.publishing import publish
from segmentation.runs.services.room import no_room

__all__ = [
    "MAX_ATTEMPTS", "Busy", "ask", "cancel", "recompute", "recompute_here", "regroup", "roll_back", "seat_new_accounts", "settle_groups", "sweep",
    "waiting_request",
]  # fmt: skip

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
DIED, BROKE, BAD_POLICY, LOST_SCORES, NO_ROOM = "died", "broke", "bad_policy", "lost_scores", "no_room"
Clock = Callable[[], dt.datetime]


@transaction.atomic
def ask(*, as_of: dt.date, by, at: dt.datetime, restores: Run | None = None) -> Run:
    """A run that waits for a worker. Raises `Refused` while another is unfinished, or for a date to come."""
    if as_of > _day(at):
        raise Refused(_("The as-of date %(day)s lies ahead; choose today or an earlier day.") % {"day": as_of}, code="future")
    with connection.cursor() as db:
        db.execute("select pg_advisory_xact_lock(%s, %s)", ASK)
    if (other := Run.objects.unfinished().order_by("id").first()) is not None:
        raise AlreadyDone(
            _("Run %(number)s, as of %(day)s, is not finished yet. Wait until it is done, or cancel it.")
            % {"number": other.pk, "day": other.as_of}
        )
    return _open(as_of=as_of, by=by, at=at, restores=restores)


def _open(*, as_of, by, at, restores=None):
    run = Run.objects.create(as_of=as_of, asked_by=by, asked_at=at, restores=restores)
    record(by=by, did="asked for a run", on=run, as_of=as_of.isoformat(), restores=restores and restores.pk)
    return run


def roll_back(*, to: Run, by, at: dt.datetime) -> Run:
    """A run that puts the scores of an older one back in force. History stays: the run rolled back from is still there."""
    to.refresh_from_db()
    if to.state != Run.State.PUBLISHED:
        raise Refused(_("Run %(number)s was never published; only a published run can be put back in force.") % {"number": to.pk})
    if to.in_force:
        raise AlreadyDone(_("Run %(number)s is in force already.") % {"number": to.pk})
    return ask(as_of=to.as_of, by=by, at=at, restores=to.restores or to)


@transaction.atomic
def cancel(*, run: Run, by, at: dt.datetime) -> Run:
    """Stop a run before it is published. One at work stops at its next step; what is in force stays in force."""
    stopped = Run.objects.unfinished().filter(pk=run.pk).update(state=Run.State.CANCELLED, finished_at=at)
    if not stopped:
        raise AlreadyDone(_("Run %(number)s is finished; there is nothing to cancel.") % {"number": run.pk})
    run.refresh_from_db()
    record(by=by, did="cancelled a run", on=run)
    return run


def recompute(*, run_id: int, clock: Clock, listen=lambda stage: None) -> Run | None:
    """Do a waiting run, or one whose worker died. None when there is nothing left to do. Raises `Busy` while another process is at it."""
    with only_one() as guard:
        return _do(run_id, guard, clock, listen)


def recompute_here(*, as_of: dt.date, by, clock: Clock, listen=lambda stage: None) -> Run:
    """Ask and do in this process. Takes over an unfinished run of the same date. Raises `Busy`."""
    with only_one() as guard:
        _put_back_the_dead(except_for=None)
        waiting = Run.objects.filter(state=Run.State.WAITING, as_of=as_of, restores=None, attempts__lt=MAX_ATTEMPTS).first()
        run = waiting or _open(as_of=as_of, by=by, at=clock())
        return _do(run.pk, guard, clock, listen)


def _do(run_id, guard, clock, listen):
    """With the lock held."""
    _put_back_the_dead(except_for=run_id)
    run = _claim(run_id, clock())
    if run is None:
        return None
    progress = Progress(run_id=run.pk, guard=guard, names=[PUBLISH] if run.restores_id else STAGES, listen=listen)
    try:
        _work(run, progress, clock)
    except Cancelled:
        log.info("run %s was cancelled", run.pk)
    except (PolicyError, Inconsistent, MissingTable, MissingColumn) as error:
        _fail(run, BAD_POLICY, str(error), clock())
    except CannotJudge as error:
        _fail(run, error.code, error.detail, clock())
    except Exception as error:
        log.exception("run %s broke in stage %s", run.pk, Run.objects.values_list("stage", flat=True).get(pk=run.pk))
        if said := no_room(error):
            _fail(run, NO_ROOM, said, clock())
            run.refresh_from_db()
            return run
        _fail(run, BROKE, f"{type(error).__name__}: {error}", clock(), try_again=run.attempts < MAX_ATTEMPTS)
    run.refresh_from_db()
    return run


def _work(run, progress, clock):
    where, scratch = lake(), _scratch()
    with open_session(of=where, spill_to=scratch) as session:
        attach_facts(session)
        if run.restores_id:
            _bring_back(run, session, where)
            publish(run=run, session=session, progress=progress, clock=clock, scores=scores_of(run=run, lake=where))
        else:
            _judge(run, session, where, progress, clock)
        adopt_groups(run=run, session=session, lake=where)
    prune(lake=where)


def _judge(run, session, where, progress, clock):
    with Aside(run=run, session=session, lake=where, progress=progress, at=clock()) as aside:
        judge_into_lake(run=run, session=session, lake=where, progress=progress, at=clock(), aside=aside)
        publish(run=run, session=session, progress=progress, clock=clock, scores=SCORES, beside=aside.at_work)


def _bring_back(run, session, where):
    if not where.has(session, scores_path(lake=where, run=run)):
        raise CannotJudge(LOST_SCORES, str(run.restores_id))
    remember_previous(run=run.restores, session=session, lake=where)
    run.counts["previous_run"] = run.restores.counts.get("previous_run")


def _scratch() -> Path:
    """A folder to spill to. Emptied first: only the holder of the lock uses it, so what lies there is of the dead."""
    folder = Path(settings.VAR_DIR) / "recompute"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    return folder


@transaction.atomic
def _claim(run_id, at) -> Run | None:
    unfinished = Run.objects.unfinished().filter(pk=run_id)
    unfinished.filter(attempts__gte=MAX_ATTEMPTS).update(state=Run.State.FAILED, finished_at=at, error=_error(DIED, ""))
    policies = policies_in_force(on=Run.objects.values_list("as_of", flat=True).get(pk=run_id))
    claimed = unfinished.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=Run.State.RUNNING, attempts=F("attempts") + 1, started_at=at, heartbeat_at=at, stage="", stages=[], error="",
        code_version=code_version(),
        **{f"{kind}_policy": policies.get(kind) for kind in ("value", "credit", "warning")},
    )  # fmt: skip
    return Run.objects.select_related("value_policy", "credit_policy", "warning_policy", "restores").get(pk=run_id) if claimed else None


def _put_back_the_dead(*, except_for):
    """The lock is ours, so no other process is at work: a run called running lost its worker."""
    Run.objects.filter(state=Run.State.RUNNING).exclude(pk=except_for).update(state=Run.State.WAITING)


def _fail(run, code, detail, at, try_again=False):
    state = Run.State.WAITING if try_again else Run.State.FAILED
    Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=state, finished_at=None if try_again else at, error=_error(code, detail)
    )


def _error(code, detail):
    """First line a code the page explains, then what the machine said."""
    return f"{code}\n{detail}".strip()


def sweep(*, at: dt.datetime) -> int | None:
    """The run a worker should take up now, if any: one waiting (its bell may have been lost) or one whose worker died."""
    if not Run.objects.unfinished().exists() or not is_free():
        return None
    _put_back_the_dead(except_for=None)
    tired = Run.objects.filter(state=Run.State.WAITING, attempts__gte=MAX_ATTEMPTS)
    tired.filter(error="").update(error=_error(DIED, ""))
    tired.update(state=Run.State.FAILED, finished_at=at)
    return Run.objects.filter(state=Run.State.WAITING).order_by("id").values_list("pk", flat=True).first()


def seat_new_accounts() -> int:
    """A blank standing for every account that has none, so that it appears in lists as not scored yet. How many."""
    with connection.cursor() as db:
        db.execute(
            """insert into segmentation_standing
            (account_id, tier, tier_before, tier_pressure_runs, quadrant, credit_grade, risk_band, risk_outcome, usage_state,
             spark_kwh, headline, reasons, digest)
            select a.id, '', '', 0, '', '', '', '', '', '{}', '', '', 0 from crm_account a
            where not exists (select from segmentation_standing s where s.account_id = a.id) on conflict (account_id) do nothing"""
        )
        return db.rowcount


def _day(at):
    return timezone.localtime(at).date()

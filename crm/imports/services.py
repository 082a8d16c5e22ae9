"""A file comes in, is checked, confirmed and loaded. Each step may be broken off at any point and done again."""

import datetime as dt
import logging
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, InterfaceError, OperationalError, connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from crm.audit import services as audit
from crm.imports import errors_file, ledger, pipeline
from crm.imports.formats.table import check_content, check_extension
from crm.imports.kinds import kind_of
from crm.imports.kinds.kind import Landing
from crm.imports.models import ImportBatch
from crm.imports.problems import FileProblem
from crm.people.errors import AlreadyDone, Refused

log = logging.getLogger(__name__)
State = ImportBatch.State

# Two spaces of advisory locks: one batch is worked on by one process, and one kind lands at a time.
LOCK_BATCH, LOCK_LANDING = 71001, 71002
STALE_AFTER = dt.timedelta(minutes=2)
MOST_RESTARTS = 5


@transaction.atomic
def receive(*, upload: File, name: str, kind: str, by, at, unit=None, all_or_nothing=False) -> ImportBatch:
    """Keep a file and enter it in the ledger. Raises `FileProblem` when its size, extension or content is wrong or it was loaded before."""
    refuse_what_is_too_large(size_bytes=upload.size)
    extension = check_extension(name, kind_of(kind).extensions)
    sha256 = ledger.fingerprint(upload.chunks())
    ledger.refuse_what_is_loaded(kind=kind, sha256=sha256)
    batch = ImportBatch(
        kind=kind, file_name=Path(name).name[:200], sha256=sha256, unit=unit, all_or_nothing=all_or_nothing, uploaded_by=by, uploaded_at=at
    )
    upload.seek(0)
    batch.file.save(f"{at:%Y%m%d-%H%M%S}-{kind}{extension}", upload, save=False)
    try:
        check_content(Path(batch.file.path), extension)
        batch.save(force_insert=True)
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def refuse_what_is_too_large(*, size_bytes):
    """Raises `FileProblem("too_large")` above `IMPORT_MAX_BYTES`."""
    if size_bytes > settings.IMPORT_MAX_BYTES:
        raise FileProblem("too_large", megabytes=settings.IMPORT_MAX_BYTES // 1024**2)


@transaction.atomic
def confirm(*, batch, by):
    """A person has seen the preview and wants the file loaded.

    Raises `AlreadyDone` when it is under way, `FileProblem` when it was loaded meanwhile.
    """
    ledger.refuse_what_is_loaded(kind=batch.kind, sha256=batch.sha256)
    _queue(batch, {State.CHECKED})
    audit.record(by=by, did="confirmed", on=batch, file=batch.file_name)


def queue_unseen(*, batch):
    """Straight to loading, for a program that needs no preview."""
    with transaction.atomic():
        _queue(batch, {State.UPLOADED, State.CHECKED})


def _queue(batch, states):
    try:
        with transaction.atomic():
            moved = ImportBatch.objects.filter(pk=batch.pk, state__in=states).update(state=State.QUEUED, rows_done=0, heartbeat_at=Now())
    except IntegrityError as error:
        raise FileProblem("being_loaded") from error
    if not moved:
        raise AlreadyDone(_("This import has been confirmed or put away already."))
    batch.refresh_from_db()


@transaction.atomic
def discard(*, batch, by):
    """Put away a file that was not loaded. Raises `Refused` once it is being loaded or has been."""
    gone = [State.UPLOADED, State.CHECKING, State.CHECKED, State.REFUSED, State.FAILED]
    found = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state__in=gone).first()
    if found is None:
        raise Refused(_("This import is being loaded or has been; it stays in the ledger."))
    audit.record(by=by, did="put away", on=found, file=found.file_name)
    found.delete()
    transaction.on_commit(lambda: _remove_files(found))


def _remove_files(batch):
    errors_file.path_of(batch).unlink(missing_ok=True)
    batch.file.delete(save=False)


def check(*, batch_id):
    """Read the whole file and say what it would do, changing nothing. Safe to run twice and at once."""
    _work(batch_id, {State.UPLOADED, State.CHECKING}, State.CHECKING, _check)


def load(*, batch_id):
    """Load a confirmed file in one transaction. Safe to run twice and at once; broken off anywhere, nothing has happened."""
    _work(batch_id, {State.QUEUED, State.LOADING}, State.LOADING, _load)


def _check(batch, kind, landing):
    way = _way(kind)
    found = way.stage(kind, landing, lambda done: _beat(batch, done))
    way.judge(kind, landing, found)
    errors_file.write(batch, way.problems(landing))
    _finish(batch, State.CHECKED, found)


def _load(batch, kind, landing):
    ledger.refuse_what_is_loaded(kind=batch.kind, sha256=batch.sha256)
    if batch.uploaded_by and not (batch.uploaded_by.is_active and batch.uploaded_by.has_perm("crm.import")):
        raise FileProblem("not_allowed")
    way = _way(kind)
    found = way.stage(kind, landing, lambda done: _beat(batch, done))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, 0)", [LOCK_LANDING])
            cursor.execute("set local work_mem = '64MB'")
        way.judge(kind, landing, found)
        errors_file.write(batch, way.problems(landing))
        if refusal := _refusal(batch, found):
            found.created = found.updated = found.unchanged = 0
            _finish(batch, State.REFUSED, found, code=refusal)
            return
        way.land(kind, landing)
        _finish(batch, State.LOADED, found)
        counts = {name: getattr(found, name) for name in ("created", "updated", "unchanged", "failed")}
        audit.record(by=batch.uploaded_by, did="imported", on=batch, file=batch.file_name, kind=batch.kind, **counts)


def _way(kind):
    return kind.way or pipeline


def _refusal(batch, found):
    if found.failed and batch.all_or_nothing:
        return "all_or_nothing"
    return "no_good_rows" if found.failed and not (found.created or found.updated or found.unchanged) else ""


def _finish(batch, state, found, code=""):
    """The last word on a batch, in the transaction of what it did. A batch taken away meanwhile rolls everything back."""
    moved = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=state, finished_at=Now(), heartbeat_at=Now(),
        rows_total=found.rows_total, rows_done=found.rows_total,
        created=found.created, updated=found.updated, unchanged=found.unchanged, failed=found.failed,
        problems=found.problems, preview=found.preview | {"by_code": found.by_code, "notes": found.notes},
        message={"code": code, "params": {}} if code else {},
    )  # fmt: skip
    if not moved:
        raise _Gone


class _Gone(Exception):
    """The batch was taken away while it was worked on."""


def _beat(batch, done):
    alive = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        rows_done=done, heartbeat_at=Now(), rows_total=models.functions.Greatest("rows_total", done)
    )
    if not alive:
        raise _Gone


def _work(batch_id, states, working, step):
    """Do a step alone, from whichever of `states` the batch is in; every way it can end leaves a state that says so."""
    with _alone(batch_id) as mine:
        batch = _claim(batch_id, states, working) if mine else None
        if batch is None:
            return
        kind, landing = kind_of(batch.kind), None
        try:
            reading = kind.read(Path(batch.file.path), batch.file_name)
            if reading.expected_rows:
                ImportBatch.objects.filter(pk=batch.pk, state=working).update(rows_total=reading.expected_rows)
            landing = Landing(batch_id=batch.pk, unit_id=batch.unit_id, at=batch.uploaded_at, by=batch.uploaded_by, reading=reading)
            step(batch, kind, landing)
        except _Gone:
            log.info("import %s was put away while it was worked on", batch_id)
        except FileProblem as problem:
            _fail(batch, problem.code, problem.params)
        except (OperationalError, InterfaceError):
            raise  # the database went away or two loads collided: the sweep does it again
        except Exception as error:
            log.exception("import %s failed", batch_id)
            _fail(batch, "unexpected", {"error": type(error).__name__})
        finally:
            if landing:
                _tidy(_way(kind), landing)


def _claim(batch_id, states, working):
    """Take the batch up, or give it up when it has broken off too often."""
    batch = ImportBatch.objects.filter(pk=batch_id, state__in=states).select_related("uploaded_by").first()
    if batch is None:
        return None
    restarts = batch.message.get("restarts", 0) + (batch.state == working)
    batch.state, batch.message = working, {"restarts": restarts}
    ImportBatch.objects.filter(pk=batch_id).update(
        state=working, message=batch.message, started_at=Now(), heartbeat_at=Now(), finished_at=None, rows_done=0
    )
    if restarts > MOST_RESTARTS:
        _fail(batch, "kept_dying", {"times": restarts})
        return None
    return batch


def _fail(batch, code, params):
    ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=State.REFUSED if code == "already_loaded" else State.FAILED,
        message={"code": code, "params": params},
        finished_at=Now(),
    )


@contextmanager
def _alone(batch_id):
    """True for the one process that works on the batch; the lock goes with the connection, so a killed process holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK_BATCH, batch_id % 2**31])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            _quietly("select pg_advisory_unlock(%s, %s)", [LOCK_BATCH, batch_id % 2**31])


def _tidy(way, landing):
    """A connection that is gone has cleaned up already."""
    try:
        way.tidy(landing)
    except (OperationalError, InterfaceError):
        connection.close()


def _quietly(sql, parameters=None):
    """For cleaning up: a connection that is gone has cleaned up already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except (OperationalError, InterfaceError):
        connection.close()


def waiting(*, at):
    """Batches nobody seems to be working on: (ids to check, ids to load)."""
    quiet = ImportBatch.objects.filter(
        models.Q(heartbeat_at=None, uploaded_at__lt=at - STALE_AFTER) | models.Q(heartbeat_at__lt=at - STALE_AFTER)
    )
    ids = quiet.order_by("id").values_list("id", flat=True)
    return list(ids.filter(state__in=[State.UPLOADED, State.CHECKING])[:50]), list(ids.filter(state__in=[State.QUEUED, State.LOADING])[:50])

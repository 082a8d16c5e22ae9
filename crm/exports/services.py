"""An export is asked for, written in the background with its owner's rights of that moment, fetched, and forgotten after a week."""

import datetime as dt
import logging
import secrets
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from crm.audit import services as audit
from crm.exports import writers
from crm.exports.models import LONGEST_QUERY, Export
from crm.exports.registry import kind_of
from crm.people.errors import AlreadyDone, Refused

log = logging.getLogger(__name__)
State = Export.State
BEAT_ROWS = 1_000
STALE_AFTER = dt.timedelta(minutes=2)
KEEP_FOR = dt.timedelta(days=7)
GIVE_UP_AFTER = dt.timedelta(days=1)
MOST_WAITING = 10


@transaction.atomic
def ask(*, what, query, format, owner, language, at) -> Export:
    """Enter an export. Refuses an unknown kind, one the person may not see, and more than ten waiting at once."""
    kind = kind_of(what)
    if kind is None:
        raise Refused(_("There is no export called “%(what)s”.") % {"what": what}, code="unknown_export")
    if not _may(owner, kind):
        raise Refused(_("You may not export this."), code="not_allowed")
    if format not in Export.Format.values:
        raise Refused(_("Choose XLSX or CSV."), code="unknown_format")
    if len(query) > LONGEST_QUERY:
        raise Refused(_("The filter is too long to be kept; take some of it away."), code="filter_too_long")
    if Export.objects.filter(owner=owner, state__in=[State.WAITING, State.WRITING]).count() >= MOST_WAITING:
        raise Refused(_("Ten of your exports are waiting already. Cancel one, or wait until one is ready."), code="too_many")
    export = Export.objects.create(owner=owner, what=what, query=query, format=format, language=language, asked_at=at)
    audit.record(by=owner, did="asked for an export", on=export, what=what, query=query, format=format)
    return export


@transaction.atomic
def cancel(*, export, by, at):
    """Stop an export that is not ready. Raises `AlreadyDone` when it is over."""
    if not Export.objects.filter(pk=export.pk, state__in=[State.WAITING, State.WRITING]).update(state=State.CANCELLED, finished_at=at):
        raise AlreadyDone(_("This export is over already."))
    audit.record(by=by, did="cancelled an export", on=export, what=export.what)


def write(*, export_id):
    """Write a waiting export. Safe to run twice: whoever claims it writes, whoever finishes first is kept, the other's file is removed."""
    if not Export.objects.filter(pk=export_id, state=State.WAITING).update(state=State.WRITING, heartbeat_at=Now(), rows_done=0):
        return
    export = Export.objects.select_related("owner").get(pk=export_id)
    kind = kind_of(export.what)
    path = Path(settings.MEDIA_ROOT) / "exports" / f"{export.pk}-{secrets.token_hex(8)}.{export.format}"
    kept = False
    try:
        if kind is None or not _may(export.owner, kind):
            _fail(export, "not_allowed")
            return
        kept = _write_to(path, export, kind)
    except (OperationalError, InterfaceError):
        raise  # the sweep lets it be done again
    except _Cancelled:
        pass
    except Exception as error:
        log.exception("export %s failed", export_id)
        _fail(export, f"unexpected {type(error).__name__}")
    finally:
        if not kept:
            path.unlink(missing_ok=True)


def _may(user, kind):
    return user.is_active and user.has_perm("crm.export") and user.has_perm(kind.permission)


def _write_to(path, export, kind) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    with translation.override(export.language):
        rows = _beating(export, kind.rows(export.owner, export.query, export.language))
        writers.write(path, export.format, str(kind.title), kind.columns, rows)
    with transaction.atomic():
        done = Export.objects.filter(pk=export.pk, state=State.WRITING).update(
            state=State.READY, file=f"exports/{path.name}", finished_at=Now(), rows_done=export.rows_done, error=""
        )
        if done:
            audit.record(by=export.owner, did="exported", on=export, what=export.what, query=export.query, rows=export.rows_done)
    return bool(done)


class _Cancelled(Exception):
    """The owner does not want it any more, or another writer was first."""


def _beating(export, rows):
    """The rows, with a sign of life now and then."""
    for number, row in enumerate(rows, start=1):
        yield row
        export.rows_done = number
        if number % BEAT_ROWS == 0 and not Export.objects.filter(pk=export.pk, state=State.WRITING).update(
            rows_done=number, heartbeat_at=Now()
        ):
            raise _Cancelled


def _fail(export, error):
    Export.objects.filter(pk=export.pk, state=State.WRITING).update(state=State.FAILED, error=error[:300], finished_at=Now())


def waiting(*, at):
    """Ids of exports to be rung again; those whose writer fell silent are put back in the queue, those of yesterday given up."""
    silent = Export.objects.filter(state=State.WRITING, heartbeat_at__lt=at - STALE_AFTER)
    silent.filter(asked_at__lt=at - GIVE_UP_AFTER).update(state=State.FAILED, error="kept_dying", finished_at=at)
    silent.update(state=State.WAITING, heartbeat_at=at - STALE_AFTER)
    late = models.Q(heartbeat_at=None, asked_at__lt=at - STALE_AFTER) | models.Q(heartbeat_at__lte=at - STALE_AFTER)
    return list(Export.objects.filter(late, state=State.WAITING).order_by("id").values_list("id", flat=True)[:50])


def forget(*, at) -> int:
    """Remove files older than a week; the rows stay and say that the file is gone."""
    old = Export.objects.filter(state=State.READY, finished_at__lt=at - KEEP_FOR).exclude(file="")
    count = 0
    for export in old[:500]:
        name = export.file.name
        if name and Export.objects.filter(pk=export.pk, file=name).update(file=""):
            export.file.storage.delete(name)
            count += 1
    return count

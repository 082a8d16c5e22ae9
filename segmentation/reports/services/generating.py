"""A waiting report is claimed, counted, drawn and kept. Safe to run twice: who finishes first is kept, the other's file is removed."""

import datetime as dt
import hashlib
import logging
import secrets
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation

from crm.audit import services as audit
from crm.people.errors import Refused
from segmentation.reports.building import build
from segmentation.reports.drawings import DRAWINGS
from segmentation.reports.models import GeneratedReport
from segmentation.reports.segments import segment_named
from segmentation.reports.services.asking import rights_of

log = logging.getLogger(__name__)
State, Stage = GeneratedReport.State, GeneratedReport.Stage
STALE_AFTER = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 3
UNEXPECTED, KEPT_DYING = "unexpected", "kept_dying"


class _Cancelled(Exception):
    """Nobody wants it any more, or another worker took it over."""


def generate(*, report_id):
    claimed = GeneratedReport.objects.filter(pk=report_id, state=State.WAITING)
    if not claimed.update(state=State.WORKING, stage=Stage.COUNTING, done=0, of=0, heartbeat_at=Now(), attempts=F("attempts") + 1):
        return
    report = GeneratedReport.objects.select_related("owner__unit", "unit", "run").get(pk=report_id)
    path = Path(settings.MEDIA_ROOT) / "reports" / f"{report.pk}-{secrets.token_hex(8)}.{report.format}"
    kept = False
    try:
        kept = _write(report, path)
    except (OperationalError, InterfaceError):
        raise  # the sweep lets it be done again
    except _Cancelled:
        pass
    except Refused as refusal:
        _fail(report, str(refusal))
    except Exception:
        log.exception("report %s failed", report_id)
        _fail(report, UNEXPECTED)
    finally:
        if not kept:
            path.unlink(missing_ok=True)


def _write(row, path) -> bool:
    with translation.override(row.language):
        rights = rights_of(owner=row.owner, unit=row.unit)
        document = build(
            kind=row.kind, reader=row.owner, language=row.language, as_of=row.asked_as_of, unit=row.unit, category=row.category or None,
            tier=row.tier or None, segment=segment_named(row.segment, reader=row.owner), run=row.run, against=row.asked_against,
            listen=lambda done, of: _beat(row, done=done, of=of),
        )  # fmt: skip
        _beat(row, stage=Stage.DRAWING, done=0, of=len(document.chapters))
        content = DRAWINGS[row.format](document, lambda done, of: _beat(row, done=done, of=of))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        done = GeneratedReport.objects.filter(pk=row.pk, state=State.WORKING).update(
            state=State.READY, file=f"reports/{path.name}", size=len(content), sha256=digest, finished_at=Now(), title=document.title[:200], error="",
            as_of=document.as_of, run=document.inputs.get("run"), inputs=document.inputs, **rights,
        )  # fmt: skip
        if done:
            audit.record(
                by=row.owner, did="was given a report", on=row, kind=row.kind, format=row.format, as_of=str(document.as_of), sha256=digest
            )
    return bool(done)


def _beat(row, **told):
    if not GeneratedReport.objects.filter(pk=row.pk, state=State.WORKING).update(heartbeat_at=Now(), **told):
        raise _Cancelled


def _fail(row, error):
    GeneratedReport.objects.filter(pk=row.pk, state=State.WORKING).update(state=State.FAILED, error=error[:500], finished_at=Now())


def waiting(*, at):
    """Ids of reports to be rung for again; those whose worker fell silent are put back, those it fell silent over again and again given up."""
    silent = GeneratedReport.objects.filter(state=State.WORKING, heartbeat_at__lt=at - STALE_AFTER)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, error=KEPT_DYING, finished_at=at)
    silent.update(state=State.WAITING, stage="")
    rung = models.Q(asked_at__lt=at - dt.timedelta(seconds=20)) | models.Q(attempts__gt=0)
    return list(GeneratedReport.objects.filter(rung, state=State.WAITING).order_by("id").values_list("id", flat=True)[:50])

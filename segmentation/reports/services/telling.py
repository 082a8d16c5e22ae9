"""A scheduled report that is ready is told of by mail: a line and an address, never the file. Claimed first, then sent."""

import structlog
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from crm.satisfaction.senders import NotSent
from segmentation.reports.models import GeneratedReport

log = structlog.get_logger(__name__)
State = GeneratedReport.State
MOST_ATTEMPTS = 5


def tell_due(*, at) -> int:
    """Tell of what became ready or failed; answers how many messages were handed over."""
    told = 0
    found = GeneratedReport.objects.filter(
        schedule__isnull=False, told_at=None, told_attempts__lt=MOST_ATTEMPTS, state__in=[State.READY, State.FAILED]
    )
    for report in found.select_related("owner", "schedule")[:100]:
        if GeneratedReport.objects.filter(pk=report.pk, told_at=None).update(told_at=at, told_attempts=F("told_attempts") + 1):
            told += _tell(report)
    return told


def _tell(report) -> int:
    if not report.owner.email:
        return 0  # it stands in the list of reports
    send = import_string(settings.REPORT_SENDER)
    with translation.override(report.language):
        subject, text = _words(report)
    try:
        send(report.owner.email, text, subject)
    except NotSent as error:
        log.warning("message about a report not sent", report=report.pk, error=str(error))
        GeneratedReport.objects.filter(pk=report.pk).update(told_at=None)
        return 0
    return 1


def _words(report):
    address = settings.STAFF_URL.rstrip("/") + reverse("segmentation:report-detail", args=[report.pk])
    name = report.schedule.name
    if report.state == State.READY:
        told = {"name": name, "day": report.as_of, "address": address}
        return _("Report ready: %(name)s") % told, _(
            "“%(name)s”, as of %(day)s, is ready for you: %(address)s (sign in to read it)."
        ) % told
    told = {"name": name, "address": address}
    return _("Report not written: %(name)s") % told, _("“%(name)s” could not be written. Why, and what to do: %(address)s") % told

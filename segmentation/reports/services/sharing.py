"""A link to a report: it says which and until when under a seal, and lets in only who may see as much as the report holds."""

import datetime as dt

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.audit import services as audit
from crm.people.errors import Refused
from segmentation.reports.models import GeneratedReport

GOOD_FOR = dt.timedelta(days=14)
SALT = "segmentation.reports.share"
LONGEST = 200


def share(*, report, by, at) -> tuple[str, dt.datetime]:
    """The path of the link and when it ends. Raises `Refused` while there is no file."""
    if not report.is_ready:
        raise Refused(_("There is no file to share yet."), code="no_file")
    ends = (at + GOOD_FOR).replace(microsecond=0)
    token = signing.Signer(salt=SALT).sign(f"{report.pk}-{int(ends.timestamp())}")
    audit.record(by=by, did="shared a report", on=report, until=ends.isoformat())
    return reverse("segmentation:report-shared", args=[token]), ends


def read_link(*, token, reader, at) -> GeneratedReport | None:
    """The report the link leads this reader to; None where it was not made by us, or holds more than the reader may see. Raises `Refused`
    when the link has ended."""
    try:
        key, _dash, ends = signing.Signer(salt=SALT).unsign(token[:LONGEST]).partition("-")
    except signing.BadSignature:
        return None
    report = GeneratedReport.objects.within_rights_of(reader).filter(pk=int(key)).first()
    ended = dt.datetime.fromtimestamp(int(ends), tz=dt.UTC)
    if report is not None and ended <= at:
        raise Refused(
            _("This link ended on %(day)s. Ask who sent it for a new one.") % {"day": ended.date().isoformat()}, code="link_ended"
        )
    return report

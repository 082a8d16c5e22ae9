"""A link to a report: a row that can be taken back, named in the address under a seal; it lets in only who may see as much as the report holds."""

import datetime as dt

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.audit import services as audit
from crm.people.errors import AlreadyDone, Refused
from segmentation.reports.models import GeneratedReport, ReportLink

GOOD_FOR = dt.timedelta(days=14)
SALT = "segmentation.reports.link"
LONGEST = 200


@transaction.atomic
def share(*, report, by, at) -> ReportLink:
    """Make a link. Raises `Refused` while there is no file."""
    if not report.is_ready:
        raise Refused(_("There is no file to share yet."), code="no_file")
    link = ReportLink.objects.create(report=report, made_by=by, made_at=at, ends_at=(at + GOOD_FOR).replace(microsecond=0))
    audit.record(by=by, did="shared a report", on=report, link=link.pk, until=link.ends_at.isoformat())
    return link


def path_of(link: ReportLink) -> str:
    return reverse("segmentation:report-shared", args=[signing.Signer(salt=SALT).sign(str(link.pk))])


@transaction.atomic
def revoke(*, link: ReportLink, by, at):
    """Take one link back; the others of the report stay good. Raises `AlreadyDone` when it leads nowhere any more."""
    if not ReportLink.objects.filter(pk=link.pk).good(at).update(revoked_at=at):
        raise AlreadyDone(_("This link leads nowhere any more."))
    audit.record(by=by, did="took a link back", on=link.report, link=link.pk)


def read_link(*, token, reader, at) -> GeneratedReport | None:
    """The report the link leads this reader to; None where it was not made by us, or holds more than the reader may see. Raises `Refused`
    when the link has ended or was taken back."""
    try:
        key = signing.Signer(salt=SALT).unsign(token[:LONGEST])
    except signing.BadSignature:
        return None
    link = ReportLink.objects.filter(pk=int(key)).first()
    if link is None:
        return None
    report = GeneratedReport.objects.within_rights_of(reader).filter(pk=link.report_id).first()
    if report is None:
        return None
    if link.revoked_at is not None:
        raise Refused(_("This link was taken back. Ask who sent it for a new one."), code="link_revoked")
    if link.ends_at <= at:
        raise Refused(
            _("This link ended on %(day)s. Ask who sent it for a new one.") % {"day": link.ends_at.date().isoformat()}, code="link_ended"
        )
    return report

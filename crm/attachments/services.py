"""Files added to a ticket and taken away again."""

import hashlib

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.attachments.content import NAMES, safe_name, type_of
from crm.attachments.models import Attachment
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.tickets.models import TicketNote
from crm.tickets.services.story import write

MOST_FILES = 20


@transaction.atomic
def add(*, ticket, upload, by, at) -> Attachment:
    """Keep an uploaded file. Refuses what is empty, too large, one too many, of a type that is not taken (by content), or there already."""
    most_mb = settings.ATTACHMENT_MAX_BYTES // 2**20
    if not upload.size:
        raise Refused(_("The file “%(name)s” is empty.") % {"name": upload.name}, code="empty")
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        told = {"name": upload.name, "size": -(-upload.size // 2**20), "most": most_mb}
        raise Refused(_("The file “%(name)s” has %(size)s MB; at most %(most)s MB are taken. Send a smaller one.") % told, code="too_large")
    if ticket.attachments.standing().count() >= MOST_FILES:
        raise Refused(_("A ticket holds at most %(most)s files: remove one first.") % {"most": MOST_FILES}, code="too_many")
    data = upload.read()
    media = type_of(data)
    if not media:
        told = {"name": upload.name, "types": NAMES}
        raise Refused(_("The content of “%(name)s” is of no type that is taken. Taken are: %(types)s.") % told, code="type_refused")
    row = Attachment(
        ticket=ticket, name=safe_name(upload.name, media), content_type=media, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest(),
        by=by, at=at,
    )  # fmt: skip
    _save(row, upload)
    write(ticket=ticket, by=by, at=at, what=TicketNote.What.FILED, text=row.name)
    record(by=by, did="added file", on=row, account=ticket.account, ticket=ticket.pk, name=row.name, sha256=row.sha256)
    return row


def _save(row, upload):
    if row.ticket.attachments.standing().filter(sha256=row.sha256).exists():
        raise AlreadyDone(_("This very file is already with ticket #%(id)s.") % {"id": row.ticket_id})
    upload.seek(0)
    row.file.save(row.name, upload, save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # twice at the same moment
        row.file.delete(save=False)
        raise AlreadyDone(_("This very file is already with ticket #%(id)s.") % {"id": row.ticket_id}) from error


@transaction.atomic
def remove(*, attachment, by, at) -> None:
    """Take a file away from its ticket. The story keeps that it was there; the file itself is kept for the audit."""
    if not Attachment.objects.standing().filter(pk=attachment.pk).update(removed_at=at, removed_by=by):
        raise AlreadyDone(_("“%(name)s” is already removed.") % {"name": attachment.name})
    write(ticket=attachment.ticket, by=by, at=at, what=TicketNote.What.UNFILED, text=attachment.name)
    record(by=by, did="removed file", on=attachment, account=attachment.ticket.account, ticket=attachment.ticket_id, name=attachment.name)

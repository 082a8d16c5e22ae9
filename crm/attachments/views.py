"""The card of files on a ticket's page, and the download."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.attachments import services
from crm.attachments.content import NAMES
from crm.attachments.models import Attachment
from crm.people.permissions import may
from crm.tickets.models import Ticket

may_view = may("crm.view_ticket")


@require_GET
@may_view
def attachment_panel(request, pk):
    """Files of a ticket, and of those merged into it."""
    ticket = _ticket(request, pk)
    seen = Attachment.objects.visible_to(request.user).standing().select_related("by")
    context = {
        "ticket": ticket, "files": seen.filter(ticket=ticket), "merged": seen.filter(ticket__duplicate_of=ticket)[:20],
        "may_work": ticket.may_be_worked_by(request.user), "types": NAMES,
    }  # fmt: skip
    return render(request, "crm/attachments/panel.html", context)


@require_POST
@may_view
def attachment_add(request, pk):
    ticket = _ticket(request, pk)
    if not ticket.may_be_worked_by(request.user):
        raise PermissionDenied
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.error(request, _("Choose a file first."))
    for upload in uploads:
        services.add(ticket=ticket, upload=upload, by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", pk)


@require_GET
@may_view
def attachment_download(request, pk):
    return served(_attachment(request, pk))


def served(attachment):
    """As a download, whatever it is: never shown in place, never guessed at, and with no rights should a browser open it all the same."""
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file is no longer in the store.")) from error
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type, headers=headers)


@require_POST
@may_view
def attachment_remove(request, pk):
    attachment = _attachment(request, pk)
    if not attachment.ticket.may_be_worked_by(request.user):
        raise PermissionDenied
    services.remove(attachment=attachment, by=request.user, at=timezone.now())
    return redirect("crm:ticket-detail", attachment.ticket_id)


def _ticket(request, pk):
    return get_object_or_404(Ticket.objects.visible_to(request.user).select_related("account"), pk=pk)


def _attachment(request, pk):
    seen = Attachment.objects.visible_to(request.user).standing()
    return get_object_or_404(seen.select_related("ticket__account"), pk=pk)

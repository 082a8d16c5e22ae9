"""Files that belong to a ticket: a photo of the meter, a signed letter. Who sees the ticket may fetch them; nobody ever opens them in place."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tickets.models import Ticket


def _place(attachment, name):
    """By chance and not by name: nothing of what a caller typed becomes a path."""
    key = uuid.uuid4().hex
    return f"attachments/{key[:2]}/{key}"


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def standing(self):
        return self.filter(removed_at=None)


class Attachment(models.Model):
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="attachments", verbose_name=_("ticket"))
    file = models.FileField(upload_to=_place, max_length=120)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=80)
    size_bytes = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sha256"], condition=models.Q(removed_at=None), name="a_file_once_to_a_ticket")
        ]

    def __str__(self):
        return self.name

"""What customers say of how their ticket was handled, asked by a signed link after closing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.tickets.models import Ticket


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def answered(self):
        return self.exclude(answered_at=None)

    def dissatisfied(self):
        return self.filter(score__lte=2)

    def to_send(self, at):
        return self.filter(state=Survey.State.WAITING, send_at__lte=at)


class Survey(models.Model):
    """One question to one caller about one closing of a ticket (`round`: how often it had been reopened by then)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        UNREACHABLE = "nowhere", _("No phone or e-mail to send to")
        FAILED = "failed", _("Could not be sent")

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        MAIL = "mail", _("E-mail")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="surveys")
    round = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    channel = models.CharField(max_length=4, choices=Channel, blank=True)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    follow_up = models.ForeignKey("crm.Engagement", models.SET_NULL, null=True, related_name="+")
    follow_up_ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="a_closing_is_asked_about_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=1, score__lte=5), name="a_survey_score_is_1_to_5"),
            models.CheckConstraint(condition=Q(answered_at=None) | ~Q(score=None), name="an_answered_survey_has_a_score"),
        ]
        indexes = [
            models.Index(fields=["send_at"], name="surveys_to_send", condition=Q(state="waiting")),
            models.Index(fields=["-answered_at"], name="surveys_by_answer", condition=~Q(answered_at=None)),
            models.Index(fields=["created_at"], name="surveys_by_asking"),
        ]

    def __str__(self):
        return f"#{self.ticket_id} {self.score or ''}"

"""Chains of escalation: who hears of a ticket at which part of its clock, and who heard."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.people.models import in_readers_language
from crm.service_levels.models import ServiceLevel
from crm.tickets.models import Severity, Ticket


class Rank(models.TextChoices):
    """Who hears of it."""

    ASSIGNEE = "assignee", _("Who works on it")
    UNIT = "unit", _("Supervisor of the account's unit")
    ABOVE = "above", _("Supervisor one level above that")
    TOP = "top", _("Highest supervisor over the account")
    POOL = "pool", _("Lead of the agents")
    PERSON = "person", _("One person")


class Chain(models.Model):
    """The most specific active chain holds for a ticket: a green channel outweighs the severity, the severity the kind."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    ticket_kind = models.CharField(_("kind of ticket"), max_length=40, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, blank=True)
    level = models.ForeignKey(ServiceLevel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("green channel"))
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket_kind", "severity", "level"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="one_chain_for_the_same_tickets",
            )
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)


class Step(models.Model):
    chain = models.ForeignKey(Chain, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("level"))
    percent = models.PositiveSmallIntegerField(_("at % of the clock"))
    to = models.CharField(_("who hears of it"), max_length=8, choices=Rank)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    hand_over = models.BooleanField(_("gets the ticket"), default=False)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="a_level_stands_once_in_a_chain"),
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=1000), name="a_step_is_at_1_to_1000_percent"),
            models.CheckConstraint(condition=~Q(to="person") | ~Q(person=None), name="a_step_to_one_person_names_them"),
        ]

    def __str__(self):
        return f"{self.number}: {self.percent} %"


class Watch(models.Model):
    """The next step of an open ticket's chain and when it is due. `for_due`: the answer's due time this was reckoned from."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="watch")
    chain = models.ForeignKey(Chain, models.CASCADE, null=True, related_name="+")
    for_due = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)
    next_number = models.PositiveSmallIntegerField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="watches_by_next", condition=~Q(next_at=None))]

    def __str__(self):
        return f"#{self.ticket_id} {self.next_at}"


class EscalationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of tickets the person sees."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def told(self, user):
        """What was raised to a person."""
        return self.filter(to=user)

    def unseen(self):
        return self.filter(seen_at=None)


class Escalation(models.Model):
    """One step that was done. `round` counts reopenings: a reopened ticket has a new clock, and its chain begins anew."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="escalations")
    round = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    rank = models.CharField(max_length=8, choices=Rank)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="escalations")
    handed_over = models.BooleanField(default=False)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    explained = models.JSONField(default=dict, help_text="chain, passed_over: [[person, why]]")
    seen_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "round", "number"], name="a_step_of_escalation_is_done_once")]
        indexes = [
            models.Index(fields=["to", "-id"], name="escalations_of_person"),
            models.Index(fields=["to"], name="unseen_escalations", condition=Q(seen_at=None)),
        ]

    def __str__(self):
        return f"#{self.ticket_id} {self.percent} %"

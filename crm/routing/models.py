"""Who gets a ticket: ordered rules, absences, and why each ticket went where it went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.people.models import Unit, User, in_readers_language
from crm.tickets.models import Severity, Ticket


class Target(models.TextChoices):
    """Where a rule sends a ticket."""

    MANAGER = "manager", _("The account's manager")
    REPRESENTATIVE = "rep", _("The representative of the green channel")
    UNIT = "unit", _("Customer managers of a unit")
    SUPERVISOR = "supervisor", _("The supervisor of the account's unit")
    AGENTS = "agents", _("Call-centre agents")
    PERSON = "person", _("One person")


class Strategy(models.TextChoices):
    """How one of several is chosen."""

    ROUND_ROBIN = "round_robin", _("In turn")
    LEAST_BUSY = "least_busy", _("Who has the fewest open tickets")


def _codes(name):
    return ArrayField(models.CharField(max_length=40), verbose_name=name, default=list, blank=True)


class RoutingRule(models.Model):
    """The first active rule that matches wins. An empty condition matches anything."""

    position = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    kinds = _codes(_("kind of ticket"))
    categories = _codes(_("class"))
    severities = _codes(_("severity"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit and below"))
    unit_kinds = _codes(_("kind of unit"))
    tiers = _codes(_("tier"))
    green = models.BooleanField(_("green channel"), null=True, blank=True)
    words = models.CharField(_("words in the text"), max_length=300, blank=True, help_text=_("Any of them, separated by commas."))
    hour_from = models.PositiveSmallIntegerField(_("from the hour"), null=True, blank=True)
    hour_to = models.PositiveSmallIntegerField(_("until the hour"), null=True, blank=True)
    target = models.CharField(_("goes to"), max_length=10, choices=Target)
    target_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("which unit"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    strategy = models.CharField(_("chosen"), max_length=11, choices=Strategy, default=Strategy.ROUND_ROBIN)
    set_severity = models.CharField(_("sets the severity to"), max_length=8, choices=Severity, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(target="person") | ~Q(person=None), name="a_rule_to_one_person_names_them"),
            models.CheckConstraint(
                condition=Q(hour_from=None, hour_to=None) | (Q(hour_from__lte=23, hour_to__lte=24) & ~Q(hour_from=F("hour_to"))),
                name="a_rule_by_the_hour_has_both_hours",
            ),
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)


class Rota(models.Model):
    """Whose turn was last in a rule. Locked for the time of a choice, so that two workers never give one turn twice."""

    rule = models.OneToOneField(RoutingRule, models.CASCADE, primary_key=True, related_name="rota")
    last_person_id = models.BigIntegerField(null=True)

    def __str__(self):
        return f"{self.rule_id}: {self.last_person_id}"


class RoutingDesk(models.Model):
    """Where a ticket goes when nobody else is there: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    pool_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lead of the agents")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_routing_desk")]

    def __str__(self):
        return str(self.pool_lead or "")


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user):
        return self.filter(person__in=User.objects.visible_to(user))


class Absence(models.Model):
    """Days on which a person gets no tickets, both included."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("person"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stands in")
    )
    note = models.CharField(_("note"), max_length=120, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(substitute=F("person")), name="nobody_stands_in_for_themselves"),
        ]
        indexes = [models.Index(fields=["ends_on"], name="absences_by_end")]

    def __str__(self):
        return f"{self.person} {self.starts_on} – {self.ends_on}"


class RoutingDecision(models.Model):
    """What routing did with a ticket, and why: one row per ticket."""

    class Outcome(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned")
        KEPT = "kept", _("Left with whom it stood")
        BY_HAND = "by_hand", _("A person was first")
        NOBODY = "nobody", _("Nobody was there: tried again every few minutes")

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="routing")
    rule = models.ForeignKey(RoutingRule, models.SET_NULL, null=True, related_name="decisions")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    at = models.DateTimeField()
    explained = models.JSONField(default=dict, help_text="rule, why, candidates, passed_over, steps, strategy, severity")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["outcome"], name="tickets_with_nobody", condition=Q(outcome="nobody"))]

    def __str__(self):
        return f"#{self.ticket_id} → {self.to_id}"

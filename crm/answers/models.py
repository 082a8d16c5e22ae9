"""Canned answers and macros: what is said many times, in two languages, and the moves that go with it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.people.models import in_readers_language
from crm.tickets.actions import VERBS
from crm.tickets.models import Category


class CannedAnswerQuerySet(models.QuerySet):
    def offered_for(self, ticket):
        """Those for every class first, then those of the ticket's own."""
        return self.filter(is_active=True, category__in=["", ticket.category])


class CannedAnswer(models.Model):
    """`verbs`: the moves of `crm.tickets.actions` made one after the other with the text; none: the text alone, to be pasted."""

    name = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    category = models.CharField(_("class"), max_length=15, choices=Category, blank=True)
    text = models.TextField(_("Chinese text"), max_length=4000)
    text_en = models.TextField(_("English text"), max_length=4000, blank=True)
    verbs = ArrayField(models.CharField(max_length=10), verbose_name=_("moves"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = CannedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["category", "position", "pk"]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

    def move_names(self):
        """The labels of its moves, in order."""
        return [str(VERBS[verb].label) for verb in self.verbs if verb in VERBS]

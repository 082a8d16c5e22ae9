"""The words tickets are sorted by: kinds, topics under the five classes, root causes. Administrators edit them; rows keep the code."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.calendar.models import renews
from crm.people.models import in_readers_language

CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores, beginning with a letter: heat_pump."))


class Aspect(models.TextChoices):
    KIND = "kind", _("Kind of ticket")
    CLASS = "class", _("Class")
    TOPIC = "topic", _("Topic under a class")
    CAUSE = "cause", _("Root cause")


class TermQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(is_active=True)


class Term(models.Model):
    """`fixed`: rules of the product know this code (complaint clocks, the five classes of 95598); it may be renamed, not taken away."""

    aspect = models.CharField(_("list"), max_length=5, choices=Aspect)
    under = models.CharField(_("class"), max_length=15, blank=True)
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    name = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("offered for new tickets"), default=True)
    fixed = models.BooleanField(default=False, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["aspect", "under", "position", "pk"]
        triggers = [renews("taxonomy")]
        constraints = [
            models.UniqueConstraint(fields=["aspect", "under", "code"], name="a_term_stands_once"),
            models.CheckConstraint(condition=~Q(fixed=True) | Q(is_active=True), name="a_fixed_term_stays_offered"),
            models.CheckConstraint(condition=Q(aspect="topic") ^ Q(under=""), name="only_topics_stand_under_a_class"),
        ]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

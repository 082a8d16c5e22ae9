"""The utility's own people, and the tree of units they work in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.people.roles import PERSONAL_DATA, Role


def in_readers_language(chinese, english):
    """The name to show: Chinese to a Chinese reader, English to others, whichever exists when one is missing."""
    return (chinese or english) if (get_language() or "").startswith("zh") else (english or chinese)


class UnitQuerySet(models.QuerySet):
    def under(self, unit):
        """The unit and everything below it: a child's code starts with its parent's."""
        return self.filter(code__startswith=unit.code) if unit else self.none()

    def within_reach_of(self, user):
        """Units whose accounts the user may see: those of a role bound to a unit lie under it, other roles see all."""
        return self.under(user.unit) if user.bound_to_unit else self.all()


class Unit(models.Model):
    """供电单位: province, city, county or station."""

    class Kind(models.TextChoices):
        URBAN = "urban", _("Urban")
        RURAL = "rural", _("Rural")
        REMOTE = "remote", _("Remote")

    code = models.CharField(
        _("code"),
        max_length=11,
        unique=True,
        validators=[RegexValidator(r"^\d{5}(\d\d){0,3}$", _("A unit code has 5, 7, 9 or 11 digits."))],
    )
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.URBAN)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent"))

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^\d{5}(\d\d){0,3}$"), name="unit_code_has_5_7_9_or_11_digits")]
        indexes = [models.Index(fields=["code"], name="unit_code_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return in_readers_language(self.name, self.name_en)

    def clean(self):
        from django.core.exceptions import ValidationError

        if self.parent and not (self.code.startswith(self.parent.code) and len(self.code) == len(self.parent.code) + 2):
            raise ValidationError(
                {"code": _("The code must be the parent's code %(parent)s and two more digits.") % {"parent": self.parent.code}}
            )


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues a person may read about: everyone to those who place people, the own subtree to others with a unit."""
        if user.has_perm("crm.edit_people"):
            return self
        return self.filter(unit__in=Unit.objects.under(user.unit)) if user.unit else self.filter(pk=user.pk)

    def managers(self):
        return self.filter(role=Role.MANAGER, is_active=True)


class Users(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made while running, so the type checker cannot follow it
    pass


class User(AbstractUser):
    role = models.CharField(_("role"), max_length=15, choices=Role, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit"))
    full_name = models.CharField(_("name"), max_length=80, blank=True)
    full_name_en = models.CharField(_("English name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    title = models.CharField(_("position"), max_length=60, blank=True)

    objects: ClassVar[Users] = Users()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=[Role.MANAGER, Role.SUPERVISOR]) | Q(unit__isnull=False), name="managers_and_supervisors_have_a_unit"
            )
        ]

    def __str__(self):
        return in_readers_language(self.full_name, self.full_name_en) or self.username

    @property
    def bound_to_unit(self):
        return self.role in (Role.MANAGER, Role.SUPERVISOR)

    @cached_property
    def unit_ids(self) -> list[int]:
        """Ids of the units a role bound to a unit works in: its own and all below. Read once per request, because a list of ids lets
        PostgreSQL take an index where a subquery inside an OR makes it read every account."""
        return list(Unit.objects.under(self.unit).values_list("pk", flat=True))

    @property
    def personal_data(self):
        """`plain`, `reveal` or `never` (see `crm.people.roles.PERSONAL_DATA`)."""
        return PERSONAL_DATA.get(self.role, "never")

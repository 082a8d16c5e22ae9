"""One FilterSet for page and API."""

import django_filters
from django.db.models import Q

from crm.people.models import Unit, User
from crm.people.roles import Role


class PersonFilter(django_filters.FilterSet):
    """`unit` is the unit and everything under it, by its code."""

    q = django_filters.CharFilter(method="with_words")
    role = django_filters.MultipleChoiceFilter(choices=Role.choices)
    unit = django_filters.CharFilter(method="under_unit")
    active = django_filters.BooleanFilter(field_name="is_active")

    class Meta:
        model = User
        fields = ["q", "role", "unit", "active"]

    def with_words(self, people, name, text):
        for word in text.split()[:5]:
            people = people.filter(Q(username__icontains=word) | Q(full_name__icontains=word) | Q(full_name_en__icontains=word))
        return people

    def under_unit(self, people, name, code):
        return people.filter(unit__in=Unit.objects.filter(code__startswith=code))


class UnitFilter(django_filters.FilterSet):
    under = django_filters.CharFilter(field_name="code", lookup_expr="startswith")

    class Meta:
        model = Unit
        fields = ["under", "kind"]

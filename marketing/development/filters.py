"""Filters of the watch list."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema_field

from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from marketing.development.models import Candidate, LargeCustomer, Prospect
from marketing.development.rules import OPEN


class ProspectFilter(django_filters.FilterSet):
    """Without a state, those still open."""

    state = django_filters.MultipleChoiceFilter(choices=Prospect.State, method="filter_state", distinct=False, label=_("State"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Mine"))
    waiting = django_filters.BooleanFilter(method="filter_waiting", label=_("Waiting for me"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    account = django_filters.NumberFilter(label=_("Account"))
    owner = django_filters.NumberFilter(label=pgettext_lazy("of a prospect", "Owner"))
    segment = AudienceFilter("segment")

    class Meta:
        model = Prospect
        fields: list = []

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data["state"] or self.form.cleaned_data["account"] else found.filter(state__in=OPEN)

    def filter_state(self, queryset, name, values):
        return queryset.filter(state__in=values) if values else queryset

    def filter_mine(self, queryset, name, value):
        return queryset.filter(owner=self.request.user) if value else queryset

    def filter_waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user) if value else queryset

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))


class CandidateFilter(django_filters.FilterSet):
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("My accounts"))
    segment = AudienceFilter("segment")

    class Meta:
        model = Candidate
        fields: list = []

    def filter_mine(self, queryset, name, value):
        return queryset.filter(account__manager=self.request.user) if value else queryset

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))


class LargeCustomerFilter(django_filters.FilterSet):
    standing = django_filters.BooleanFilter(field_name="ends_on", lookup_expr="isnull", label=_("Standing"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    account = django_filters.NumberFilter(label=_("Account"))
    segment = AudienceFilter("segment")

    class Meta:
        model = LargeCustomer
        fields: list = []

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))

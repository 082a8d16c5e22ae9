"""Filters of plans and of lots, for pages and API alike."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from marketing.market.filters import Many
from marketing.market.models import Outcome
from marketing.retention.models import Arm, Assignment, Plan
from segmentation.runs.models import RiskBand, Tier


def chosen(choices):
    return [choice for choice in choices.choices if choice[0]]


class PlanFilter(django_filters.FilterSet):
    state = Many(choices=Plan.State.choices, label=_("State"))
    outcome = Many(choices=Outcome.choices, label=_("Likely outcome"))
    band = Many(choices=chosen(RiskBand), label=_("Risk band"))
    tier = Many(choices=chosen(Tier), label=_("Tier"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("My accounts"))
    overdue = django_filters.BooleanFilter(method="filter_overdue", label=_("Overdue"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    account = django_filters.NumberFilter(label=_("Account"))
    segment = AudienceFilter("segment")

    class Meta:
        model = Plan
        fields = ["account"]

    def filter_mine(self, queryset, name, value):
        user = self.request.user
        return queryset.filter(Q(account__manager=user) | Q(started_by=user)) if value else queryset

    def filter_overdue(self, queryset, name, value):
        return queryset.overdue(timezone.localdate()) if value else queryset

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))


class LotFilter(django_filters.FilterSet):
    arm = django_filters.ChoiceFilter(choices=Arm.choices, label=_("Arm"))
    number = django_filters.CharFilter(field_name="account__number", lookup_expr="startswith", label=_("Account"))
    released = django_filters.BooleanFilter(field_name="released_at", lookup_expr="isnull", exclude=True, label=_("Released"))
    settled = django_filters.BooleanFilter(field_name="settled_on", lookup_expr="isnull", exclude=True, label=_("Settled"))
    trial = django_filters.NumberFilter(label=_("Trial"))
    segment = AudienceFilter("segment")

    class Meta:
        model = Assignment
        fields = ["arm", "trial"]

"""Runs and moves, narrowed for programs."""

import django_filters

from crm.lists.audiences import AudienceFilter
from segmentation.runs.models import Change, RiskBand, Run, Tier, UsageState


class RunFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Run.State.choices)
    in_force = django_filters.BooleanFilter()
    as_of = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Run
        fields: list = []


class ChangeFilter(django_filters.FilterSet):
    run = django_filters.NumberFilter()
    account = django_filters.NumberFilter()
    tier_from = django_filters.ChoiceFilter(choices=[(value, label) for value, label in Tier.choices if value])
    tier_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in Tier.choices if value])
    band_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in RiskBand.choices if value])
    segment = AudienceFilter("segment")
    usage_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in UsageState.choices if value])

    class Meta:
        model = Change
        fields: list = []

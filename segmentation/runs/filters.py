"""Where accounts stand, narrowed for programs; the portfolio has more."""

import django_filters
from django.utils.translation import gettext_lazy as _

from segmentation.runs.models import Change, Quadrant, RiskBand, Run, Standing, Tier, UsageState


class RunFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Run.State.choices)
    in_force = django_filters.BooleanFilter()
    as_of = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Run
        fields: list = []


def _any_of(choices):
    return django_filters.MultipleChoiceFilter(
        choices=[("unscored" if value == "" else value, label) for value, label in choices.choices], method="blank"
    )


class PlaceFilter(django_filters.FilterSet):
    tier = _any_of(Tier)
    risk_band = _any_of(RiskBand)
    quadrant = _any_of(Quadrant)
    usage_state = _any_of(UsageState)
    credit_grade = django_filters.MultipleChoiceFilter(
        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("unscored", _("Not scored"))], method="blank"
    )

    class Meta:
        model = Standing
        fields: list = []

    def blank(self, queryset, name, values):
        return queryset.filter(**{f"{name}__in": ["" if value == "unscored" else value for value in values]}) if values else queryset


class ChangeFilter(django_filters.FilterSet):
    run = django_filters.NumberFilter()
    account = django_filters.NumberFilter()
    tier_from = django_filters.ChoiceFilter(choices=[(value, label) for value, label in Tier.choices if value])
    tier_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in Tier.choices if value])
    band_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in RiskBand.choices if value])
    usage_to = django_filters.ChoiceFilter(choices=[(value, label) for value, label in UsageState.choices if value])

    class Meta:
        model = Change
        fields: list = []

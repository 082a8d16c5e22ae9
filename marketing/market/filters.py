"""One filter set for the page, its charts, the export and the API."""

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from crm.accounts.models import Account
from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from marketing.market.models import Cause, LossNote, Outcome, Rival


class Many(django_filters.MultipleChoiceFilter):
    """Any of the ticked values."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, distinct=False, **kwargs)


class LossFilter(django_filters.FilterSet):
    cause = Many(choices=Cause.choices, label=_("Cause"))
    outcome = Many(choices=Outcome.choices, label=_("Outcome"))
    category = Many(field_name="account__category", choices=Account.Category.choices, label=_("Category"))
    competitor = django_filters.ModelChoiceFilter(queryset=Rival.objects.filter(kind="competitor"), label=_("Competitor"))
    substitute = django_filters.ModelChoiceFilter(queryset=Rival.objects.filter(kind="substitute"), label=_("Substitute"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    since = django_filters.DateFilter(field_name="lost_on", lookup_expr="gte", label=_("Lost from"))
    until = django_filters.DateFilter(field_name="lost_on", lookup_expr="lte", label=_("Lost until"))
    account = django_filters.NumberFilter(label=_("Account"))
    segment = AudienceFilter("segment")

    class Meta:
        model = LossNote
        fields = ["account"]

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))

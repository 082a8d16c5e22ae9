"""One set of filters for the page and the API."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from crm.satisfaction import results
from crm.satisfaction.forms import SCORES
from crm.satisfaction.models import Survey

PERIODS = [(90, _("90 days")), (30, _("30 days")), (365, _("a year"))]


class SurveyFilter(filters.FilterSet):
    """Without `days`, those asked in the last 90."""

    days = filters.ChoiceFilter(label=_("Asked in the last"), choices=PERIODS, empty_label=None, method="asked_lately")
    score = filters.MultipleChoiceFilter(label=_("Score"), choices=SCORES)
    unit = filters.ModelChoiceFilter(label=_("Unit"), queryset=Unit.objects.all(), empty_label=_("any unit"), method="under_unit")
    segment = AudienceFilter("segment", account="ticket__account")

    class Meta:
        model = Survey
        fields = []

    def __init__(self, *args, on=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on or timezone.localdate()

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data.get("days"):
            queryset = results.since(queryset, self.on, 90)
        return super().filter_queryset(queryset)

    @extend_schema_field(OpenApiTypes.INT)
    def asked_lately(self, surveys, name, days):
        return results.since(surveys, self.on, int(days)) if days else surveys

    @extend_schema_field(OpenApiTypes.INT)
    def under_unit(self, surveys, name, unit):
        return surveys.filter(ticket__account__unit__in=Unit.objects.under(unit))

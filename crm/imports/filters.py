"""The same filters for the page and the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.imports.models import ImportBatch, ImportKind


class ImportFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ImportKind.choices)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=ImportBatch.State.choices)

    class Meta:
        model = ImportBatch
        fields = ["kind", "state"]

"""One set of filters for the log of calls and its API."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from crm.lists.audiences import AudienceFilter
from crm.telephony.models import Call


class CallFilter(filters.FilterSet):
    mine = filters.BooleanFilter(label=_("Mine"), method="of_reader")
    account = filters.NumberFilter(label=_("Account"), field_name="account_id")
    state = filters.ChoiceFilter(label=_("State"), choices=Call.State)
    unknown = filters.BooleanFilter(label=_("Unknown callers"), method="of_nobody")
    segment = AudienceFilter("segment")
    since = filters.DateFilter(label=_("From"), field_name="rang_at", lookup_expr="date__gte")
    until = filters.DateFilter(label=_("To"), field_name="rang_at", lookup_expr="date__lte")

    class Meta:
        model = Call
        fields = []

    def of_reader(self, calls, name, yes):
        return calls.filter(agent=self.request.user) if yes else calls

    def of_nobody(self, calls, name, yes):
        return calls.filter(account=None) if yes else calls

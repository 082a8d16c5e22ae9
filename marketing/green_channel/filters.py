import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from crm.people.models import Unit
from marketing.green_channel.models import Proposal


class ProposalFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Proposal.State, label=_("State"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Proposed by me"))
    waiting = django_filters.BooleanFilter(method="filter_waiting", label=_("Waiting for me"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    account = django_filters.NumberFilter(label=_("Account"))

    class Meta:
        model = Proposal
        fields = ["state", "account"]

    def filter_mine(self, queryset, name, value):
        return queryset.filter(proposed_by=self.request.user) if value else queryset

    def filter_waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user) if value else queryset

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))

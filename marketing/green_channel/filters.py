"""Filters of proposals and of green channels that stand."""

import django_filters
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from crm.service_levels.models import Entitlement, EntitlementQuota, ServiceLevel
from marketing.green_channel.models import Proposal


class ProposalFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Proposal.State, label=_("State"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Proposed by me"))
    waiting = django_filters.BooleanFilter(method="filter_waiting", label=_("Waiting for me"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    account = django_filters.NumberFilter(label=_("Account"))
    segment = AudienceFilter("segment")

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


STATES = [("in_force", _("In force")), ("to_come", _("Starts later")), ("ended", _("Ended")), ("revoked", _("Revoked"))]


class EntitlementFilter(django_filters.FilterSet):
    """`ending`: in force and running out within that many days. `used_up`: a quota has nothing left."""

    state = django_filters.ChoiceFilter(choices=STATES, method="filter_state", label=_("State"))
    ending = django_filters.NumberFilter(method="filter_ending", min_value=1, max_value=400, label=_("Ends within, days"))
    used_up = django_filters.BooleanFilter(method="filter_used_up", label=_("A quota is used up"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="filter_unit", label=_("Unit"))
    level = django_filters.ModelChoiceFilter(queryset=ServiceLevel.objects.all(), label=_("Service level"))
    number = django_filters.CharFilter(field_name="account__number", lookup_expr="startswith", label=_("Account"))
    segment = AudienceFilter("segment")

    class Meta:
        model = Entitlement
        fields = ["level"]

    def filter_state(self, queryset, name, value):
        return queryset.in_state(value, timezone.localdate())

    def filter_ending(self, queryset, name, value):
        return queryset.ending_within(timezone.localdate(), int(value))

    def filter_used_up(self, queryset, name, value):
        left_nothing = EntitlementQuota.objects.filter(entitlement=OuterRef("pk"), used__gte=F("allowed"))
        return queryset.filter(Exists(left_nothing)) if value else queryset

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))

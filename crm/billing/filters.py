"""Filters of bills and payments."""

import django_filters

from crm.billing.models import Bill, Payment
from crm.lists.audiences import AudienceFilter


class BillFilter(django_filters.FilterSet):
    account_number = django_filters.CharFilter(field_name="account__number")
    since = django_filters.DateFilter(field_name="period", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="period", lookup_expr="lte")
    segment = AudienceFilter("segment")

    class Meta:
        model = Bill
        fields = ["account", "account_number", "since", "until"]


class PaymentFilter(django_filters.FilterSet):
    account_number = django_filters.CharFilter(field_name="account__number")
    since = django_filters.DateFilter(field_name="paid_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="paid_on", lookup_expr="lte")
    segment = AudienceFilter("segment")

    class Meta:
        model = Payment
        fields = ["account", "account_number", "since", "until", "channel", "receipt"]

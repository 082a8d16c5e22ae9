"""One FilterSet for page and API."""

import django_filters
from django.db.models import Q

from crm.accounts.models import Account
from crm.accounts.search import matching
from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit


class AccountFilter(django_filters.FilterSet):
    """`unit` is a code: that unit and everything under it; `manager` a sign-in name, or `none`; `q` what the search box takes."""

    q = django_filters.CharFilter(method="with_words")
    number = django_filters.CharFilter(lookup_expr="startswith")
    category = django_filters.MultipleChoiceFilter(choices=Account.Category.choices)
    status = django_filters.MultipleChoiceFilter(choices=Account.Status.choices)
    market_status = django_filters.MultipleChoiceFilter(choices=Account.MarketStatus.choices)
    important_grade = django_filters.MultipleChoiceFilter(choices=[choice for choice in Account.ImportantGrade.choices if choice[0]])
    unit = django_filters.CharFilter(method="under_unit")
    manager = django_filters.CharFilter(method="of_manager")
    customer = django_filters.NumberFilter(field_name="customer_id")
    segment = AudienceFilter("segment", account="pk")
    voltage_kv = django_filters.NumberFilter()
    voltage_kv_min = django_filters.NumberFilter(field_name="voltage_kv", lookup_expr="gte")
    contract_kva_min = django_filters.NumberFilter(field_name="contract_kva", lookup_expr="gte")
    contract_ends_before = django_filters.DateFilter(field_name="contract_ends_on", lookup_expr="lt")

    class Meta:
        model = Account
        fields = ["q", "number", "category", "status", "unit", "manager"]

    def with_words(self, accounts, name, text):
        user = getattr(self.request, "user", None)
        return matching(accounts, text, by_personal_data=user is not None and user.personal_data != "never")

    def under_unit(self, accounts, name, code):
        return accounts.filter(unit__in=Unit.objects.filter(code__startswith=code))

    def of_manager(self, accounts, name, username):
        return accounts.filter(Q(manager=None) if username == "none" else Q(manager__username=username))

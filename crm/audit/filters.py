"""One FilterSet for page and API."""

from collections import defaultdict

import django_filters
from django.db.models import Q

from crm.audit.models import AuditEntry
from crm.audit.verbs import SENTENCES


def deeds():
    """Every known verb as a choice: its sentence with blanks for the particulars."""
    return sorted(
        ((key, (str(words) % defaultdict(lambda: "…")).strip()) for key, words in SENTENCES.items()), key=lambda choice: choice[1]
    )


class AuditFilter(django_filters.FilterSet):
    """`by` is a sign-in name, `account` an account number, `deed` a verb alone or with its kind (`crm.entitlement granted`)."""

    by = django_filters.CharFilter(field_name="by__username")
    account = django_filters.CharFilter(field_name="account__number")
    deed = django_filters.CharFilter(method="with_deed")
    kind = django_filters.CharFilter(field_name="subject_kind")
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte")

    class Meta:
        model = AuditEntry
        fields = ["by", "account", "deed", "kind", "since", "until"]

    def with_deed(self, entries, name, text):
        kind, _space, verb = text.partition(" ")
        return entries.filter(Q(did=text) | Q(subject_kind=kind, did=verb))

"""One set of filters for the complaint desk and the API."""

import datetime as dt

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from crm.accounts.models import Account
from crm.accounts.search import few_matching
from crm.lists.audiences import AudienceFilter
from crm.lists.filtersets import ListFilterSet
from crm.people.models import Unit, User
from crm.tickets.models import BREACH_IN, Category, Kind, Severity, State, Ticket

DUE = ["late", "hour", "today"]
QUEUES = ["mine", "unassigned", "breaching", "overdue", "reopened", "undated", "open", "all"]


class TicketFilter(ListFilterSet):
    queue = filters.ChoiceFilter(label=_("Queue"), choices=[(name, name) for name in QUEUES], method="in_queue")
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind)
    category = filters.MultipleChoiceFilter(label=_("Class"), choices=Category)
    severity = filters.MultipleChoiceFilter(label=_("Severity"), choices=Severity)
    state = filters.MultipleChoiceFilter(label=_("State"), choices=State)
    assignee = filters.ModelChoiceFilter(label=_("Assigned to"), queryset=User.objects.all())
    account = filters.NumberFilter(label=_("Account"), field_name="account_id")
    unit = filters.ModelChoiceFilter(label=_("Unit"), queryset=Unit.objects.all(), method="under_unit")
    segment = AudienceFilter("segment")
    due = filters.ChoiceFilter(label=_("Answer due"), choices=[(name, name) for name in DUE], method="due_when")
    overdue = filters.BooleanFilter(label=_("Overdue"), method="is_overdue")
    opened_after = filters.DateFilter(label=_("Opened from"), field_name="opened_at", lookup_expr="date__gte")
    opened_before = filters.DateFilter(label=_("Opened until"), field_name="opened_at", lookup_expr="date__lte")
    q = filters.CharFilter(label=_("Words"), method="with_words")

    class Meta:
        model = Ticket
        fields = []

    def __init__(self, *args, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at or timezone.now()

    def in_queue(self, tickets, name, queue):
        match queue:
            case "mine":
                return tickets.of(self.request.user)
            case "breaching":
                return tickets.breaching(self.at, BREACH_IN)
            case "overdue":
                return tickets.overdue(self.at)
            case "undated":
                return tickets.without_due()
            case "unassigned" | "reopened" | "open":
                return getattr(tickets, queue)()
        return tickets

    @extend_schema_field(OpenApiTypes.INT)
    def under_unit(self, tickets, name, unit):
        return tickets.filter(account__unit__in=Unit.objects.under(unit))

    def due_when(self, tickets, name, when):
        """Open ones whose clock runs: late, due within the hour, or later but before midnight."""
        if when == "late":
            return tickets.overdue(self.at)
        soon = self.at + dt.timedelta(hours=1)
        if when == "hour":
            return tickets.breaching(self.at, soon - self.at)
        midnight = timezone.localtime(self.at).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
        return tickets.breaching(soon, max(midnight - soon, dt.timedelta()))

    def is_overdue(self, tickets, name, yes):
        return tickets.overdue(self.at) if yes else tickets.exclude(pk__in=Ticket.objects.overdue(self.at).values("pk"))

    def with_words(self, tickets, name, text):
        """`#24118` is that ticket; other words are looked for, all of them, in the title, in the text, or in what the account is found by."""
        number = text.strip().removeprefix("#")
        if text.strip().startswith("#") and number.isdigit():
            return tickets.filter(pk=int(number))
        user, words = self.request.user, text.split()[:6]
        accounts = few_matching(Account.objects.visible_to(user), text, by_personal_data=user.personal_data != "never")
        named = Q(account__any_of=accounts) if accounts is not None else _each(words, "account__search_public__icontains")
        told = _each(words, "title__icontains") | _each(words, "text__icontains")
        numbered = Q(pk=int(number)) if number.isdigit() and len(number) < 10 else Q()
        return tickets.filter(told | named | numbered)


def _each(words, lookup):
    condition = Q()
    for word in words:
        condition &= Q(**{lookup: word})
    return condition

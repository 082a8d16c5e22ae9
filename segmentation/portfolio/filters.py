"""One FilterSet for the portfolio page, its export, bulk actions and the API."""

import datetime as dt

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema_field

from crm.accounts.lookups import FEW, keys_if_few
from crm.accounts.models import Account, few_within_reach
from crm.accounts.search import few_matching, matching
from crm.lists.audiences import AudienceFilter
from crm.lists.filtersets import ListFilterSet
from crm.lists.keyset import Count
from crm.people.models import Unit
from crm.service_levels.models import Entitlement
from crm.tickets.models import Ticket
from segmentation.groups.models import BehaviourGroup, Membership
from segmentation.portfolio import marks
from segmentation.runs.models import Change, Quadrant, RiskBand, Standing, Tier, UsageState

MANY_KEPT_SECONDS = 3_600  # that a word is in very many accounts: it decides the way to them, not what is found
TIER_ORDER = [Tier.DIAMOND, Tier.PLATINUM, Tier.GOLD, Tier.SILVER, Tier.STANDARD]


class Many(django_filters.MultipleChoiceFilter):
    """Any of the ticked values. No column asked about is on the many side of a join, so no row comes twice and none need be compared."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, distinct=False, **kwargs)


def _any_of(choices):
    """The choices with a word for the empty one, which a query string cannot say."""
    return [(value or "unscored", label) for value, label in choices.choices]


def group_choices():
    """The behaviour groups that stand, by grouping."""
    return [(str(group.pk), f"{group.get_kind_display()}: {group}") for group in BehaviourGroup.objects.standing()]


class StandingFilter(ListFilterSet):
    q = django_filters.CharFilter(method="filter_text", label=_("Search"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("My accounts"))
    tier = Many(choices=_any_of(Tier), method="filter_blank", label=_("Tier"))
    tier_before = Many(choices=_any_of(Tier), method="filter_blank", label=_("Tier before"))
    risk_band = Many(choices=_any_of(RiskBand), method="filter_blank", label=_("Risk"))
    quadrant = Many(choices=_any_of(Quadrant), method="filter_blank", label=_("Quadrant"))
    usage_state = Many(choices=_any_of(UsageState), method="filter_blank", label=_("Use"))
    credit_grade = Many(
        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("unscored", _("Not scored"))], method="filter_blank", label=_("Credit")
    )
    category = Many(method="filter_account", choices=Account.Category.choices, label=_("Category"))
    market_status = Many(method="filter_account", choices=Account.MarketStatus.choices, label=_("Market status"))
    voltage = Many(choices=[("high", _("10 kV and above")), ("low", _("Below 10 kV"))], method="filter_voltage", label=_("Voltage"))
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.none(), method="filter_unit", label=_("Unit"))
    manager = django_filters.NumberFilter(field_name="account__manager", label=_("Customer manager"))
    unmanaged = django_filters.BooleanFilter(field_name="account__manager", lookup_expr="isnull", label=_("Without a customer manager"))
    moved = Many(choices=[("up", _("Moved up")), ("down", _("Moved down"))], method="filter_moved", label=_("Moved in the last run"))
    green_channel = Many(
        choices=[("active", _("Active")), ("none", _("None")), ("ending", _("Ends within 30 days"))],
        method="filter_green_channel",
        label=_("Green channel"),
    )
    group = Many(choices=(), method="filter_group", label=pgettext_lazy("behaviour", "Group"))
    segment = AudienceFilter("segment")
    among = Many(choices=marks.choices, method="filter_among", label=_("Among"))
    customer = django_filters.NumberFilter(field_name="account__customer", label=_("Customer"))
    open_complaint = django_filters.BooleanFilter(method="filter_open_complaint", label=_("Open complaint"))
    arrears = django_filters.BooleanFilter(method="filter_arrears", label=_("In arrears"))

    count: Count | None = None  # of the filtered list, where filtering told it
    is_whole = False  # nothing is asked for: the list is all that the reader sees
    many = False  # more accounts than `FEW` hold the words, or have what is asked for

    class Meta:
        model = Standing
        fields: list = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None and self.request.user.is_authenticated:
            self.filters["unit"].queryset = Unit.objects.within_reach_of(self.request.user)

        if self.data and "group" in self.data:
            self.filters["group"].extra["choices"] = group_choices()

    def filter_queryset(self, queryset):
        """Where those asked about are surely not very many, the planner cannot know how few bear all the marks: it is looked up.

        That is so among the few accounts of a unit, and of ways to use power that are rare.
        """
        found = super().filter_queryset(queryset)
        asked = {name for name, value in self.form.cleaned_data.items() if (len(value) if hasattr(value, "__len__") else value is not None)}
        self.is_whole = not asked
        rare = not set(self.form.cleaned_data["usage_state"]) <= {UsageState.ACTIVE}
        if self.many and len(asked) == 1:
            self.count = Count(FEW + 1, is_estimate=True)
        if not rare and (not asked or self._reach() is None):
            return found
        few = keys_if_few(found)
        if few is None:
            return found
        self.count = Count(len(few), is_estimate=False)
        return queryset.filter(account__any_of=few)

    def _reach(self):
        """The keys of the accounts that the reader sees where they are few, else None."""
        user = self.request.user
        return few_within_reach(user) if user.bound_to_unit else None

    @property
    def few(self) -> bool:
        """Whether there are no more than `FEW` accounts, whichever are asked for."""
        return self._reach() is not None

    def filter_text(self, queryset, name, value):
        """Who sees few: each of them is looked into. Else a handful of accounts as a list of keys; a word of very many is looked for on each
        account met, as one is met soon: the planner guesses that few bear it, and would read all who do."""
        user, personal = self.request.user, self.request.user.personal_data != "never"
        if self.few:
            bearers = matching(Account.objects.visible_to(user), value, by_personal_data=personal, read_through=True)
            return queryset.filter(account__any_of=ArraySubquery(bearers.order_by().values("pk")))
        those = Account.objects.visible_to(user)
        known_as = f"many:{user.pk if user.bound_to_unit else 'all'}:{personal}:{value.lower()[:100]}"
        if not cache.get(known_as):  # it is asked again with each page and each sort of the same search
            few = few_matching(those, value, by_personal_data=personal)
            if few is not None:
                return queryset.filter(account__any_of=few)
            cache.set(known_as, True, MANY_KEPT_SECONDS)
        self.many = True
        bearer = matching(Account.objects.filter(pk=OuterRef("account")), value, by_personal_data=personal)
        return queryset.filter(IsNull(Subquery(bearer.values("pk")), False))

    def filter_mine(self, queryset, name, value):
        return queryset.filter(account__manager=self.request.user) if value else queryset

    def filter_blank(self, queryset, name, values):
        return queryset.filter(**{f"{name}__in": ["" if value == "unscored" else value for value in values]}) if values else queryset

    def _of_accounts(self, queryset, condition, value):
        """By a condition on the account. Where the reader sees few, those are asked for it, not each standing on the way to its account."""
        if not self.few:
            return queryset.filter(**{f"account__{condition}": value})
        bearers = Account.objects.visible_to(self.request.user).filter(**{condition: value})
        return queryset.filter(account__any_of=ArraySubquery(bearers.order_by().values("pk")))

    def filter_account(self, queryset, name, values):
        return self._of_accounts(queryset, f"{name}__in", values) if values else queryset

    def filter_voltage(self, queryset, name, values):
        """10 kV divides; ticking both, or neither, divides nothing."""
        if len(set(values)) != 1:
            return queryset
        return self._of_accounts(queryset, "voltage_kv__gte" if values[0] == "high" else "voltage_kv__lt", 10)

    @extend_schema_field(int)
    def filter_unit(self, queryset, name, value):
        return queryset.filter(account__unit__in=Unit.objects.under(value))

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def filter_group(self, queryset, name, values):
        """Members of any of the behaviour groups of one grouping; of several groupings, of each."""
        numbers: dict[str, list[int]] = {}
        for group in BehaviourGroup.objects.filter(pk__in=values) if values else ():
            numbers.setdefault(group.kind, []).append(group.number)
        for kind, wanted in numbers.items():
            queryset = queryset.filter(Exists(Membership.objects.filter(account=OuterRef("account"), **{f"{kind}__in": wanted})))
        return queryset

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def filter_among(self, queryset, name, values):
        """Accounts of any of the lists that upper wings keep."""
        condition = Q()
        for value in values:
            _label, rows = marks.FILTERS[value]
            condition |= Q(account__in=rows(self.request.user).values("account"))
        return queryset.filter(condition) if values else queryset

    def filter_moved(self, queryset, name, values):
        """Tiers that rose or fell in the run in force."""
        pairs = Q()
        for place, tier in enumerate(TIER_ORDER):
            lower, higher = TIER_ORDER[place + 1 :], TIER_ORDER[:place]
            pairs |= Q(tier_from__in=[*(lower if "up" in values else ()), *(higher if "down" in values else ())], tier_to=tier)
        moves = Change.objects.filter(pairs, run__in_force=True, account=OuterRef("account"))
        return queryset.filter(Exists(moves)) if values else queryset

    def filter_green_channel(self, queryset, name, values):
        today = timezone.localdate()
        standing = Entitlement.objects.in_force(today).filter(account=OuterRef("account"))
        ending = standing.filter(ends_on__lte=today + dt.timedelta(days=30))
        wanted = {"active": Exists(standing), "none": ~Exists(standing), "ending": Exists(ending)}
        condition = Q()
        for value in values:
            condition |= Q(wanted[value])
        return queryset.filter(condition) if values else queryset

    def filter_open_complaint(self, queryset, name, value):
        if not value:
            return queryset
        complaints, reach = Ticket.objects.open().filter(kind="complaint", account__isnull=False), self._reach()
        if reach is not None:
            return queryset.filter(account__any_of=ArraySubquery(complaints.filter(account__any_of=reach).order_by().values("account")))
        few = keys_if_few(complaints.distinct(), of="account")
        if few is not None:
            return queryset.filter(account__any_of=few)
        self.many = True
        return queryset.filter(Exists(complaints.filter(account=OuterRef("account"))))

    def filter_arrears(self, queryset, name, value):
        return queryset.filter(arrears_fen__gt=0) if value else queryset

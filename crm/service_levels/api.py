"""Green channels and clock policies for programs."""

import django_filters as filters
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.lists.audiences import AudienceFilter
from crm.people.models import Unit
from crm.people.permissions import check, needs
from crm.service_levels import services, tiers
from crm.service_levels.cases import tried
from crm.service_levels.models import (
    CONDITION_FIELDS,
    COUNTED,
    TARGETS,
    ClockPolicy,
    Entitlement,
    EntitlementQuota,
    EntitlementUse,
    Measure,
    ServiceLevel,
)  # fmt: skip
from crm.service_levels.rules import conditions_of
from crm.service_levels.words import MARKS, ticket_choices

TERM_FIELDS = ("pass_on_within_minutes", *(f"{name}_{part}" for name in TARGETS for part in ("within", "measure")))
LONGEST_MINUTES, LONGEST_DAYS = 525_600, 250


class EntitlementFilter(filters.FilterSet):
    in_force_on = filters.DateFilter(method="on_day")
    segment = AudienceFilter("segment")

    class Meta:
        model = Entitlement
        fields = ["account", "level"]

    def on_day(self, entitlements, name, day):
        return entitlements.in_force(day)


class QuotaSerializer(serializers.ModelSerializer):
    left = serializers.IntegerField(read_only=True)

    class Meta:
        model = EntitlementQuota
        fields = ["service", "allowed", "used", "left"]
        read_only_fields = fields


class EntitlementSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)
    quotas = QuotaSerializer(many=True, read_only=True, help_text="Of counted services; one that is not here is without limit")

    class Meta:
        model = Entitlement
        fields = [
            "id", "account", "account_number", "level", "services", "quotas", "starts_on", "ends_on", "representative", "dedicated_line",
            "granted_by", "granted_at", "renewal_reminded_at", "revoked_at", "revoked_by", "revoke_reason",
        ]  # fmt: skip
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class NewUseSerializer(serializers.Serializer):
    service = serializers.ChoiceField(choices=[(code.value, code.label) for code in COUNTED])
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class UseSerializer(serializers.ModelSerializer):
    class Meta:
        model = EntitlementUse
        fields = ["id", "service", "at", "by", "ticket", "note"]
        read_only_fields = fields


class EntitlementViewSet(viewsets.ReadOnlyModelViewSet):
    """Green channels of accounts you may see. They are granted by approving a proposal."""

    queryset = Entitlement.objects.none()
    serializer_class = EntitlementSerializer
    permission_classes = [needs("crm.view_account")]
    filterset_class = EntitlementFilter
    sorts = {"id": "pk", "ends_on": "ends_on"}
    default_sort = "-id"

    def get_queryset(self):
        return Entitlement.objects.visible_to(self.request.user).select_related("account").prefetch_related("quotas")

    @extend_schema(request=ReasonSerializer, responses=EntitlementSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk=None):
        """Take a green channel back; tickets already logged keep their clock."""
        entitlement = self.get_object()
        check(request.user, "marketing.revoke")
        wanted = ReasonSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.revoke(entitlement=entitlement, reason=wanted.validated_data["reason"], by=request.user, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=NewUseSerializer, responses={201: UseSerializer})
    @action(detail=True, methods=["post"])
    def use(self, request, pk=None):
        """Count one use of a service. A quota that is used up: 409, `used_up`."""
        entitlement = self.get_object()
        check(request.user, "crm.log_visit")
        wanted = NewUseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        used = services.use(entitlement=entitlement, **wanted.validated_data, by=request.user, at=timezone.now())
        return Response(UseSerializer(used).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=UseSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def uses(self, request, pk=None):
        """The latest 100 uses of counted services, the newest first."""
        return Response(UseSerializer(self.get_object().uses.all()[:100], many=True).data)


class ServiceLevelSerializer(serializers.ModelSerializer):
    class Meta:
        model = ServiceLevel
        fields = ["id", "code", "name", "name_en", "services", "months", "dedicated_line"]
        read_only_fields = fields


class ServiceLevelViewSet(viewsets.ReadOnlyModelViewSet):
    """Kinds of green channel."""

    queryset = ServiceLevel.objects.all()
    serializer_class = ServiceLevelSerializer
    permission_classes = [needs("crm.view_account")]


class ClockPolicySerializer(serializers.ModelSerializer):
    class Meta:
        model = ClockPolicy
        fields = ["id", "name", "name_en", *CONDITION_FIELDS, *TERM_FIELDS, "valid_from", "valid_to", "source", "mark"]
        read_only_fields = fields


class RevisionSerializer(serializers.ModelSerializer):
    """The terms of a policy. `contact_within` and the like are counted in their `…_measure`."""

    source = serializers.CharField(max_length=200)
    mark = serializers.ChoiceField(choices=MARKS)

    class Meta:
        model = ClockPolicy
        fields = [*TERM_FIELDS, "valid_from", "source", "mark"]
        extra_kwargs = {
            "contact_within": {"max_value": LONGEST_MINUTES}, "answer_within": {"max_value": LONGEST_MINUTES},
            "resolve_within": {"max_value": LONGEST_MINUTES}, "pass_on_within_minutes": {"min_value": 1, "max_value": 10_000},
        }  # fmt: skip

    def validate(self, data):
        for name in TARGETS:
            measure = data.get(f"{name}_measure") or ClockPolicy._meta.get_field(f"{name}_measure").default
            if measure == Measure.WORKING_DAYS and (data.get(f"{name}_within") or 0) > LONGEST_DAYS:
                raise serializers.ValidationError({f"{name}_within": _("Longer than a year: choose a smaller figure, or another unit.")})
        return data


class CaseFields(serializers.Serializer):
    """Conditions of a policy or facts of a case, as the codes of tickets, units and tiers."""

    ticket_kind = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    severity = serializers.CharField(max_length=10, required=False, allow_blank=True, default="")
    unit_kind = serializers.ChoiceField(choices=Unit.Kind, required=False, allow_blank=True, default="")
    tier = serializers.CharField(max_length=10, required=False, allow_blank=True, default="")
    level = serializers.PrimaryKeyRelatedField(queryset=ServiceLevel.objects.all(), required=False, allow_null=True, default=None)

    def validate(self, data):
        known = {"ticket_kind": ticket_choices("kind"), "category": ticket_choices("category"), "severity": ticket_choices("severity")}
        for name, choices in (known | {"tier": tiers.CHOICES}).items():
            if data.get(name) and data[name] not in dict(choices):
                told = {"code": data[name], "codes": ", ".join(code for code, _label in choices)}
                raise serializers.ValidationError({name: _("“%(code)s” is not known here: %(codes)s.") % told})
        return super().validate(data)


class NewPolicySerializer(CaseFields, RevisionSerializer):
    class Meta(RevisionSerializer.Meta):
        fields = ["name", "name_en", *CONDITION_FIELDS, *RevisionSerializer.Meta.fields]


class EndSerializer(serializers.Serializer):
    last_day = serializers.DateField()


class TrySerializer(CaseFields):
    """`account`: its number; unit, tier and green channel are then its own. `at`: when the ticket would be logged, now when left out."""

    account = serializers.CharField(max_length=13, required=False, allow_blank=True, default="")
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class CandidateSerializer(serializers.Serializer):
    policy = serializers.IntegerField()
    name = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    contact_due_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(allow_null=True)
    resolve_due_at = serializers.DateTimeField(allow_null=True)


class TriedSerializer(serializers.Serializer):
    policy = ClockPolicySerializer(allow_null=True)
    why = serializers.ListField(child=serializers.CharField(), help_text="Conditions by which it was chosen, weightiest first")
    entitlement = serializers.IntegerField(allow_null=True)
    quota_used_up = serializers.BooleanField()
    pass_on_due_at = serializers.DateTimeField(allow_null=True)
    contact_due_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(allow_null=True)
    resolve_due_at = serializers.DateTimeField(allow_null=True)
    missing_year = serializers.IntegerField(
        allow_null=True, help_text="The calendar of this year is not loaded: due times that need it are empty"
    )
    candidates = CandidateSerializer(many=True, help_text="Policies that hold for the case, the most specific first")


class ClockPolicyFilter(filters.FilterSet):
    in_force_on = filters.DateFilter(method="on_day")

    class Meta:
        model = ClockPolicy
        fields = ["ticket_kind", "category", "severity", "unit_kind", "tier", "level"]

    def on_day(self, found, name, day):
        return found.in_force(day)


class ClockPolicyViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """How long tickets may take, with the source of each figure; the most specific policy in force wins. A policy is never changed, only
    ended or followed by a revised one."""

    queryset = ClockPolicy.objects.all()
    serializer_class = ClockPolicySerializer
    permission_classes = [needs("crm.view_account", write="crm.edit_clock_policy")]
    filterset_class = ClockPolicyFilter

    @extend_schema(request=NewPolicySerializer, responses={201: ClockPolicySerializer})
    def create(self, request):
        """A policy for cases that had none of their own. The same conditions as a policy in force: 409, `conflict`."""
        wanted = NewPolicySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        conditions = {name: values.pop(name) for name in CONDITION_FIELDS}
        policy = services.add_policy(**values, conditions=conditions, on=timezone.localdate(), by=request.user)
        return Response(ClockPolicySerializer(policy).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RevisionSerializer, responses=ClockPolicySerializer)
    @action(detail=True, methods=["post"])
    def revise(self, request, pk=None):
        """New terms from a day on; this one ends the day before and the answer is the one that follows it."""
        wanted = RevisionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        policy = services.revise_policy(policy=self.get_object(), **wanted.validated_data, on=timezone.localdate(), by=request.user)
        return Response(ClockPolicySerializer(policy).data)

    @extend_schema(request=EndSerializer, responses=ClockPolicySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        """The policy holds to a day; afterwards a less specific one does."""
        wanted = EndSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        last_day = wanted.validated_data["last_day"]
        policy = services.end_policy(policy=self.get_object(), last_day=last_day, on=timezone.localdate(), by=request.user)
        return Response(ClockPolicySerializer(policy).data)

    @extend_schema(parameters=[TrySerializer], responses=TriedSerializer, filters=False)
    @action(detail=False, methods=["get"], url_path="try", filterset_class=None, pagination_class=None)
    def tried(self, request):
        """Which policy would win for a case, which others hold too, and when each step would be due. Nothing is logged."""
        wanted = TrySerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        case = dict(wanted.validated_data)
        if number := case.pop("account"):
            visible = Account.objects.visible_to(request.user).select_related("unit")
            case["number"] = get_object_or_404(visible, number=number)
        return Response(TriedSerializer(_told(tried({"number": None} | case, timezone.now()))).data)


def _told(found):
    promise = found["promise"]
    dues = {f"{name}_due_at": getattr(promise, f"{name}_due_at") for name in ("pass_on", *TARGETS)}
    return dues | {
        "policy": promise.policy, "why": promise.why, "entitlement": promise.entitlement and promise.entitlement.pk,
        "quota_used_up": promise.used_up, "missing_year": promise.missing_year,
        "candidates": [
            {"policy": policy.pk, "name": str(policy), "conditions": conditions_of(policy)} | {f"{name}_due_at": at for name, at in dues.items()}
            for policy, dues, _sooner in found["candidates"]
        ],
    }  # fmt: skip


ROUTES = [
    ("entitlements", EntitlementViewSet, "entitlement"),
    ("service-levels", ServiceLevelViewSet, "service-level"),
    ("clock-policies", ClockPolicyViewSet, "clock-policy"),
]

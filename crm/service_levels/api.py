"""Green channels and clock policies for programs."""

import django_filters as filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import check, needs
from crm.service_levels import services
from crm.service_levels.models import ClockPolicy, Entitlement, ServiceLevel


class EntitlementFilter(filters.FilterSet):
    in_force_on = filters.DateFilter(method="on_day")

    class Meta:
        model = Entitlement
        fields = ["account", "level"]

    def on_day(self, entitlements, name, day):
        return entitlements.in_force(day)


class EntitlementSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Entitlement
        fields = [
            "id", "account", "account_number", "level", "services", "starts_on", "ends_on", "representative", "granted_by", "granted_at",
            "revoked_at", "revoked_by", "revoke_reason",
        ]  # fmt: skip
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class EntitlementViewSet(viewsets.ReadOnlyModelViewSet):
    """Green channels of accounts you may see. They are granted by approving a proposal."""

    queryset = Entitlement.objects.none()
    serializer_class = EntitlementSerializer
    permission_classes = [needs("crm.view_account")]
    filterset_class = EntitlementFilter
    sorts = {"id": "pk", "ends_on": "ends_on"}
    default_sort = "-id"

    def get_queryset(self):
        return Entitlement.objects.visible_to(self.request.user).select_related("account")

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


class ServiceLevelSerializer(serializers.ModelSerializer):
    class Meta:
        model = ServiceLevel
        fields = ["id", "code", "name", "name_en", "services", "months"]
        read_only_fields = fields


class ServiceLevelViewSet(viewsets.ReadOnlyModelViewSet):
    """Kinds of green channel."""

    queryset = ServiceLevel.objects.all()
    serializer_class = ServiceLevelSerializer
    permission_classes = [needs("crm.view_account")]


class ClockPolicySerializer(serializers.ModelSerializer):
    class Meta:
        model = ClockPolicy
        fields = [
            "id", "name", "name_en", "ticket_kind", "category", "severity", "level", "pass_on_within_minutes", "contact_within_minutes",
            "answer_within_working_days", "valid_from", "valid_to", "source", "mark",
        ]  # fmt: skip
        read_only_fields = fields


class ClockPolicyViewSet(viewsets.ReadOnlyModelViewSet):
    """How long tickets may take, with the source of each figure; the most specific policy in force wins."""

    queryset = ClockPolicy.objects.all()
    serializer_class = ClockPolicySerializer
    permission_classes = [needs("crm.view_account")]


ROUTES = [
    ("entitlements", EntitlementViewSet, "entitlement"),
    ("service-levels", ServiceLevelViewSet, "service-level"),
    ("clock-policies", ClockPolicyViewSet, "clock-policy"),
]

"""Policies for programs: every version, whole."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import needs
from segmentation.policies import services
from segmentation.policies.models import Policy


class PolicySerializer(serializers.ModelSerializer):
    class Meta:
        model = Policy
        fields = [
            "id", "kind", "account_kind", "version", "state", "note", "made_by", "submitted_by", "submitted_at", "decided_by", "decision",
            "published_at", "valid_from", "valid_until", "body",
        ]  # fmt: skip


class PolicyDaySerializer(serializers.Serializer):
    valid_from = serializers.DateField(required=False, help_text="The first as-of day it judges; today when left out")


class PolicyReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PolicyBodySerializer(serializers.Serializer):
    body = serializers.JSONField(help_text="Every parameter of the kind; one left out stands at the engine's default")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class PolicyViewSet(viewsets.ReadOnlyModelViewSet):
    """Every version of every policy, and its way from draft to force."""

    queryset = Policy.objects.all()
    serializer_class = PolicySerializer
    filterset_fields = ["kind", "state", "account_kind"]

    def get_permissions(self):
        write = "segmentation.approve_policy" if self.action in ("approve", "refuse") else "segmentation.edit_policy"
        return [needs("segmentation.view_policy", write=write)()]

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def draft(self, request, pk=None):
        return self._answer(services.draft(source=self.get_object(), by=request.user))

    @extend_schema(request=PolicyBodySerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def edit(self, request, pk=None):
        given = self._given(PolicyBodySerializer)
        return self._answer(services.edit(policy=self.get_object(), body=given["body"], note=given["note"], by=request.user))

    @extend_schema(request=PolicyDaySerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        return self._answer(services.submit(policy=self.get_object(), valid_from=self._day(), by=request.user, at=timezone.now()))

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        return self._answer(services.withdraw(policy=self.get_object(), by=request.user))

    @extend_schema(request=PolicyReasonSerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        reason = self._given(PolicyReasonSerializer)["reason"]
        return self._answer(services.approve(policy=self.get_object(), by=request.user, at=timezone.now(), reason=reason))

    @extend_schema(request=PolicyReasonSerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, pk=None):
        return self._answer(
            services.refuse(policy=self.get_object(), reason=self._given(PolicyReasonSerializer)["reason"], by=request.user)
        )

    @extend_schema(request=PolicyDaySerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def bring_back(self, request, pk=None):
        return self._answer(services.bring_back(policy=self.get_object(), valid_from=self._day(), by=request.user, at=timezone.now()))

    def _given(self, kind):
        given = kind(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def _day(self):
        return self._given(PolicyDaySerializer).get("valid_from") or timezone.localdate()

    def _answer(self, policy):
        return Response(self.get_serializer(policy).data)

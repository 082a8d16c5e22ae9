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
        fields = ["id", "kind", "version", "state", "note", "made_by", "published_at", "body"]


class PolicyViewSet(viewsets.ReadOnlyModelViewSet):
    """What the engine judges by. `draft` copies a version, `publish` puts a draft in force, `bring_back` an older version."""

    queryset = Policy.objects.all()
    serializer_class = PolicySerializer
    permission_classes = [needs("segmentation.view_policy", write="segmentation.edit_policy")]
    filterset_fields = ["kind", "state"]

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def draft(self, request, pk=None):
        return self._answer(services.draft(source=self.get_object(), by=request.user))

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request, pk=None):
        return self._answer(services.publish(policy=self.get_object(), by=request.user, at=timezone.now()))

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def bring_back(self, request, pk=None):
        return self._answer(services.bring_back(policy=self.get_object(), by=request.user, at=timezone.now()))

    def _answer(self, policy):
        return Response(self.get_serializer(policy).data)


ROUTES = [("policies", PolicyViewSet, "policy")]

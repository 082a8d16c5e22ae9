"""Models of leaving for programs: ask for a training, read the card, propose and decide."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import check, needs
from segmentation.churn import services
from segmentation.churn.models import OUTCOMES, RiskModel
from segmentation.churn.views import APPROVE, TRAIN, ring


class RiskModelSerializer(serializers.ModelSerializer):
    class Meta:
        model = RiskModel
        fields = [
            "id", "state", "shadow", "parameters", "asked_by", "asked_at", "started_at", "finished_at", "stage", "done", "error", "code_version", "card",
            "proposed_by", "approved_by", "in_force_since", "retired_at",
        ]  # fmt: skip
        read_only_fields = fields


class TrainSerializer(serializers.Serializer):
    until = serializers.DateField(required=False)
    months = serializers.IntegerField(required=False, min_value=2, max_value=60)
    outcomes = serializers.MultipleChoiceField(choices=OUTCOMES, required=False)
    candidates = serializers.MultipleChoiceField(choices=["logistic", "forest", "boosted"], required=False)
    seed = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class RiskModelViewSet(viewsets.ReadOnlyModelViewSet):
    """Models of leaving. POST asks for a training; `propose` asks a second person to put it in force, `promote` does."""

    queryset = RiskModel.objects.none()
    serializer_class = RiskModelSerializer
    permission_classes = [needs("segmentation.view_risk_model")]  # what changes asks for its own right below
    filterset_fields = ["state", "shadow"]

    def get_queryset(self):
        return RiskModel.objects.visible_to(self.request.user)

    @extend_schema(request=TrainSerializer, responses={201: RiskModelSerializer})
    def create(self, request):
        check(request.user, TRAIN)
        asked = TrainSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = {key: sorted(value) if isinstance(value, set) else value for key, value in asked.validated_data.items() if value != set()}
        model = services.ask(by=request.user, at=timezone.now(), **wanted)
        ring(model)
        return Response(self.get_serializer(model).data, status=201)

    @extend_schema(request=None, responses=RiskModelSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        return self._do(TRAIN, services.cancel, at=timezone.now())

    @extend_schema(request=None, responses=RiskModelSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request, pk=None):
        return self._do(TRAIN, services.propose)

    @extend_schema(request=None, responses=RiskModelSerializer)
    @action(detail=True, methods=["post"])
    def promote(self, request, pk=None):
        return self._do(APPROVE, services.promote, at=timezone.now())

    @extend_schema(request=None, responses=RiskModelSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request, pk=None):
        return self._do(APPROVE, services.retire, at=timezone.now())

    @extend_schema(request=None, responses=RiskModelSerializer)
    @action(detail=True, methods=["post"])
    def bring_back(self, request, pk=None):
        return self._do(APPROVE, services.bring_back, at=timezone.now())

    def _do(self, permission, verb, **more):
        check(self.request.user, permission)
        return Response(self.get_serializer(verb(model=self.get_object(), by=self.request.user, **more)).data)


ROUTES = [("risk-models", RiskModelViewSet, "risk-model")]

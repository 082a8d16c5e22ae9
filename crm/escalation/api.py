"""Escalation for programs: what was raised to whom, and the chains."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from crm.escalation import services
from crm.escalation.forms import STEPS, ChainForm
from crm.escalation.models import Chain, Escalation, Rank, Step
from crm.people.models import User
from crm.people.permissions import needs
from crm.routing.staff import may_take


class EscalationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Escalation
        fields = ["id", "ticket", "round", "number", "percent", "rank", "to", "handed_over", "at", "due_at", "explained", "seen_at"]
        read_only_fields = fields


class EscalationViewSet(viewsets.ReadOnlyModelViewSet):
    """Steps that were done for tickets you may see, the latest first."""

    queryset = Escalation.objects.none()
    serializer_class = EscalationSerializer
    permission_classes = [needs("crm.work_ticket")]
    filterset_fields = ["ticket", "to"]
    sorts = {"at": "pk"}
    default_sort = "-at"

    def get_queryset(self):
        return Escalation.objects.visible_to(self.request.user)

    @extend_schema(request=None, responses=inline_serializer("EscalationsSeen", {"seen": serializers.IntegerField()}))
    @action(detail=False, methods=["post"])
    def see(self, request):
        """You have seen everything raised to you; answers how many were new."""
        return Response({"seen": services.see(user=request.user, at=timezone.now())})


class StepSerializer(serializers.ModelSerializer):
    percent = serializers.IntegerField(min_value=1, max_value=1000)
    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(may_take()), required=False, allow_null=True, default=None)

    class Meta:
        model = Step
        fields = ["number", "percent", "to", "person", "hand_over"]
        read_only_fields = ["number"]

    def validate(self, data):
        if data["to"] == Rank.PERSON and not data["person"]:
            raise ValidationError({"person": "Say who hears of it."})
        return data


class ChainSerializer(serializers.ModelSerializer):
    steps = StepSerializer(many=True)

    class Meta:
        model = Chain
        fields = ["id", "name", "name_en", "ticket_kind", "severity", "level", "is_active", "steps"]
        read_only_fields = ["is_active"]
        validators = []

    def validate_steps(self, steps):
        if not 1 <= len(steps) <= STEPS or len({step["percent"] for step in steps}) < len(steps):
            raise ValidationError(f"From 1 to {STEPS} steps, each at a percentage of its own.")
        return steps


class ChainViewSet(viewsets.ReadOnlyModelViewSet):
    """Chains of escalation; the most specific one in force holds for a ticket."""

    queryset = Chain.objects.prefetch_related("steps")
    serializer_class = ChainSerializer
    permission_classes = [needs("crm.view_routing", write="crm.edit_routing")]

    def _saved(self, request, chain):
        given = ChainSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        form = ChainForm(request.data, instance=chain)
        if not form.is_valid():
            raise ValidationError(form.errors)
        saved = services.save_chain(chain=form.save(commit=False), steps=given.validated_data["steps"], by=request.user)
        return ChainSerializer(Chain.objects.get(pk=saved.pk)).data

    @extend_schema(request=ChainSerializer, responses={201: ChainSerializer})
    def create(self, request):
        """Add a chain with its steps."""
        return Response(self._saved(request, Chain()), status=status.HTTP_201_CREATED)

    @extend_schema(request=ChainSerializer, responses=ChainSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Replace the chain's terms and steps; what was raised stays."""
        return Response(self._saved(request, self.get_object()))


ROUTES = [("escalations", EscalationViewSet, "escalation"), ("escalation-chains", ChainViewSet, "escalation-chain")]

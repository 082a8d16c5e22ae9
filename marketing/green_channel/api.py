"""Proposals for programs: read, propose, decide."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import check, needs
from crm.service_levels.models import Service, ServiceLevel
from marketing.green_channel import services
from marketing.green_channel.filters import ProposalFilter
from marketing.green_channel.models import Proposal
from marketing.green_channel.rules import LONGEST_MONTHS, end_of


class ProposalSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Proposal
        fields = [
            "id", "account", "account_number", "level", "services", "starts_on", "ends_on", "reason", "evidence", "state",
            "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_reason", "entitlement",
        ]  # fmt: skip
        read_only_fields = fields


class NewProposalSerializer(serializers.Serializer):
    account = serializers.IntegerField()
    level = serializers.PrimaryKeyRelatedField(queryset=ServiceLevel.objects.all())
    services = serializers.MultipleChoiceField(choices=Service)
    starts_on = serializers.DateField()
    months = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS)
    reason = serializers.CharField(max_length=500)

    def validate_starts_on(self, value):
        if value < timezone.localdate():
            raise serializers.ValidationError(_("A green channel cannot start in the past."))
        return value


class DecisionSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ProposalViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Green-channel proposals of accounts you may see. `approve` makes an entitlement; a second decision answers 409."""

    permission_classes = [needs("marketing.view_proposal")]
    queryset = Proposal.objects.none()
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_queryset(self):
        return Proposal.objects.visible_to(self.request.user).select_related("account")

    @extend_schema(request=NewProposalSerializer, responses={201: ProposalSerializer})
    def create(self, request):
        check(request.user, "marketing.propose")
        wanted = NewProposalSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=values["account"])
        terms = services.Terms(
            level=values["level"], services=sorted(values["services"]), starts_on=values["starts_on"],
            ends_on=end_of(values["starts_on"], values["months"]), reason=values["reason"],
        )  # fmt: skip
        proposal = services.propose(account=account, terms=terms, by=request.user, at=timezone.localtime())
        return Response(ProposalSerializer(proposal).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DecisionSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        check(request.user, "marketing.decide")
        services.approve(proposal=self.get_object(), by=request.user, at=timezone.localtime(), note=_reason(request))
        return self._now()

    @extend_schema(request=DecisionSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, pk=None):
        check(request.user, "marketing.decide")
        services.refuse(proposal=self.get_object(), by=request.user, at=timezone.localtime(), reason=_reason(request))
        return self._now()

    @extend_schema(request=None, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        check(request.user, "marketing.propose")
        services.withdraw(proposal=self.get_object(), by=request.user, at=timezone.localtime())
        return self._now()

    def _now(self):
        return Response(ProposalSerializer(self.get_object()).data)


def _reason(request):
    decision = DecisionSerializer(data=request.data)
    decision.is_valid(raise_exception=True)
    return decision.validated_data["reason"]


ROUTES = [("proposals", ProposalViewSet, "proposal")]

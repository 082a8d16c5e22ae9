"""Green channels for programs: propose, decide, the rules of granting, and the measured difference."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import check, needs
from crm.service_levels.models import COUNTED, Entitlement, Service, ServiceLevel
from crm.service_levels.words import MARKS
from marketing.green_channel import effect, services
from marketing.green_channel.filters import ProposalFilter
from marketing.green_channel.models import ChannelRule, Proposal
from marketing.green_channel.rules import LONGEST_MONTHS, end_of, matched


class ProposalSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Proposal
        fields = [
            "id", "account", "account_number", "level", "services", "quotas", "dedicated_line", "starts_on", "ends_on", "reason",
            "evidence", "state", "levels_needed", "proposed_by", "proposed_at", "first_by", "first_at", "first_note", "decided_by", "decided_at", "decision_reason", "entitlement",
        ]  # fmt: skip
        read_only_fields = fields


class NewProposalSerializer(serializers.Serializer):
    account = serializers.IntegerField()
    level = serializers.PrimaryKeyRelatedField(queryset=ServiceLevel.objects.all())
    services = serializers.MultipleChoiceField(choices=Service)
    starts_on = serializers.DateField()
    months = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS)
    reason = serializers.CharField(max_length=500)
    quotas = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=1000), required=False, default=dict,
        help_text="Times in the period, by counted service (short_clock, fast_supply, energy_advice); one not named is without limit",
    )  # fmt: skip
    dedicated_line = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")

    def validate_quotas(self, value):
        if unknown := sorted(set(value) - set(COUNTED)):
            told = {"service": unknown[0], "services": ", ".join(COUNTED)}
            raise serializers.ValidationError(_("“%(service)s” is not a counted service: %(services)s.") % told)
        return value

    def validate_starts_on(self, value):
        if value < timezone.localdate():
            raise serializers.ValidationError(_("A green channel cannot start in the past."))
        return value


class DecisionSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ProposalViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Green-channel proposals of accounts you may see. `approve` makes an entitlement, or where two levels are needed hands it to the second;
    a second decision answers 409."""

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
            ends_on=end_of(values["starts_on"], values["months"]), reason=values["reason"], quotas=values["quotas"],
            dedicated_line=values["dedicated_line"] or None,
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


class ChannelRuleSerializer(serializers.ModelSerializer):
    mark = serializers.ChoiceField(choices=MARKS, default="M")
    decide_within_days = serializers.IntegerField(min_value=1, max_value=365)
    remind_days_before = serializers.IntegerField(min_value=1, max_value=365)
    two_levels_from_yuan = serializers.IntegerField(min_value=0, max_value=10**12, allow_null=True)
    valid_from = serializers.DateField()

    class Meta:
        model = ChannelRule
        fields = ["id", "valid_from", "two_levels_from_yuan", "decide_within_days", "remind_days_before", "source", "mark", "entered_by"]
        read_only_fields = ["id", "entered_by"]


class ChannelRuleViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """How green channels are granted and renewed, each row from its day on; the latest one begun is in force."""

    queryset = ChannelRule.objects.all()
    serializer_class = ChannelRuleSerializer
    permission_classes = [needs("marketing.view_proposal", write="marketing.edit_channel_rule")]
    sorts = {"valid_from": "valid_from"}
    default_sort = "-valid_from"

    def create(self, request):
        """New rules from a day on, today at the earliest."""
        wanted = ChannelRuleSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        rule = services.set_rule(**wanted.validated_data, on=timezone.localdate(), by=request.user)
        return Response(ChannelRuleSerializer(rule).data, status=status.HTTP_201_CREATED)


class SideSerializer(serializers.Serializer):
    n = serializers.IntegerField(help_text="Answered tickets")
    median_hours = serializers.FloatField(allow_null=True, help_text="From logging to the answer")
    kept = serializers.FloatField(allow_null=True, help_text="Share answered in time, 0..1")


class EffectRowSerializer(serializers.Serializer):
    kind = serializers.CharField()
    green = SideSerializer()
    plain = SideSerializer()
    sooner_hours = serializers.FloatField(allow_null=True, help_text="Empty where one side has too few tickets to say")


class ComparedSerializer(serializers.Serializer):
    sooner_hours = serializers.SerializerMethodField(help_text="Over all kinds, each weighed by its green tickets")
    tickets = serializers.SerializerMethodField(help_text="Green tickets it rests on")
    kinds = EffectRowSerializer(many=True, source="*")

    def get_sooner_hours(self, rows) -> float | None:
        return matched(rows)[0]

    def get_tickets(self, rows) -> int:
        return matched(rows)[1]


class EffectSerializer(serializers.Serializer):
    everyone = ComparedSerializer(required=False, help_text="All accounts you may see, last twelve months")
    before = ComparedSerializer(required=False, help_text="With `entitlement`: against the account's own year before")
    others = ComparedSerializer(required=False, help_text="With `entitlement`: against other accounts of its unit in the same days")


class EffectViewSet(viewsets.ViewSet):
    """The measured difference green channels made: answer times with and without, matched by kind of ticket."""

    permission_classes = [needs("marketing.view_proposal")]

    @extend_schema(parameters=[OpenApiParameter("entitlement", int, description="One green channel")], responses=EffectSerializer)
    def list(self, request):
        wanted = request.query_params.get("entitlement", "")
        if not wanted:
            found = {"everyone": effect.of_everyone_lately(user=request.user, at=timezone.now())}
        else:
            visible = Entitlement.objects.visible_to(request.user).select_related("account")
            found = effect.of_one(entitlement=get_object_or_404(visible, pk=wanted if wanted.isdigit() else None), user=request.user)
        return Response(EffectSerializer(found).data)


ROUTES = [
    ("proposals", ProposalViewSet, "proposal"),
    ("channel-rules", ChannelRuleViewSet, "channel-rule"),
    ("channel-effect", EffectViewSet, "channel-effect"),
]

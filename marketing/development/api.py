"""Development for programs: candidates, the watch list and its deeds, the register of large customers."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.models import User
from crm.people.permissions import check, needs
from marketing.development import services
from marketing.development.filters import CandidateFilter, LargeCustomerFilter, ProspectFilter
from marketing.development.models import Candidate, LargeCustomer, Prospect


class GrowingAccountSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Candidate
        fields = ["account", "account_number", "run", "strength", "evidence"]


class ProspectSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Prospect
        fields = [
            "id", "account", "account_number", "owner", "state", "evidence", "next_action", "next_on", "added_by", "added_at", "proposed_by",
            "proposed_at", "reason", "decided_by", "decided_at", "decision_reason",
        ]  # fmt: skip
        read_only_fields = fields


class LargeCustomerSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = LargeCustomer
        fields = ["id", "account", "account_number", "starts_on", "ends_on", "source", "prospect", "entered_by", "ended_why"]
        read_only_fields = fields


class ProspectPlanSerializer(serializers.Serializer):
    """`owner`: a sign-in name; left out, it stays."""

    next_action = serializers.CharField(max_length=160, allow_blank=True, default="")
    next_on = serializers.DateField(allow_null=True, default=None)
    owner = serializers.SlugRelatedField(
        "username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True, default=None
    )


class ProspectWatchSerializer(ProspectPlanSerializer):
    account = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class ProspectStepSerializer(serializers.Serializer):
    to = serializers.ChoiceField(choices=Prospect.State)


class ProspectNoteSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=1000)


class ProspectReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class LargeCustomerEntrySerializer(serializers.Serializer):
    account = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    starts_on = serializers.DateField(required=False, help_text="Today when left out; not a day to come")
    source = serializers.CharField(max_length=200, help_text="Whose list or which papers say so")


class CandidateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Accounts the run in force shows growing large, the strongest evidence first; those taken up are left out."""

    queryset = Candidate.objects.none()
    serializer_class = GrowingAccountSerializer
    permission_classes = [needs("marketing.view_prospect")]
    filterset_class = CandidateFilter
    sorts = {"strength": "strength"}
    default_sort = "-strength"
    sort_tie = "account_id"

    def get_queryset(self):
        return Candidate.objects.visible_to(self.request.user).not_taken_up().select_related("account")


class ProspectViewSet(viewsets.ReadOnlyModelViewSet):
    """The watch list; without `state` or `account` those still open."""

    queryset = Prospect.objects.none()
    serializer_class = ProspectSerializer
    permission_classes = [needs("marketing.view_prospect")]
    filterset_class = ProspectFilter
    sorts = {"id": "pk", "next": "next_on"}
    default_sort = "-id"

    def get_queryset(self):
        return Prospect.objects.visible_to(self.request.user).select_related("account")

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(request=ProspectWatchSerializer, responses={201: ProspectSerializer})
    def create(self, request):
        check(request.user, "marketing.develop")
        told = self._told(ProspectWatchSerializer)
        account = get_object_or_404(Account.objects.visible_to(request.user).select_related("manager", "unit"), pk=told.pop("account"))
        prospect = services.watch(account=account, **told, by=request.user, at=timezone.now())
        return Response(ProspectSerializer(prospect).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProspectStepSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request, pk=None):
        return self._do("marketing.develop", services.move, ProspectStepSerializer, at=timezone.now())

    @extend_schema(request=ProspectPlanSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request, pk=None):
        return self._do("marketing.develop", services.plan, ProspectPlanSerializer)

    @extend_schema(request=ProspectNoteSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request, pk=None):
        return self._do("marketing.develop", services.note, ProspectNoteSerializer, at=timezone.now())

    @extend_schema(request=ProspectReasonSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request, pk=None):
        return self._do("marketing.develop", services.propose, ProspectReasonSerializer, at=timezone.now())

    @extend_schema(request=ProspectReasonSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request, pk=None):
        return self._do("marketing.develop", services.drop, ProspectReasonSerializer, at=timezone.now())

    @extend_schema(request=ProspectReasonSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, pk=None):
        return self._do("marketing.decide", services.refuse, ProspectReasonSerializer, at=timezone.now())

    @extend_schema(request=ProspectReasonSerializer, responses=ProspectSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        check(request.user, "marketing.decide")
        note = self._told(ProspectReasonSerializer)["reason"]
        services.approve(prospect=self.get_object(), by=request.user, at=timezone.localtime(), note=note)
        return Response(ProspectSerializer(self.get_object()).data)

    def _told(self, kind):
        told = kind(data=self.request.data)
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)

    def _do(self, permission, deed, kind, **more):
        check(self.request.user, permission)
        deed(prospect=self.get_object(), **self._told(kind), by=self.request.user, **more)
        return Response(ProspectSerializer(self.get_object()).data)


class LargeCustomerViewSet(viewsets.ReadOnlyModelViewSet):
    """The register: who is a large customer since when, and by which list. Promotion goes through the watch list; one that is large already
    is entered by a supervisor."""

    queryset = LargeCustomer.objects.none()
    serializer_class = LargeCustomerSerializer
    permission_classes = [needs("marketing.view_prospect")]
    filterset_class = LargeCustomerFilter
    sorts = {"id": "pk", "since": "starts_on"}
    default_sort = "-id"

    def get_queryset(self):
        return LargeCustomer.objects.visible_to(self.request.user).select_related("account")

    @extend_schema(request=LargeCustomerEntrySerializer, responses={201: LargeCustomerSerializer})
    def create(self, request):
        check(request.user, "marketing.decide")
        told = LargeCustomerEntrySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=told.validated_data["account"])
        today = timezone.localdate()
        given = {"starts_on": told.validated_data.get("starts_on", today), "source": told.validated_data["source"]}
        large = services.enter(account=account, **given, by=request.user, on=today)
        return Response(LargeCustomerSerializer(large).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProspectReasonSerializer, responses=LargeCustomerSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        check(request.user, "marketing.decide")
        why = ProspectReasonSerializer(data=request.data)
        why.is_valid(raise_exception=True)
        ended = services.end(large=self.get_object(), reason=why.validated_data["reason"], by=request.user, at=timezone.localtime())
        return Response(LargeCustomerSerializer(ended).data)


ROUTES = [
    ("candidates", CandidateViewSet, "candidate"),
    ("prospects", ProspectViewSet, "prospect"),
    ("large-customers", LargeCustomerViewSet, "large-customer"),
]

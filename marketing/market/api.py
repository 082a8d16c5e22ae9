"""Losses and rivals for programs."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import check, needs
from marketing.market import services
from marketing.market.filters import LossFilter
from marketing.market.models import Cause, LossNote, Outcome, Rival


class LossSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)
    revenue_12m_yuan = serializers.FloatField(read_only=True, allow_null=True)

    class Meta:
        model = LossNote
        fields = [
            "id", "account", "account_number", "lost_on", "outcome", "cause", "competitor", "substitute", "note", "revenue_12m_yuan",
            "noted_by", "noted_at", "withdrawn_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewLossSerializer(serializers.Serializer):
    account = serializers.IntegerField(min_value=1, max_value=2**62)
    lost_on = serializers.DateField()
    outcome = serializers.ChoiceField(Outcome.choices)
    cause = serializers.ChoiceField(Cause.choices)
    competitor = serializers.PrimaryKeyRelatedField(queryset=Rival.objects.filter(kind="competitor"), allow_null=True, default=None)
    substitute = serializers.PrimaryKeyRelatedField(queryset=Rival.objects.filter(kind="substitute"), allow_null=True, default=None)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class LossViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Losses of accounts you may see, as their managers noted them; withdrawn ones are left out. `withdraw` takes a wrong one back."""

    queryset = LossNote.objects.none()
    serializer_class = LossSerializer
    permission_classes = [needs("marketing.view_market", write="marketing.note_loss")]
    filterset_class = LossFilter
    sorts = {"lost_on": "lost_on", "id": "pk"}
    default_sort = "-lost_on"

    def get_queryset(self):
        return LossNote.objects.visible_to(self.request.user).standing().select_related("account")

    @extend_schema(request=NewLossSerializer, responses={201: LossSerializer})
    def create(self, request):
        wanted = NewLossSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=values.pop("account"))
        noted = services.note(account=account, loss=services.Loss(**values), by=request.user, at=timezone.localtime())
        return Response(LossSerializer(noted).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=LossSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        noted = self.get_object()
        services.withdraw(loss_note=noted, by=request.user, at=timezone.localtime())
        noted.refresh_from_db()
        return Response(LossSerializer(noted).data)


class RivalSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rival
        fields = ["id", "kind", "name", "name_en", "is_active"]
        validators = []  # the service says it in a sentence


class RivalViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Competitors and substitutes. `change` renames one or takes it out of use."""

    queryset = Rival.objects.all()
    serializer_class = RivalSerializer
    permission_classes = [needs("marketing.view_market", write="marketing.edit_rivals")]
    sorts = {"id": "pk"}
    default_sort = "id"

    def create(self, request):
        return self._saved(request, None, status.HTTP_201_CREATED)

    @extend_schema(request=RivalSerializer, responses=RivalSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        check(request.user, "marketing.edit_rivals")
        return self._saved(request, self.get_object(), status.HTTP_200_OK)

    def _saved(self, request, rival, code):
        wanted = RivalSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = {"name_en": "", "is_active": True} | wanted.validated_data
        return Response(RivalSerializer(services.save_rival(**values, by=request.user, rival=rival)).data, status=code)


ROUTES = [("losses", LossViewSet, "loss"), ("rivals", RivalViewSet, "rival")]

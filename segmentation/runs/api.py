"""Runs, standings, moves and the list of features for programs."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import needs
from segmentation.engine.explain import reasons_of, words
from segmentation.engine.features import describe
from segmentation.runs import services
from segmentation.runs.filters import ChangeFilter, PlaceFilter, RunFilter
from segmentation.runs.models import Change, Run, Standing
from segmentation.runs.views import ring
from segmentation.runs.words import error_words


class RunSerializer(serializers.ModelSerializer):
    error = serializers.SerializerMethodField(help_text="Why it failed and what to do, in the reader's language")

    class Meta:
        model = Run
        fields = [
            "id", "as_of", "state", "in_force", "asked_by", "asked_at", "started_at", "heartbeat_at", "finished_at", "attempts",
            "stage", "stages",
            "value_policy", "credit_policy", "warning_policy", "restores", "code_version", "counts", "error",
        ]  # fmt: skip

    @extend_schema_field(str)
    def get_error(self, run):
        return error_words(run)


class AskSerializer(serializers.Serializer):
    as_of = serializers.DateField(required=False, help_text="Only what was known on that day is looked at; today when left out")


class RunViewSet(viewsets.ReadOnlyModelViewSet):
    """Recomputes. `POST /runs/` asks for one (202); a second while one is unfinished is refused (409)."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    permission_classes = [needs("segmentation.view_run", write="segmentation.recompute")]
    filterset_class = RunFilter
    sorts = {"id": "pk", "as_of": "as_of"}
    default_sort = "-id"

    def get_queryset(self):
        return Run.objects.visible_to(self.request.user)

    @extend_schema(request=AskSerializer, responses={202: RunSerializer})
    def create(self, request):
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = services.ask(as_of=asked.validated_data.get("as_of") or timezone.localdate(), by=request.user, at=timezone.now())
        ring(run)
        return self._answer(run, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        return self._answer(services.cancel(run=self.get_object(), by=request.user, at=timezone.now()))

    @extend_schema(request=None, responses={202: RunSerializer})
    @action(detail=True, methods=["post"])
    def roll_back(self, request, pk=None):
        run = services.roll_back(to=self.get_object(), by=request.user, at=timezone.now())
        ring(run)
        return self._answer(run, status.HTTP_202_ACCEPTED)

    def _answer(self, run, code=status.HTTP_200_OK):
        return Response(self.get_serializer(run).data, status=code)


class PlaceSerializer(serializers.ModelSerializer):
    """Where one account stands. Empty scores: not scored, which is its own answer."""

    number = serializers.CharField(source="account.number")

    class Meta:
        model = Standing
        fields = [
            "account", "number", "run", "tier", "tier_before", "value_score", "value_delta", "current_score", "potential_score", "quadrant",
            "credit_score", "credit_grade", "risk_score", "risk_band", "risk_outcome", "usage_state", "kwh_12m",
            "revenue_12m_fen", "growth",
            "arrears_fen", "spark_kwh",
        ]  # fmt: skip


class PlaceWithReasonsSerializer(PlaceSerializer):
    reasons = serializers.SerializerMethodField(help_text="Codes, contributions in points, numbers")
    words_en = serializers.SerializerMethodField(help_text="The reasons as English sentences")
    words_zh = serializers.SerializerMethodField(help_text="The reasons as Chinese sentences")

    class Meta(PlaceSerializer.Meta):
        fields = [*PlaceSerializer.Meta.fields, "reasons", "words_en", "words_zh"]

    @extend_schema_field(dict)
    def get_reasons(self, standing):
        return reasons_of(standing.reasons) if standing.reasons else {}

    @extend_schema_field(dict)
    def get_words_en(self, standing):
        return words(standing.reasons, "en") if standing.reasons else {}

    @extend_schema_field(dict)
    def get_words_zh(self, standing):
        return words(standing.reasons, "zh-hans") if standing.reasons else {}


class PlaceViewSet(viewsets.ReadOnlyModelViewSet):
    """Standings of the accounts you may see, by account; one account's with reasons in both languages."""

    queryset = Standing.objects.none()
    filterset_class = PlaceFilter
    sorts = {"account": "account_id", "value": "value_score", "risk": "risk_score", "revenue": "revenue_12m_fen"}
    default_sort = "account"
    sort_tie = "account_id"

    def get_serializer_class(self):
        return PlaceWithReasonsSerializer if self.action == "retrieve" else PlaceSerializer

    def get_queryset(self):
        return Standing.objects.visible_to(self.request.user).select_related("account")


class ChangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Change
        fields = [
            "id", "run", "account", "tier_from", "tier_to", "band_from", "band_to", "grade_from", "grade_to", "usage_from", "usage_to",
            "value_from", "value_to", "risk_from", "risk_to",
        ]  # fmt: skip


class ChangeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What moved, newest first. An account that did not move in a run has no row."""

    queryset = Change.objects.none()
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_queryset(self):
        user = self.request.user
        if not user.has_perm("segmentation.view_standing"):
            return Change.objects.none()
        return Change.objects.filter(account__in=Account.objects.visible_to(user)) if user.bound_to_unit else Change.objects.all()


class FeatureSerializer(serializers.Serializer):
    name = serializers.CharField()
    unit = serializers.CharField()
    meaning_en = serializers.CharField()
    meaning_zh = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField(), help_text="Tables it rests on; where one is absent it is unknown")


class FeatureViewSet(viewsets.ViewSet):
    """What the engine measures about every account: the same list the pages and documents read."""

    @extend_schema(responses=FeatureSerializer(many=True))
    def list(self, request):
        chinese = {it["name"]: it["meaning"] for it in describe("zh-hans")}
        rows = [{**it, "meaning_en": it["meaning"], "meaning_zh": chinese[it["name"]]} for it in describe("en")]
        return Response(FeatureSerializer(rows, many=True).data)


ROUTES = [
    ("runs", RunViewSet, "run"),
    ("standings", PlaceViewSet, "standing"),
    ("changes", ChangeViewSet, "change"),
    ("features", FeatureViewSet, "feature"),
]

"""Runs, moves and the list of features for programs."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import needs
from segmentation.engine.features import describe
from segmentation.runs import services
from segmentation.runs.filters import ChangeFilter, RunFilter
from segmentation.runs.models import Change, Run
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
    ("changes", ChangeViewSet, "change"),
    ("features", FeatureViewSet, "feature"),
]

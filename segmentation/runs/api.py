"""Runs, moves and the list of features for programs."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import needs
from segmentation.engine.features import describe
from segmentation.runs import comparing, services, shifting
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


class TierMoveSerializer(serializers.Serializer):
    tier_from = serializers.CharField(help_text="absent: not there in the earlier run")
    tier_to = serializers.CharField()
    accounts = serializers.IntegerField()


class DriftSerializer(serializers.Serializer):
    name = serializers.CharField()
    meaning = serializers.CharField()
    psi = serializers.FloatField(help_text="Population stability index; under 0.1 steady, from 0.25 strongly shifted")
    missing_before = serializers.FloatField(allow_null=True)
    missing_after = serializers.FloatField(allow_null=True)


class CompareSerializer(serializers.Serializer):
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    moves = TierMoveSerializer(many=True)
    drift = DriftSerializer(many=True, help_text="Empty where the features of either run are no longer kept")


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

    @extend_schema(
        parameters=[OpenApiParameter("with", int, required=True, description="The other published run")], responses=CompareSerializer
    )
    @action(detail=True, methods=["get"])
    def compare(self, request, pk=None):
        """Moves of tier and drift of features between two published runs, the earlier first; a supervisor's own subtree."""
        other = request.query_params.get("with", "")
        pair = [self.get_object(), get_object_or_404(self.get_queryset().published(), pk=other if other.isdigit() else 0)]
        before, after = sorted(pair, key=lambda run: (run.as_of, run.pk))
        scope = request.user.unit.code if request.user.bound_to_unit else ""
        try:
            moves = comparing.transitions(before=before, after=after, unit_code=scope)
        except comparing.ScoresGone as gone:
            raise NotFound(error_words(Run(error=f"lost_scores\n{gone.args[0].pk}"))) from gone
        drift = shifting.drift(before=before, after=after, language=get_language(), unit_code=scope) or []
        told = {
            "before": before.pk, "after": after.pk, "drift": drift,
            "moves": [{"tier_from": old, "tier_to": new, "accounts": many} for (old, new), many in sorted(moves.items())],
        }  # fmt: skip
        return Response(CompareSerializer(told).data)

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

"""The reports for programs."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import needs
from segmentation.reports import kept
from segmentation.reports.behaviour_views import language_of_page
from segmentation.reports.building import build
from segmentation.reports.drawings import as_dict
from segmentation.reports.segments import segment_named
from segmentation.reports.subject import scope_of_page
from segmentation.runs.models import Run


class TierRowSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Tier, unit code or category; empty for accounts not scored")
    label = serializers.CharField()
    accounts = serializers.IntegerField()
    revenue_fen = serializers.IntegerField()
    risk_revenue_fen = serializers.IntegerField(help_text="Revenue of accounts at high risk")
    tiers = serializers.DictField(child=serializers.IntegerField())
    up = serializers.IntegerField()
    down = serializers.IntegerField()


class TierReportSerializer(serializers.Serializer):
    run = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    counted_at = serializers.DateTimeField(help_text="Figures are kept for up to ten minutes")
    tiers = TierRowSerializer(many=True)
    units = TierRowSerializer(many=True)
    categories = TierRowSerializer(many=True)


class TierReportViewSet(viewsets.ViewSet):
    """Tiers, units and categories of the accounts you may see, by the run in force. Takes the filters of the portfolio as well."""

    permission_classes = [needs("segmentation.view_report")]

    @extend_schema(
        responses=TierReportSerializer,
        parameters=[OpenApiParameter("unit_code", str, description="Limit to a unit and what lies under it")],
    )
    def list(self, request):
        scope, run = scope_of_page(request), Run.objects.in_force()
        found = kept.figures(scope=scope, standings=scope.standings(), run=run, at=timezone.localtime())
        report = {
            "run": run and run.pk, "as_of": run and run.as_of, "counted_at": found.counted_at, "tiers": found.tiers, "units": found.units,
            "categories": found.categories,
        }  # fmt: skip
        return Response(TierReportSerializer(report).data)


class AskedSerializer(serializers.Serializer):
    unit = serializers.CharField(required=False, help_text="Code of a unit: it and what lies under it")
    category = serializers.CharField(required=False)
    tier = serializers.CharField(required=False, help_text="diamond, platinum, gold, silver, standard or unscored")
    segment = serializers.CharField(required=False, help_text="Name of a segment")
    as_of = serializers.DateField(required=False, help_text="By the last run published as of that day; the run in force when left out")


class ComparedSerializer(AskedSerializer):
    against = serializers.DateField(
        required=False, help_text="Moves are counted from the last run as of that day; the run before when left out"
    )


class BlockSerializer(serializers.Serializer):
    """A figure, a table or a chart; `block` says which. Money is in fen, shares are 0 to 1."""

    block = serializers.ChoiceField(choices=["figure", "table", "chart"])
    name = serializers.CharField()


class ChapterSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())
    blocks = BlockSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField(), help_text="What could not be told, and why")


class ReportSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["behaviour", "tiers"])
    title = serializers.CharField()
    subtitle = serializers.CharField(help_text="The scope in words")
    as_of = serializers.DateField()
    language = serializers.CharField()
    chapters = ChapterSerializer(many=True)
    sources = serializers.ListField(child=serializers.CharField())
    synthetic = serializers.BooleanField()
    inputs = serializers.DictField()


class ReportViewSet(viewsets.ViewSet):
    """Reports as data, over the accounts you may see, in the language asked for by Accept-Language."""

    permission_classes = [needs("segmentation.view_report")]

    @extend_schema(parameters=[AskedSerializer], responses=ReportSerializer)
    @action(detail=False)
    def behaviour(self, request):
        return self._answer(request, "behaviour")

    @extend_schema(parameters=[ComparedSerializer], responses=ReportSerializer)
    @action(detail=False)
    def tiers(self, request):
        return self._answer(request, "tiers", ComparedSerializer)

    def _answer(self, request, kind, serializer=AskedSerializer):
        asked = serializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        name = given.pop("segment", "")
        segment = segment_named(name, reader=request.user)
        return Response(as_dict(build(kind=kind, reader=request.user, language=language_of_page(), segment=segment, **given)))


ROUTES = [("tier-report", TierReportViewSet, "tier-report"), ("reports", ReportViewSet, "report")]

"""The tier report for programs."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.people.permissions import needs
from segmentation.reports import kept
from segmentation.reports.scope import standings_of
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
        standings, scope = standings_of(request)
        run = Run.objects.in_force()
        found = kept.figures(user=request.user, standings=standings, run=run, scope=scope, filters=request.GET, at=timezone.localtime())
        report = {
            "run": run and run.pk, "as_of": run and run.as_of, "counted_at": found.counted_at, "tiers": found.tiers, "units": found.units,
            "categories": found.categories,
        }  # fmt: skip
        return Response(TierReportSerializer(report).data)


ROUTES = [("tier-report", TierReportViewSet, "tier-report")]

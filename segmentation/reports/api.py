"""The tier report for programs."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.people.models import Unit
from crm.people.permissions import needs
from segmentation.reports import tiers
from segmentation.runs.models import Run, Standing


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
    tiers = TierRowSerializer(many=True)
    units = TierRowSerializer(many=True)
    categories = TierRowSerializer(many=True)


class TierReportViewSet(viewsets.ViewSet):
    """Tiers, units and categories of the accounts you may see, by the run in force."""

    permission_classes = [needs("segmentation.view_report")]

    @extend_schema(
        responses=TierReportSerializer,
        parameters=[OpenApiParameter("unit_code", str, description="Limit to a unit and what lies under it")],
    )
    def list(self, request):
        standings = Standing.objects.visible_to(request.user)
        scope = Unit.objects.within_reach_of(request.user).filter(code=request.query_params.get("unit_code", "")).first()
        scope = scope or (request.user.unit if request.user.bound_to_unit else None)
        if scope:
            standings = standings.filter(account__unit__in=Unit.objects.under(scope))
        run = Run.objects.in_force()
        moves = tiers.moves_of(standings, run)
        report = {
            "run": run and run.pk, "as_of": run and run.as_of, "tiers": tiers.by_tier(standings),
            "units": tiers.by_unit(standings, moves, scope), "categories": tiers.by_category(standings, moves),
        }  # fmt: skip
        return Response(TierReportSerializer(report).data)


ROUTES = [("tier-report", TierReportViewSet, "tier-report")]

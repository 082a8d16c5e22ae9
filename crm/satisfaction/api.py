"""What customers said, for programs. The customer's own page is no part of the API: its link is the key."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import needs
from crm.satisfaction import results
from crm.satisfaction.filters import SurveyFilter
from crm.satisfaction.models import Survey

FIGURES = {
    "asked": serializers.IntegerField(), "answered": serializers.IntegerField(), "average": serializers.FloatField(allow_null=True),
    "dissatisfied": serializers.IntegerField(), "content": serializers.IntegerField(), "rate": serializers.FloatField(allow_null=True),
}  # fmt: skip


class SurveySerializer(serializers.ModelSerializer):
    class Meta:
        model = Survey
        fields = [
            "id", "ticket", "state", "channel", "created_at", "sent_at", "expires_at", "answered_at", "score", "comment", "follow_up",
            "follow_up_ticket",
        ]  # fmt: skip
        read_only_fields = fields


class SurveyViewSet(viewsets.ReadOnlyModelViewSet):
    """Surveys of tickets you may see: asked in the last 90 days unless `days` says otherwise."""

    queryset = Survey.objects.none()
    serializer_class = SurveySerializer
    permission_classes = [needs("crm.view_ticket")]
    filterset_class = SurveyFilter
    sorts = {"asked": "pk", "answered": "answered_at"}
    default_sort = "-asked"

    def get_queryset(self):
        return Survey.objects.visible_to(self.request.user)

    def filter_queryset(self, queryset):
        return queryset if self.action == "retrieve" else super().filter_queryset(queryset)

    @extend_schema(
        filters=True,
        responses=inline_serializer(
            "SurveyFigures",
            FIGURES
            | {
                "units": serializers.ListField(child=inline_serializer("SurveyFiguresOfUnit", {"unit": serializers.CharField(), **FIGURES}))
            },
        ),
    )
    @action(detail=False, pagination_class=None)
    def figures(self, request):
        """What they add up to: in all, and by unit (its code)."""
        found = SurveyFilter(request.query_params, self.get_queryset(), request=request, on=timezone.localdate()).qs
        units = [{"unit": unit.code, **figures} for unit, figures in results.by_unit(found)]
        return Response({**results.figures_of(found), "units": units})


ROUTES = [("surveys", SurveyViewSet, "survey")]

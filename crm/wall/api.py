"""The wall's figures for programs."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.people.models import Unit
from crm.people.permissions import needs
from crm.wall.figures import wall_of
from crm.wall.views import unit_from

NUMBERS = {name: serializers.IntegerField() for name in ("open", "unassigned", "late", "hour", "today")}


class WallViewSet(viewsets.GenericViewSet):
    """Open tickets by state, breach risk, age, unit and person, as of at most half a minute ago."""

    permission_classes = [needs("crm.view_wall")]
    serializer_class = serializers.Serializer
    queryset = Unit.objects.none()
    pagination_class = None
    filter_backends = []

    @extend_schema(
        parameters=[OpenApiParameter("unit", int, description="A unit within your reach")],
        responses=inline_serializer(
            "Wall",
            {
                "at": serializers.DateTimeField(),
                "scope": serializers.CharField(allow_null=True, help_text="Code of the unit, empty for all"),
                "counted": serializers.DictField(child=serializers.IntegerField()),
                "opened_today": serializers.IntegerField(),
                "closed_today": serializers.IntegerField(),
                "units": serializers.ListField(child=inline_serializer("WallUnit", {"unit": serializers.CharField(), **NUMBERS})),
                "people": serializers.ListField(child=inline_serializer("WallPerson", {"person": serializers.IntegerField(), **NUMBERS})),
            },
        ),
    )
    def list(self, request):
        """The wall."""
        unit = unit_from(request.query_params.get("unit", ""), Unit.objects.within_reach_of(request.user))
        found = wall_of(user=request.user, unit=unit, at=timezone.now())
        kept = {name: found[name] for name in ("at", "counted", "opened_today", "closed_today")}
        return Response({
            **kept,
            "scope": found["scope"] and found["scope"].code,
            "units": [{"unit": unit.code, **row} for unit, row in found["units"]],
            "people": [{"person": person.pk, **row} for person, row in found["people"]],
        })  # fmt: skip


ROUTES = [("wall", WallViewSet, "wall")]

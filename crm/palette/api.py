"""The palette for programs: places, actions, accounts, customers and tickets for what is typed."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.palette import services
from crm.people.masking import reader_of
from crm.people.permissions import needs


class OfferSerializer(serializers.Serializer):
    group = serializers.ChoiceField(["recent", "page", "action", "account", "customer", "ticket"])
    label = serializers.CharField()
    meta = serializers.CharField(default="")
    url = serializers.CharField(help_text="Empty for what only a page can do")


class PaletteViewSet(viewsets.ViewSet):
    """What the palette of the pages offers you, in your language, in the same order."""

    permission_classes = [needs("crm.view_account")]
    pagination_class = None

    @extend_schema(
        responses=OfferSerializer(many=True),
        parameters=[OpenApiParameter("q"), OpenApiParameter("recent", description="account:12,ticket:5")],
    )
    def list(self, request):
        recent = services.recent_of(text=request.query_params.get("recent", ""))
        groups = services.offer(text=request.query_params.get("q", ""), reader=reader_of(request), recent=recent)
        items = [item | {"group": group.kind, "url": "" if item.get("press") else item["url"]} for group in groups for item in group.items]
        return Response(OfferSerializer(items, many=True).data)


ROUTES: list = [("palette", PaletteViewSet, "palette")]

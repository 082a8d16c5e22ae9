"""Saved views through the API; apart from `api.py`, whose pagination the framework itself imports."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.lists import services
from crm.lists.models import SavedView
from crm.lists.pages import PAGES, address_of
from crm.people.permissions import needs


class SavedViewSerializer(serializers.ModelSerializer):
    owner = serializers.CharField(source="owner.username", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = ["id", "owner", "page", "name", "query", "shared", "url"]
        read_only_fields = ["id", "owner", "url"]
        validators = []

    def get_url(self, view) -> str:
        return address_of(view.page, view.query)

    def validate_page(self, page):
        if page not in PAGES:
            raise serializers.ValidationError(f"No list of this name keeps views. Use one of {', '.join(sorted(PAGES))}.")
        return page


class SavedViewChange(serializers.ModelSerializer):
    class Meta:
        model = SavedView
        fields = ["name", "query", "shared"]


class SavedViewViewSet(viewsets.ReadOnlyModelViewSet):
    """Filters people keep: one's own, and those shared with everyone."""

    queryset = SavedView.objects.none()
    serializer_class = SavedViewSerializer
    permission_classes = [needs("crm.save_view")]
    filterset_fields = ["page", "shared"]
    sorts = {"name": "name"}
    default_sort = "name"

    def get_queryset(self):
        return SavedView.objects.visible_to(self.request.user).select_related("owner")

    def create(self, request):
        """Keep a list's filter; the same name on the same page is replaced."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(self.get_serializer(services.save_view(owner=request.user, **form.validated_data)).data, status=201)

    @extend_schema(request=SavedViewChange, responses=SavedViewSerializer)
    def partial_update(self, request, pk=None):
        """Rename, share, or keep another filter: the owner only."""
        view = self.get_object()
        form = SavedViewChange(view, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return Response(self.get_serializer(services.change_view(view=self.get_object(), by=request.user, **form.validated_data)).data)

    def destroy(self, request, pk=None):
        services.delete_view(view=self.get_object(), by=request.user)
        return Response(status=204)


ROUTES: list = [("saved-views", SavedViewViewSet, "saved-views")]

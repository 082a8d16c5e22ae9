"""Exports for programs: ask, follow, fetch, cancel; one's own only."""

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.exports import services, tasks
from crm.exports.downloads import FileAction
from crm.exports.models import LONGEST_QUERY, Export
from crm.exports.views import file_of
from crm.people.permissions import needs


class ExportSerializer(serializers.ModelSerializer):
    title = serializers.CharField(read_only=True)
    error = serializers.CharField(source="error_text", read_only=True)

    class Meta:
        model = Export
        fields = ["id", "what", "title", "query", "language", "format", "state", "asked_at", "finished_at", "rows_done", "error"]
        read_only_fields = fields


class NewExportSerializer(serializers.Serializer):
    what = serializers.CharField(max_length=40, help_text="The kind of export, e.g. portfolio")
    query = serializers.CharField(
        max_length=LONGEST_QUERY, required=False, allow_blank=True, default="", help_text="The list's query string"
    )
    format = serializers.ChoiceField(choices=Export.Format.choices, default=Export.Format.XLSX)


class ExportViewSet(FileAction, viewsets.ReadOnlyModelViewSet):
    queryset = Export.objects.none()
    serializer_class = ExportSerializer
    permission_classes = [needs("crm.export")]
    sorts = {"id": "id"}
    default_sort = "-id"
    file_of = staticmethod(file_of)

    def get_queryset(self):
        return Export.objects.visible_to(self.request.user)

    @extend_schema(request=NewExportSerializer, responses={201: ExportSerializer})
    def create(self, request):
        """Ask for an export. 409 with a `code` when it cannot be had."""
        told = NewExportSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        export = services.ask(**told.validated_data, owner=request.user, language=get_language(), at=timezone.now())
        tasks.write.delay_on_commit(export.pk)
        return Response(ExportSerializer(export).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: ExportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        export = self.get_object()
        services.cancel(export=export, by=request.user, at=timezone.now())
        export.refresh_from_db()
        return Response(ExportSerializer(export).data)


ROUTES = [("exports", ExportViewSet, "export")]

"""Imports for programs: send a file, read what it would do, confirm, follow, fetch the wrong rows."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.imports import errors_file, services, showing, tasks
from crm.imports.filters import ImportFilter
from crm.imports.kinds import kind_of
from crm.imports.models import ImportBatch, ImportKind
from crm.people.models import Unit
from crm.people.permissions import needs


class ProblemSerializer(serializers.Serializer):
    row = serializers.IntegerField(help_text="As counted in the file: the header is row 1")
    field = serializers.CharField()
    value = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField(help_text="In the language of the request")


class ImportSerializer(serializers.ModelSerializer):
    message = serializers.SerializerMethodField(help_text="What happened to the whole file, in the language of the request")
    code = serializers.SerializerMethodField(help_text="The same for programs; empty when nothing is to be said")

    class Meta:
        model = ImportBatch
        fields = [
            "id", "kind", "file_name", "sha256", "unit", "all_or_nothing", "state", "uploaded_by", "uploaded_at", "started_at",
            "finished_at",
            "rows_total", "rows_done", "created", "updated", "unchanged", "failed", "code", "message",
        ]  # fmt: skip
        read_only_fields = fields

    def get_message(self, batch) -> str:
        return showing.message_of(batch)

    def get_code(self, batch) -> str:
        return batch.message.get("code", "")


class ImportWithProblems(ImportSerializer):
    problems = serializers.SerializerMethodField(help_text="The first of them; all are in `errors`")
    notes = serializers.SerializerMethodField()
    mapping = serializers.SerializerMethodField(help_text="Header in the file and the field it was taken for")

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "problems", "notes", "mapping"]
        read_only_fields = fields

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, batch):
        return ProblemSerializer(showing.problems_of(batch), many=True).data

    def get_notes(self, batch) -> list[str]:
        return showing.notes_of(batch)

    def get_mapping(self, batch) -> list[dict[str, str]]:
        return batch.preview.get("mapping", [])


class NewImportSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ImportKind.choices)
    file = serializers.FileField()
    unit = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.all(), required=False, allow_null=True, help_text="Unit code for new accounts"
    )
    all_or_nothing = serializers.BooleanField(default=False)


@extend_schema_view(retrieve=extend_schema(responses=ImportWithProblems))
class ImportViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = ImportBatch.objects.none()
    serializer_class = ImportSerializer
    permission_classes = [needs("crm.view_import", write="crm.import")]
    filterset_class = ImportFilter
    sorts = {"id": "id"}
    default_sort = "-id"

    def get_queryset(self):
        return ImportBatch.objects.visible_to(self.request.user)

    def get_serializer_class(self):
        return ImportWithProblems if self.action == "retrieve" else ImportSerializer

    def get_parsers(self):
        return [MultiPartParser()] if getattr(self, "action_map", {}).get("post") == "create" else super().get_parsers()

    @extend_schema(request={"multipart/form-data": NewImportSerializer}, responses={201: ImportSerializer})
    def create(self, request):
        """Send a file in. It is checked in the background; nothing is loaded before `confirm`.

        409 with a `code` when the whole file is refused.
        """
        told = NewImportSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        told = told.validated_data
        batch = services.receive(
            upload=told["file"], name=told["file"].name, kind=told["kind"], unit=told.get("unit"), all_or_nothing=told["all_or_nothing"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        tasks.check.delay_on_commit(batch.pk)
        return Response(ImportSerializer(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request, pk=None):
        """Load a checked file. 409 when it is under way already."""
        batch = self.get_object()
        services.confirm(batch=batch, by=request.user)
        tasks.load.delay_on_commit(batch.pk)
        return Response(ImportSerializer(batch).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def discard(self, request, pk=None):
        """Put a file away that was not loaded."""
        services.discard(batch=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True)
    def errors(self, request, pk=None):
        """All wrong rows as CSV: row, field, value, reason, then the row as it was."""
        batch = self.get_object()
        if not batch.failed:
            raise NotFound
        response = StreamingHttpResponse(
            errors_file.lines(batch, kind_of(batch.kind), get_language()), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-errors.csv"'
        return response


ROUTES = [("imports", ImportViewSet, "import")]

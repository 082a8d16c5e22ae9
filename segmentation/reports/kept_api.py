"""Files of reports and their monthly plans, for programs."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.exports.downloads import FileAction
from crm.people.models import User
from crm.people.permissions import needs
from segmentation.reports import services, tasks
from segmentation.reports.kept_forms import recipients_for
from segmentation.reports.kept_views import file_of
from segmentation.reports.models import LAST_DAY, LONGEST_NAME, Format, GeneratedReport, Kind, Language, ReportSchedule
from segmentation.reports.words_of_failure import why_not


class GeneratedReportSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", default=None, read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = GeneratedReport
        fields = [
            "id", "kind", "format", "language", "unit", "category", "tier", "segment", "state", "stage", "done", "of", "asked_at", "finished_at", "title",
            "as_of", "run", "inputs", "size", "sha256", "error", "schedule", "period",
        ]  # fmt: skip
        read_only_fields = fields

    def get_error(self, report) -> str:
        return why_not(report)


class AskedReportSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Kind.choices)
    format = serializers.ChoiceField(choices=Format.choices, default=Format.PPTX)
    language = serializers.ChoiceField(choices=Language.choices, default=Language.ENGLISH)
    unit = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=11, help_text="Code of a unit: it and what lies under it"
    )
    category = serializers.CharField(required=False, allow_blank=True, default="", max_length=20)
    tier = serializers.CharField(required=False, allow_blank=True, default="", max_length=10)
    segment = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_NAME)


class NewReportSerializer(AskedReportSerializer):
    as_of = serializers.DateField(required=False, allow_null=True, default=None, help_text="By the last run published as of that day")
    against = serializers.DateField(required=False, allow_null=True, default=None, help_text="The day the tier report compares with")


class ShareSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="By which the link can be taken back")
    path = serializers.CharField(help_text="Opens the file to who is signed in and may see as much as it holds")
    ends_at = serializers.DateTimeField()


class RevokeSerializer(serializers.Serializer):
    link = serializers.IntegerField(help_text="The `id` that sharing answered")


class GeneratedReportViewSet(FileAction, viewsets.ReadOnlyModelViewSet):
    """Your own reports; others' come by a link."""

    queryset = GeneratedReport.objects.none()
    serializer_class = GeneratedReportSerializer
    permission_classes = [needs("segmentation.view_report")]
    sorts = {"id": "id"}
    default_sort = "-id"
    file_of = staticmethod(file_of)

    def get_queryset(self):
        return GeneratedReport.objects.visible_to(self.request.user).select_related("unit")

    @extend_schema(request=NewReportSerializer, responses={201: GeneratedReportSerializer})
    def create(self, request):
        """Ask for a report; watch it under its id. 409 with a `code` when it cannot be had."""
        told = NewReportSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        report = services.ask(owner=request.user, at=timezone.now(), **told.validated_data)
        tasks.generate.delay_on_commit(report.pk)
        return Response(GeneratedReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: GeneratedReportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        report = self.get_object()
        services.cancel(report=report, by=request.user, at=timezone.now())
        report.refresh_from_db()
        return Response(GeneratedReportSerializer(report).data)

    @extend_schema(request=None, responses={201: GeneratedReportSerializer})
    @action(detail=True, methods=["post"])
    def again(self, request, pk=None):
        """The same once more, from the same run."""
        report = services.again(report=self.get_object(), at=timezone.now())
        tasks.generate.delay_on_commit(report.pk)
        return Response(GeneratedReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: ShareSerializer})
    @action(detail=True, methods=["post"])
    def share(self, request, pk=None):
        link = services.share(report=self.get_object(), by=request.user, at=timezone.now())
        return Response({"id": link.pk, "path": services.path_of(link), "ends_at": link.ends_at})

    @extend_schema(request=RevokeSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk=None):
        """Take one link back; the others stay good."""
        told = RevokeSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        link = get_object_or_404(self.get_object().links, pk=told.validated_data["link"])
        services.revoke(link=link, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReportScheduleSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", default=None, read_only=True)

    class Meta:
        model = ReportSchedule
        fields = [
            "id",
            "name",
            "kind",
            "format",
            "language",
            "unit",
            "category",
            "tier",
            "segment",
            "day",
            "recipients",
            "is_active",
            "made_for",
        ]
        read_only_fields = fields


class NewScheduleSerializer(AskedReportSerializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    day = serializers.IntegerField(min_value=1, max_value=LAST_DAY, default=3)
    recipients = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), many=True, allow_empty=False)

    def validate_recipients(self, people):
        """Only those whom the planner may name."""
        allowed = set(recipients_for(self.context["request"].user).filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True))
        if unknown := [one.pk for one in people if one.pk not in allowed]:
            raise serializers.ValidationError([f"{key}" for key in unknown], code="unknown_recipient")
        return people


class ReportScheduleViewSet(viewsets.ReadOnlyModelViewSet):
    """Reports made every month for named people, each under their own rights."""

    queryset = ReportSchedule.objects.none()
    serializer_class = ReportScheduleSerializer
    permission_classes = [needs("segmentation.schedule_report")]
    sorts = {"id": "id"}
    default_sort = "-id"

    def get_queryset(self):
        return ReportSchedule.objects.visible_to(self.request.user).select_related("unit").prefetch_related("recipients")

    @extend_schema(request=NewScheduleSerializer, responses={201: ReportScheduleSerializer})
    def create(self, request):
        told = NewScheduleSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        made = services.plan(by=request.user, at=timezone.now(), on=timezone.localdate(), **told.validated_data)
        return Response(ReportScheduleSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: ReportScheduleSerializer})
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        return self._switch(request, on=False)

    @extend_schema(request=None, responses={200: ReportScheduleSerializer})
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        return self._switch(request, on=True)

    def _switch(self, request, on):
        one = self.get_object()
        services.switch(schedule=one, by=request.user, on=on)
        one.refresh_from_db()
        return Response(ReportScheduleSerializer(one).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        services.end(schedule=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


ROUTES = [("kept-reports", GeneratedReportViewSet, "kept-report"), ("report-schedules", ReportScheduleViewSet, "report-schedule")]

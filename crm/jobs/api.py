"""The machinery for programs: how it stands, and failures with their retry."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.jobs import clockwork, queues, services, tasks
from crm.jobs.models import TaskFailure
from crm.people.permissions import check, needs


class QueueSerializer(serializers.Serializer):
    name = serializers.CharField()
    depth = serializers.IntegerField()
    oldest_asked_at = serializers.FloatField(allow_null=True, help_text="Seconds since 1970 when the first in line was asked for")


class BeatSerializer(serializers.Serializer):
    name, task, rhythm = (serializers.CharField() for _ in range(3))
    worked_at, next_at = (serializers.DateTimeField(allow_null=True) for _ in range(2))
    took_seconds = serializers.FloatField(allow_null=True)
    is_late = serializers.BooleanField()


class JobsSerializer(serializers.Serializer):
    broker_answers = serializers.BooleanField()
    in_hand = serializers.IntegerField(allow_null=True, help_text="Tasks taken by workers; null while the broker does not answer")
    queues = QueueSerializer(many=True)
    schedule = BeatSerializer(many=True)
    failures = serializers.IntegerField(help_text="Failures not settled")


class JobsViewSet(viewsets.ViewSet):
    """Queues with depth and age, and the schedule with last and next run. It answers while the broker is away, and says that it is."""

    permission_classes = [needs("crm.view_jobs")]
    pagination_class = None

    @extend_schema(responses=JobsSerializer, operation_id="jobs_state")
    def list(self, request):
        stands = queues.queues()
        told = {
            "broker_answers": stands is not None, "in_hand": stands and stands[1], "queues": stands[0] if stands else [],
            "schedule": clockwork.beats(timezone.now()), "failures": TaskFailure.objects.unresolved().count(),
        }  # fmt: skip
        return Response(JobsSerializer(told).data)


class FailureSerializer(serializers.ModelSerializer):
    class Meta:
        model = TaskFailure
        fields = ["id", "task", "arguments", "error", "times", "first_at", "at", "retry_asked_at", "retry_sent_at", "resolved_at"]
        read_only_fields = fields


class FailureWithTraceback(FailureSerializer):
    class Meta(FailureSerializer.Meta):
        fields = [*FailureSerializer.Meta.fields, "traceback"]
        read_only_fields = fields


class FailureViewSet(viewsets.ReadOnlyModelViewSet):
    """Tasks that failed, newest first. `retry` sends one again, once (409 when it was asked before or has worked since)."""

    queryset = TaskFailure.objects.none()
    serializer_class = FailureSerializer
    permission_classes = [needs("crm.view_jobs")]
    sorts = {"at": "at"}
    default_sort = "-at"

    def get_queryset(self):
        return TaskFailure.objects.visible_to(self.request.user)

    @extend_schema(responses=FailureWithTraceback)
    def retrieve(self, request, *args, **kwargs):
        return Response(FailureWithTraceback(self.get_object()).data)

    @extend_schema(request=None, responses=FailureWithTraceback)
    @action(detail=True, methods=["post"])
    def retry(self, request, pk=None):
        failure = self.get_object()
        check(request.user, "crm.retry_jobs")
        now = timezone.now()
        failure = services.retry(failure=failure, by=request.user, at=now)
        tasks.send(failure.pk, failure.task, failure.arguments, at=now)
        failure.refresh_from_db()
        return Response(FailureWithTraceback(failure).data)

    @extend_schema(request=None, responses=FailureWithTraceback)
    @action(detail=True, methods=["post"], url_path="put-away")
    def put_away(self, request, pk=None):
        failure = self.get_object()
        check(request.user, "crm.retry_jobs")
        return Response(FailureWithTraceback(services.put_away(failure=failure, by=request.user, at=timezone.now())).data)


ROUTES: list = [("jobs", JobsViewSet, "job"), ("job-failures", FailureViewSet, "job-failure")]

"""Visits, calls and tasks for programs."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.engagement import services
from crm.engagement.models import Engagement
from crm.lists.audiences import AudienceFilter
from crm.people.permissions import check, needs


class EngagementSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)
    by = serializers.CharField(source="by.username", default=None, read_only=True)

    class Meta:
        model = Engagement
        fields = [
            "id",
            "account",
            "account_number",
            "kind",
            "subject",
            "planned_on",
            "happened_on",
            "by",
            "notes",
            "next_action",
            "next_action_on",
            "satisfaction",
            "cancelled_at",
        ]
        read_only_fields = fields


class FinishSerializer(serializers.Serializer):
    happened_on = serializers.DateField()
    notes = serializers.CharField(required=False, allow_blank=True, default="")
    next_action = serializers.CharField(required=False, allow_blank=True, default="", max_length=160)
    next_action_on = serializers.DateField(required=False, allow_null=True, default=None)
    satisfaction = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)


class LogSerializer(FinishSerializer):
    account = serializers.IntegerField()
    kind = serializers.ChoiceField(Engagement.Kind.choices)
    subject = serializers.CharField(max_length=160)


class PlanSerializer(serializers.Serializer):
    account = serializers.IntegerField()
    kind = serializers.ChoiceField(Engagement.Kind.choices)
    subject = serializers.CharField(max_length=160)
    planned_on = serializers.DateField()
    notes = serializers.CharField(required=False, allow_blank=True, default="")


class EngagementFilter(django_filters.FilterSet):
    planned = django_filters.BooleanFilter(method="only_planned")
    by = django_filters.CharFilter(field_name="by__username")
    due_before = django_filters.DateFilter(method="planned_before")
    segment = AudienceFilter("segment")

    class Meta:
        model = Engagement
        fields = ["account", "kind", "planned", "by", "due_before"]

    def only_planned(self, engagements, name, yes):
        return engagements.planned() if yes else engagements.filter(happened_on__isnull=False)

    def planned_before(self, engagements, name, day):
        return engagements.planned().filter(planned_on__lt=day)


class EngagementViewSet(viewsets.ReadOnlyModelViewSet):
    """Visits, calls, seminars and tasks, newest first. Written by whoever looks after the account."""

    queryset = Engagement.objects.none()
    serializer_class = EngagementSerializer
    permission_classes = [needs("crm.view_account")]
    filterset_class = EngagementFilter
    sorts = {"id": "pk", "planned_on": "planned_on", "happened_on": "happened_on"}
    default_sort = "-id"

    def get_queryset(self):
        return Engagement.objects.visible_to(self.request.user).select_related("account", "by")

    def _values(self, serializer_class):
        form = serializer_class(data=self.request.data)
        form.is_valid(raise_exception=True)
        return form.validated_data

    def _account(self, pk):
        """404 when invisible, 403 when it is not theirs to look after."""
        user = self.request.user
        account = get_object_or_404(Account.objects.visible_to(user), pk=pk)
        check(user, "crm.log_visit")
        if not Account.objects.looked_after_by(user).filter(pk=account.pk).exists():
            raise PermissionDenied
        return account

    @extend_schema(request=LogSerializer, responses={201: EngagementSerializer})
    @action(detail=False, methods=["post"])
    def log(self, request):
        """A visit or call that took place."""
        check(request.user, "crm.log_visit")
        values = self._values(LogSerializer)
        account = self._account(values.pop("account"))
        made = services.log(account=account, by=request.user, today=timezone.localdate(), **values)
        return Response(self.get_serializer(made).data, status=201)

    @extend_schema(request=PlanSerializer, responses={201: EngagementSerializer})
    @action(detail=False, methods=["post"])
    def plan(self, request):
        """A visit, call or task to come; it stands on your desk on that day."""
        check(request.user, "crm.log_visit")
        values = self._values(PlanSerializer)
        account = self._account(values.pop("account"))
        return Response(self.get_serializer(services.plan(account=account, by=request.user, **values)).data, status=201)

    @extend_schema(request=FinishSerializer, responses=EngagementSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request, pk=None):
        """A planned one took place; 409 when it is already finished or cancelled."""
        engagement = self.get_object()
        self._account(engagement.account_id)
        done = services.finish(engagement=engagement, by=request.user, today=timezone.localdate(), **self._values(FinishSerializer))
        return Response(self.get_serializer(done).data)

    @extend_schema(request=None, responses=EngagementSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        """A planned one will not take place."""
        engagement = self.get_object()
        self._account(engagement.account_id)
        return Response(self.get_serializer(services.cancel(engagement=engagement, by=request.user, at=timezone.now())).data)


ROUTES: list = [("engagements", EngagementViewSet, "engagements")]

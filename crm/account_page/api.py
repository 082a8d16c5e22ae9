"""What the account page shows, for programs: the same charts, timeline, figures and alerts."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from crm.account_page.alerts import alerts_of
from crm.account_page.views import CHARTS, chart_of
from crm.accounts import services
from crm.accounts.api import AccountSerializer, AccountViewSet
from crm.accounts.models import Account
from crm.accounts.timeline import SOURCES, timeline
from crm.billing.statement import statement_of
from crm.people.masking import reader_of
from crm.people.models import User
from crm.people.permissions import check

BILL_CHARTS = ["bills", "composition"]


class EventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    source, title, text, tone, url, who = (serializers.CharField() for _ in range(6))


class TimelineSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = EventSerializer(many=True)


class AlertSerializer(serializers.Serializer):
    tone, text, url = (serializers.CharField() for _ in range(3))


class ArrearsSerializer(serializers.Serializer):
    on = serializers.DateField()
    arrears = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="Overdue, yuan")
    late_fee = serializers.DecimalField(
        max_digits=16, decimal_places=2, help_text="违约金 of what is overdue, as it stands on that day, yuan"
    )
    oldest_days = serializers.IntegerField(help_text="Days since the oldest due date still open")
    ageing = serializers.DictField(
        child=serializers.DecimalField(max_digits=16, decimal_places=2), help_text="Overdue yuan by days: 1-30, 31-60, 61-90, 90+"
    )


class CareSerializer(serializers.Serializer):
    """Sign-in names, or null for nobody; what is left out stays."""

    manager = serializers.SlugRelatedField("username", queryset=User.objects.all(), required=False, allow_null=True)
    representative = serializers.SlugRelatedField("username", queryset=User.objects.all(), required=False, allow_null=True)


class AccountPageViewSet(AccountViewSet):
    __doc__ = AccountViewSet.__doc__

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, url_path="usage-chart")
    def usage_chart(self, request, pk=None):
        """Monthly kWh by time band with last year's line, as `static/js/charts.js` draws it."""
        return self._chart("usage")

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[OpenApiParameter("view", enum=BILL_CHARTS, description="bills by month, or what 12 months are made of")],
    )
    @action(detail=True, url_path="bill-chart")
    def bill_chart(self, request, pk=None):
        """Bills by part, in yuan by month or as shares of twelve months."""
        view = request.query_params.get("view", "bills")
        if view not in BILL_CHARTS:
            raise NotFound(f"There is no chart {view!r}: use one of {', '.join(BILL_CHARTS)}.")
        return self._chart(view)

    def _chart(self, which):
        account = self.get_object()
        check(self.request.user, "crm.view_billing")
        assert which in CHARTS
        return Response(chart_of(account, self.request.user, which))

    @extend_schema(responses=TimelineSerializer, parameters=[OpenApiParameter("cursor"), OpenApiParameter("kind", many=True)])
    @action(detail=True)
    def timeline(self, request, pk=None):
        """Everything that happened around the account, newest first; `kind` limits it to some sources."""
        account = self.get_object()
        kinds = [kind for kind in request.query_params.getlist("kind") if kind in SOURCES]
        events, following = timeline(account, reader=reader_of(request), cursor=request.query_params.get("cursor", ""), kinds=kinds)
        link = replace_query_param(request.build_absolute_uri(), "cursor", following) if following else None
        return Response({"next": link, "results": EventSerializer(events, many=True).data})

    @extend_schema(responses=AlertSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def alerts(self, request, pk=None):
        """Running clocks, arrears, penalties, contract end and safety, worst first."""
        now = timezone.now()
        alerts = alerts_of(self.get_object(), user=request.user, at=now, today=timezone.localdate(now))
        return Response(AlertSerializer(alerts, many=True).data)

    @extend_schema(responses=ArrearsSerializer)
    @action(detail=True)
    def arrears(self, request, pk=None):
        """What is overdue today, by age, with the late fee."""
        account = self.get_object()
        check(request.user, "crm.view_billing")
        return Response(ArrearsSerializer(statement_of(account, on=timezone.localdate())).data)

    @extend_schema(request=CareSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def care(self, request, pk=None):
        """Who looks after it: supervisors and administrators give the `manager`, the account's manager and supervisors the `representative`."""
        account = self.get_object()
        form = CareSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        people = form.validated_data
        may_edit = Account.objects.looked_after_by(request.user).filter(pk=account.pk).exists()
        if (
            ("representative" in people and not may_edit)
            or ("manager" in people and not request.user.has_perm("crm.assign_manager"))
            or not people
        ):
            raise PermissionDenied
        services.save_care(account=account, by=request.user, **people)
        return Response(AccountSerializer(self.get_queryset().get(pk=account.pk), context=self.get_serializer_context()).data)


ROUTES: list = [("accounts", AccountPageViewSet, "accounts")]

"""The load of an account for programs. Readings go in through `/api/v1/imports/` as kind `readings`."""

from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import needs
from segmentation.readings import curve, days, services


class LoadSerializer(serializers.Serializer):
    account = serializers.IntegerField()
    first = serializers.DateField(allow_null=True, help_text="First day of the last 13 months with readings")
    last = serializers.DateField(allow_null=True)
    days = serializers.IntegerField()
    kwh = serializers.FloatField(help_text="Delivered in the known intervals of these days")
    load_factor = serializers.FloatField(allow_null=True, help_text="Mean over peak power, 0 to 1")
    peak_kw = serializers.FloatField(allow_null=True)
    peak_day = serializers.DateField(allow_null=True)
    peak_clock = serializers.CharField(help_text="When the highest interval began; empty without readings")
    night_kw = serializers.FloatField(allow_null=True, help_text="Middle of the lowest power of each night, midnight to six")
    day = serializers.DateField(allow_null=True, help_text="The day whose curve follows: the one asked for, or the latest")
    minutes = serializers.IntegerField(allow_null=True, help_text="Length of its intervals")
    kw = serializers.ListField(child=serializers.FloatField(allow_null=True), help_text="Mean power of each interval; null: not known")


class LoadViewSet(viewsets.GenericViewSet):
    """Interval readings of one account: what its curve says, and one day of it."""

    queryset = Account.objects.all()
    serializer_class = LoadSerializer
    permission_classes = [needs("crm.view_billing")]
    filter_backends: list = []

    @extend_schema(parameters=[OpenApiParameter("day", OpenApiTypes.DATE)])
    def retrieve(self, request, pk=None):
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        load = services.load_of(account_id=account.pk, day=_day(request.query_params.get("day", "")))
        facts = load.facts() if load.has_readings else curve.facts(load.delivered)
        chosen = load.of_day(load.day) if load.day else load.delivered.of([])
        kw = curve.powers_kw(chosen)[0, : int(chosen.slots[0])] if len(chosen) else []
        told = {name: getattr(facts, name) for name in ("days", "kwh", "load_factor", "peak_kw", "peak_day", "night_kw")} | {
            "account": account.pk, "peak_clock": services.peak_clock(facts), "day": load.day,
            "first": days.day_of(load.delivered.day[0]) if load.has_readings else None,
            "last": days.day_of(load.delivered.day[-1]) if load.has_readings else None,
            "minutes": int(chosen.minutes[0]) if len(chosen) else None, "kw": [None if each != each else float(each) for each in kw],
        }  # fmt: skip
        return Response(LoadSerializer(told).data)


def _day(text):
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError({"day": ["YYYY-MM-DD"]})
    return found


ROUTES = [("loads", LoadViewSet, "load")]

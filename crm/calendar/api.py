"""The working calendar for programs."""

import django_filters as filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.calendar import services
from crm.calendar.models import CalendarDay, CalendarYear
from crm.people.permissions import needs


class CalendarDayFilter(filters.FilterSet):
    year = filters.NumberFilter(field_name="day", lookup_expr="year", min_value=2000, max_value=2100, decimal_places=0)
    from_day = filters.DateFilter(field_name="day", lookup_expr="gte")

    class Meta:
        model = CalendarDay
        fields = ["is_working"]


class CalendarDaySerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarDay
        fields = ["day", "is_working", "note"]
        read_only_fields = ["day"]


class CalendarDayViewSet(viewsets.ReadOnlyModelViewSet):
    """Every day of the loaded years: worked or off."""

    queryset = CalendarDay.objects.all()
    serializer_class = CalendarDaySerializer
    permission_classes = [needs("crm.view_account", write="crm.edit_calendar")]
    filterset_class = CalendarDayFilter
    lookup_value_regex = r"\d{4}-\d{2}-\d{2}"
    sorts = {"day": "day"}
    default_sort = "day"

    @extend_schema(request=CalendarDaySerializer, responses=CalendarDaySerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Say whether the day is worked."""
        wanted = CalendarDaySerializer(self.get_object(), data=request.data)
        wanted.is_valid(raise_exception=True)
        told = {"is_working": wanted.validated_data["is_working"], "note": wanted.validated_data.get("note", "")}
        return Response(CalendarDaySerializer(services.set_day(day=wanted.instance.day, **told, by=request.user)).data)


class CalendarYearSerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarYear
        fields = ["year", "source"]
        read_only_fields = fields


class NewYearSerializer(serializers.Serializer):
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    days_off = serializers.ListField(child=serializers.DateField(), default=list)
    days_worked = serializers.ListField(child=serializers.DateField(), default=list)
    source = serializers.CharField(max_length=120)


class MissingYearsSerializer(serializers.Serializer):
    years = serializers.ListField(child=serializers.IntegerField())


class CalendarYearViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Loaded years. A year that is not here is never guessed: clocks that run into it have no due time until it is loaded."""

    queryset = CalendarYear.objects.all()
    serializer_class = CalendarYearSerializer
    permission_classes = [needs("crm.view_account", write="crm.edit_calendar")]
    sorts = {"year": "year"}
    default_sort = "year"

    @extend_schema(responses=MissingYearsSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def missing(self, request):
        """Years that clocks started today may run into and that nobody has loaded; empty when all is well."""
        return Response({"years": CalendarYear.objects.missing_from(timezone.localdate())})

    @extend_schema(request=NewYearSerializer, responses={201: CalendarYearSerializer})
    def create(self, request):
        """Load a year: weekends off and weekdays worked, save the days listed."""
        wanted = NewYearSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        year = services.load_year(**wanted.validated_data, by=request.user)
        return Response(CalendarYearSerializer(year).data, status=status.HTTP_201_CREATED)


ROUTES = [("calendar-days", CalendarDayViewSet, "calendar-day"), ("calendar-years", CalendarYearViewSet, "calendar-year")]

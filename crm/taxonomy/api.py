"""The words tickets are sorted by, for programs."""

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from crm.people.permissions import check, needs
from crm.taxonomy import labels, services
from crm.taxonomy.models import Aspect, Term


class TermSerializer(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ["id", "aspect", "under", "code", "name", "name_en", "position", "is_active", "fixed"]
        read_only_fields = ["fixed"]

    def validate(self, data):
        if data.get("aspect") == Aspect.TOPIC and data.get("under") not in dict(labels.choices("class")):
            raise ValidationError({"under": f"The class of the topic: {', '.join(dict(labels.choices('class')))}."})
        if data.get("aspect", Aspect.TOPIC) != Aspect.TOPIC and data.get("under"):
            raise ValidationError({"under": "Only a topic stands under a class."})
        return data


class TermChange(serializers.ModelSerializer):
    """Any of the fields; what is left out stays. Codes are never changed."""

    class Meta:
        model = Term
        fields = ["name", "name_en", "position", "is_active"]
        extra_kwargs = {"name": {"required": False}}


class TermFilter(filters.FilterSet):
    aspect = filters.ChoiceFilter(choices=Aspect)
    under = filters.CharFilter()

    class Meta:
        model = Term
        fields = []


class TermViewSet(viewsets.ReadOnlyModelViewSet):
    """Kinds, the five classes of 95598, topics under them, root causes."""

    queryset = Term.objects.none()
    serializer_class = TermSerializer
    permission_classes = [needs("crm.view_ticket")]
    filterset_class = TermFilter
    sorts = {"id": "pk"}
    default_sort = "id"

    def get_queryset(self):
        return Term.objects.all()

    @extend_schema(request=TermSerializer, responses={201: TermSerializer})
    def create(self, request):
        """Add a kind, topic or cause."""
        check(request.user, "crm.edit_desk")
        asked = TermSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = {name: value for name, value in asked.validated_data.items() if name != "is_active"}
        return Response(TermSerializer(services.add(**data, by=request.user)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TermChange, responses=TermSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Rename, move, take off, offer again."""
        check(request.user, "crm.edit_desk")
        term = self.get_object()
        asked = TermChange(term, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return Response(TermSerializer(services.change(term=term, by=request.user, **asked.validated_data)).data)


ROUTES = [("terms", TermViewSet, "term")]

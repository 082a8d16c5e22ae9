"""People and units for programs."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people import services
from crm.people.filters import PersonFilter, UnitFilter
from crm.people.models import Unit, User
from crm.people.permissions import check, needs
from crm.people.roles import PERMISSIONS


class UnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ["id", "code", "name", "name_en", "kind", "parent"]
        read_only_fields = fields


class UnitViewSet(viewsets.ReadOnlyModelViewSet):
    """供电单位. CIM: Organisation. `under` takes a code: that unit and everything below it."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    permission_classes = [needs("crm.view_account")]
    filterset_class = UnitFilter
    sorts = {"code": "code"}
    default_sort = "code"

    def get_queryset(self):
        return Unit.objects.within_reach_of(self.request.user)


class PersonSerializer(serializers.ModelSerializer):
    unit = UnitSerializer(read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "full_name", "full_name_en", "title", "role", "unit", "is_active", "last_login"]
        read_only_fields = fields


class MeSerializer(PersonSerializer):
    permissions = serializers.SerializerMethodField()

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "permissions"]
        read_only_fields = fields

    def get_permissions(self, person) -> list[str]:
        return sorted(PERMISSIONS.get(person.role, ()))


class PersonChange(serializers.ModelSerializer):
    """Any of the fields; what is left out stays."""

    class Meta:
        model = User
        fields = ["full_name", "full_name_en", "title", "phone", "role", "unit", "is_active"]

    def validate(self, values):
        role, unit = values.get("role", self.instance.role), values.get("unit", self.instance.unit)
        if role in ("manager", "supervisor") and unit is None:
            raise serializers.ValidationError({"unit": _("A customer manager or supervisor works for a unit. Choose one.")})
        return values


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    """Colleagues: everyone to administrators, their own subtree to supervisors. `me` is open to every role."""

    queryset = User.objects.none()
    serializer_class = PersonSerializer
    permission_classes = [needs("crm.view_account")]
    filterset_class = PersonFilter
    sorts = {"name": "username", "unit": "unit__code"}
    default_sort = "name"

    def get_queryset(self):
        check(self.request.user, "crm.view_people")
        return User.objects.visible_to(self.request.user).select_related("unit")

    @extend_schema(responses=MeSerializer)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def me(self, request):
        """Who you are here, and what your role may do."""
        return Response(MeSerializer(request.user, context=self.get_serializer_context()).data)

    @extend_schema(request=PersonChange, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Name, position, role, unit, whether they may sign in (administrators)."""
        person = self.get_object()
        check(request.user, "crm.edit_people")
        form = PersonChange(person, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = services.change_person(person=person, by=request.user, values=form.validated_data)
        return Response(self.get_serializer(changed).data)


ROUTES: list = [("people", PersonViewSet, "people"), ("units", UnitViewSet, "units")]

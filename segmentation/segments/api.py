"""Segments for programs: save, count before saving, members."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.masking import reader_of
from crm.people.permissions import check, needs
from segmentation.groups.models import BehaviourGroup
from segmentation.segments import judged, services
from segmentation.segments.fields import catalogue, described
from segmentation.segments.models import Segment
from segmentation.segments.shown import history, in_words, sizes_seen
from segmentation.segments.words import sentence

RULE_HELP = 'Nested {"all": [..]}, {"any": [..]}, {"not": ..} and conditions {"field", "is", "value"}; fields: GET segments/fields/'


class SegmentSerializer(serializers.ModelSerializer):
    """`accounts`: how many of its members you see."""

    words = serializers.SerializerMethodField(help_text="The rule as a sentence in the reader's language")
    accounts = serializers.SerializerMethodField()

    class Meta:
        model = Segment
        fields = ["id", "name", "note", "owner", "shared", "kind", "rule", "words", "run", "counted_at", "error", "accounts"]
        read_only_fields = fields

    @extend_schema_field(str)
    def get_words(self, segment):
        if "catalogue" not in self.context:
            self.context["catalogue"] = catalogue()
        return in_words(segment.rule, self.context["catalogue"])

    @extend_schema_field(int)
    def get_accounts(self, segment):
        if "sizes" not in self.context:
            several = self.parent.instance if self.parent else [segment]
            self.context["sizes"] = sizes_seen(several, self.context["request"].user)
        return self.context["sizes"].get(segment.pk, 0)


class NewSegmentSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=Segment.Kind.choices, default=Segment.Kind.LIVING)
    shared = serializers.BooleanField(default=False)
    rule = serializers.JSONField(help_text=RULE_HELP)


class SegmentOfGroupSerializer(serializers.Serializer):
    group = serializers.PrimaryKeyRelatedField(queryset=BehaviourGroup.objects.none(), help_text="A behaviour group that stands")
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="", help_text="Left out: the group's name")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=Segment.Kind.choices, default=Segment.Kind.LIVING)
    shared = serializers.BooleanField(default=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if (request := self.context.get("request")) is not None:
            self.fields["group"].queryset = BehaviourGroup.objects.visible_to(request.user)


class RuleSerializer(serializers.Serializer):
    rule = serializers.JSONField(help_text=RULE_HELP)


class CountSerializer(serializers.Serializer):
    accounts = serializers.IntegerField(help_text="Those you see that meet the rule")
    of = serializers.IntegerField(help_text="Those you see")
    revenue_12m_fen = serializers.IntegerField(help_text="Billed to them in the last 12 complete months")
    words = serializers.CharField()


class FieldSerializer(serializers.Serializer):
    name = serializers.CharField()
    topic = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField(help_text="number, choice, flag or unit: what it may be asked")
    unit = serializers.CharField(help_text="Of the numbers in a rule: yuan, %, kWh …")
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), help_text="[value, label]")


class SegmentSizeSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="Of the run")
    as_of = serializers.DateField()
    members = serializers.IntegerField()
    joined = serializers.IntegerField()
    left = serializers.IntegerField()


class MemberSerializer(serializers.ModelSerializer):
    customer = serializers.SerializerMethodField(help_text="Masked as the reader's role asks")

    class Meta:
        model = Account
        fields = ["id", "number", "customer", "category"]

    @extend_schema_field(str)
    def get_customer(self, account):
        return reader_of(self.context["request"]).name(account.customer)


class SegmentViewSet(viewsets.ReadOnlyModelViewSet):
    """Your segments and those shared with everyone. `members`: those you see."""

    queryset = Segment.objects.none()
    serializer_class = SegmentSerializer
    permission_classes = [needs("segmentation.view_segment", write="segmentation.edit_segment")]
    filterset_fields = ["kind", "shared", "owner"]
    sorts = {"name": "name", "id": "pk"}
    default_sort = "name"

    def get_queryset(self):
        return Segment.objects.visible_to(self.request.user).select_related("owner")

    @extend_schema(request=NewSegmentSerializer, responses={201: SegmentSerializer})
    def create(self, request):
        made = services.create(**self._told(NewSegmentSerializer), by=request.user, at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SegmentOfGroupSerializer, responses={201: SegmentSerializer})
    @action(detail=False, methods=["post"])
    def of_group(self, request):
        """A behaviour group as a segment, which finds its members again after every run and every grouping."""
        made = services.create_of_group(**self._told(SegmentOfGroupSerializer), by=request.user, at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewSegmentSerializer, responses=SegmentSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        segment = self._changeable()
        return self._answer(services.edit(segment=segment, **self._told(NewSegmentSerializer), by=request.user, at=timezone.now()))

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(detail=True, methods=["post"])
    def freeze(self, request, pk=None):
        return self._answer(services.freeze(segment=self._changeable(), by=request.user))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        services.remove(segment=self._changeable(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RuleSerializer, responses=CountSerializer)
    @action(detail=False, methods=["post"])
    def count(self, request):
        rule = services.read_rule(self._told(RuleSerializer)["rule"])
        found = judged.count(rule=rule, user=request.user, run=judged.run_in_force())
        answer = {"accounts": found.accounts, "of": found.of, "revenue_12m_fen": found.revenue_fen, "words": sentence(rule, catalogue())}
        return Response(CountSerializer(answer).data)

    @extend_schema(responses=FieldSerializer(many=True))
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def fields(self, request):
        return Response(described())

    @extend_schema(responses=SegmentSizeSerializer(many=True))
    @action(detail=True, filterset_fields=None, pagination_class=None)
    def sizes(self, request, pk=None):
        return Response(SegmentSizeSerializer(history(self.get_object(), request.user), many=True).data)

    @extend_schema(responses=MemberSerializer(many=True))
    @action(detail=True, serializer_class=MemberSerializer, filterset_fields=None, sorts={"id": "pk"}, default_sort="id")
    def members(self, request, pk=None):
        check(request.user, "crm.view_account")
        page = self.paginate_queryset(self.get_object().accounts_visible_to(request.user).select_related("customer"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _told(self, kind):
        told = kind(data=self.request.data, context={"request": self.request})
        told.is_valid(raise_exception=True)
        return told.validated_data

    def _changeable(self):
        segment = self.get_object()
        if not segment.may_be_changed_by(self.request.user):
            raise PermissionDenied
        return segment

    def _answer(self, segment):
        return Response(self.get_serializer(segment).data)


ROUTES = [("segments", SegmentViewSet, "segment")]

"""Groups for programs."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.lists.audiences import AudienceFilter
from crm.people.permissions import needs
from segmentation.engine.groups import rules_in_words
from segmentation.groups import services, words
from segmentation.groups.models import BehaviourGroup, Grouping, Membership


class GroupSerializer(serializers.ModelSerializer):
    name_en = serializers.SerializerMethodField()
    name_zh = serializers.SerializerMethodField()
    rules_en = serializers.SerializerMethodField(
        help_text="Who belongs: each rule with the share of the group it holds and how often it is right"
    )
    rules_zh = serializers.SerializerMethodField()

    class Meta:
        model = BehaviourGroup
        fields = ["id", "kind", "number", "name_en", "name_zh", "size", "retired", "columns", "centre", "rules_en", "rules_zh"]

    @extend_schema_field(str)
    def get_name_en(self, group):
        return group.called("en")

    @extend_schema_field(str)
    def get_name_zh(self, group):
        return group.called("zh-hans")

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_rules_en(self, group):
        return rules_in_words(group.rules, "en")

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_rules_zh(self, group):
        return rules_in_words(group.rules, "zh-hans")


class NameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=60, allow_blank=True, help_text="Empty: named after its shape again")


class GroupViewSet(viewsets.ReadOnlyModelViewSet):
    """Ways of using power. A number is a group's for good, whatever it is called."""

    queryset = BehaviourGroup.objects.none()
    serializer_class = GroupSerializer
    permission_classes = [needs("segmentation.view_group", write="segmentation.edit_group")]
    filterset_fields = ["kind", "retired"]

    def get_queryset(self):
        return BehaviourGroup.objects.visible_to(self.request.user)

    @extend_schema(request=NameSerializer, responses=GroupSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request, pk=None):
        group, asked = self.get_object(), NameSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(self.get_serializer(services.rename(group=group, name=asked.validated_data["name"], by=request.user)).data)


class GroupingSerializer(serializers.ModelSerializer):
    reason = serializers.SerializerMethodField(help_text="Why there are no groups and what to do, in the reader's language")

    class Meta:
        model = Grouping
        fields = [
            "id", "run", "kind", "state", "in_force", "at", "seconds", "accounts", "left_out", "by_rule", "k", "silhouette", "davies_bouldin",
            "fidelity", "stability", "tried", "reason",
        ]  # fmt: skip

    @extend_schema_field(str)
    def get_reason(self, grouping):
        return words.why_not(grouping)


class GroupingViewSet(viewsets.ReadOnlyModelViewSet):
    """What each grouping of each run came to: every number of groups that was tried, or why there are none."""

    queryset = Grouping.objects.none()
    serializer_class = GroupingSerializer
    permission_classes = [needs("segmentation.view_group")]
    filterset_fields = ["run", "kind", "state", "in_force"]

    def get_queryset(self):
        return Grouping.objects.visible_to(self.request.user)


class MembershipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Membership
        fields = ["account", "monthly", "bands", "daily", "ruled"]


class MembershipFilter(django_filters.FilterSet):
    account = django_filters.NumberFilter()
    monthly = django_filters.NumberFilter()
    bands = django_filters.NumberFilter()
    daily = django_filters.NumberFilter()
    segment = AudienceFilter("segment")

    class Meta:
        model = Membership
        fields: list = []


class MembershipViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The groups of accounts by number, one column a grouping. `ruled`: a bit for each (monthly 1, bands 2, daily 4) that an expert rule settled."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    permission_classes = [needs("segmentation.view_standing")]
    filterset_class = MembershipFilter
    sorts = {"account": "account_id"}
    default_sort = "account"
    sort_tie = "account_id"

    def get_queryset(self):
        return Membership.objects.visible_to(self.request.user)


ROUTES = [
    ("groups", GroupViewSet, "group"),
    ("groupings", GroupingViewSet, "grouping"),
    ("memberships", MembershipViewSet, "membership"),
]

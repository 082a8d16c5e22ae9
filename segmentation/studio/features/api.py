"""Features for programs: how each is spread, and an account's own with its place among peers."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import needs
from segmentation.runs.models import Run
from segmentation.studio.features import reading, shown
from segmentation.studio.features.views import scope_of


class SpreadSerializer(serializers.Serializer):
    category = serializers.CharField(allow_blank=True)
    accounts = serializers.IntegerField()
    missing = serializers.FloatField(help_text="Share of the accounts of which it is not known")
    quantiles = serializers.ListField(
        child=serializers.FloatField(allow_null=True), help_text="At 5, 25, 50, 75 and 95 %, in the feature's unit"
    )


class ProfileSerializer(serializers.Serializer):
    name = serializers.CharField()
    unit = serializers.CharField()
    meaning = serializers.CharField(help_text="In the reader's language")
    missing = serializers.FloatField(allow_null=True)
    psi = serializers.FloatField(allow_null=True, help_text="Drift against the run before; from 0.25 it is another population")
    used = serializers.ListField(child=serializers.CharField())


class WholeProfileSerializer(ProfileSerializer):
    spread = SpreadSerializer(many=True)


class FeatureProfileViewSet(viewsets.ViewSet):
    """Every feature of the run in force: what is missing, how it drifts, where it is used; one of them with its spread by category."""

    permission_classes = [needs("segmentation.view_run")]
    lookup_value_regex = "[a-z0-9_]+"

    def _listed(self, request):
        run = Run.objects.visible_to(request.user).in_force()
        return run, shown.listed(run, reading.earlier_than(run) if run else None, scope_of(request.user))

    @extend_schema(responses=ProfileSerializer(many=True))
    def list(self, request):
        return Response(ProfileSerializer(self._listed(request)[1], many=True).data)

    @extend_schema(
        responses=WholeProfileSerializer, parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="Its name")]
    )
    def retrieve(self, request, pk=None):
        run, rows = self._listed(request)
        found = next((row for row in rows if row["name"] == pk), None)
        if found is None:
            raise Http404(pk)
        try:
            spread = reading.spread(run, pk, scope_of(request.user)) if run else []
        except reading.FilesGone:
            spread = []
        return Response(WholeProfileSerializer(found | {"spread": spread}).data)


class OwnFeatureSerializer(serializers.Serializer):
    name = serializers.CharField()
    unit = serializers.CharField()
    meaning = serializers.CharField(help_text="In the reader's language")
    value = serializers.JSONField(help_text="Null: unknown")
    percentile = serializers.FloatField(allow_null=True, help_text="0 to 100 among the accounts of its category, mid-rank")


class AccountFeatureViewSet(viewsets.ViewSet):
    """Every feature of one account by the run in force, with its place among its peers. Empty when it was not judged."""

    permission_classes = [needs("segmentation.view_standing")]

    @extend_schema(
        responses=OwnFeatureSerializer(many=True),
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH, description="The account")],
    )
    def retrieve(self, request, pk=None):
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk if str(pk).isdigit() else 0)
        return Response(OwnFeatureSerializer(shown.of_account(account.pk, Run.objects.in_force())[0], many=True).data)


ROUTES = [
    ("feature-profiles", FeatureProfileViewSet, "feature-profile"),
    ("account-features", AccountFeatureViewSet, "account-feature"),
]

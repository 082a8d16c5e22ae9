"""Where accounts stand, for programs: the portfolio's filters and sorts."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from crm.people.masking import reader_of
from crm.people.permissions import needs
from segmentation.engine.explain import reasons_of, words
from segmentation.portfolio.columns import DEFAULT_SORT, SORTS
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing
from segmentation.runs.words import why_unscored


class StandingSerializer(serializers.ModelSerializer):
    """Where one account stands. Empty scores: not scored, which is its own answer."""

    number = serializers.CharField(source="account.number")
    category = serializers.CharField(source="account.category")
    unit = serializers.CharField(source="account.unit.code")
    manager = serializers.IntegerField(source="account.manager_id", allow_null=True)
    customer = serializers.SerializerMethodField(help_text="Masked as the reader's role asks")
    headline = serializers.SerializerMethodField(help_text="The one thing to know, in the reader's language; empty when there is nothing")

    class Meta:
        model = Standing
        fields = [
            "account", "number", "customer", "category", "unit", "manager", "run", "tier", "tier_before", "value_score", "value_delta",
            "current_score", "potential_score", "quadrant", "credit_score", "credit_grade", "risk_score", "risk_model", "risk_band", "risk_outcome",
            "usage_state", "kwh_12m", "revenue_12m_fen", "growth", "arrears_fen", "spark_kwh", "headline",
        ]  # fmt: skip

    @extend_schema_field(str)
    def get_customer(self, standing):
        return reader_of(self.context["request"]).name(standing.account.customer)

    @extend_schema_field(str)
    def get_headline(self, standing):
        return words(standing.headline, self.context["request"].LANGUAGE_CODE).get("headline", "")


class StandingWithReasonsSerializer(StandingSerializer):
    reasons = serializers.SerializerMethodField(help_text="Codes, contributions in points, numbers")
    unscored = serializers.SerializerMethodField(help_text="Why it has no tier, in the reader's language; empty where it has one")
    words_en = serializers.SerializerMethodField(help_text="The reasons as English sentences")
    words_zh = serializers.SerializerMethodField(help_text="The reasons as Chinese sentences")

    class Meta(StandingSerializer.Meta):
        fields = [*StandingSerializer.Meta.fields, "reasons", "unscored", "words_en", "words_zh"]

    @extend_schema_field(dict)
    def get_reasons(self, standing):
        return reasons_of(standing.reasons) if standing.reasons else {}

    def get_unscored(self, standing) -> str:
        return why_unscored(standing)

    @extend_schema_field(dict)
    def get_words_en(self, standing):
        return words(standing.reasons, "en") if standing.reasons else {}

    @extend_schema_field(dict)
    def get_words_zh(self, standing):
        return words(standing.reasons, "zh-hans") if standing.reasons else {}


class StandingViewSet(viewsets.ReadOnlyModelViewSet):
    """Accounts you may see with where they stand; one account's with its reasons in both languages. Unscored: empty scores."""

    permission_classes = [needs("segmentation.view_standing")]
    queryset = Standing.objects.none()
    filterset_class = StandingFilter
    sorts = SORTS | {"account": "account_id"}
    default_sort = DEFAULT_SORT
    sort_tie = "account_id"

    def get_serializer_class(self):
        return StandingWithReasonsSerializer if self.action == "retrieve" else StandingSerializer

    def get_queryset(self):
        standings = Standing.objects.visible_to(self.request.user).select_related("account__customer", "account__unit")
        return standings if self.action == "retrieve" else standings.defer("reasons")


ROUTES = [("standings", StandingViewSet, "standing")]

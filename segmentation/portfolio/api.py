"""The portfolio for programs: the page's filters and sorts."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from crm.people.masking import reader_of
from crm.people.permissions import needs
from segmentation.engine.explain import words
from segmentation.portfolio.columns import DEFAULT_SORT, SORTS
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing


class PortfolioRowSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="account.number")
    category = serializers.CharField(source="account.category")
    unit = serializers.CharField(source="account.unit.code")
    manager = serializers.IntegerField(source="account.manager_id", allow_null=True)
    customer = serializers.SerializerMethodField(help_text="Masked as the reader's role asks")
    reasons = serializers.SerializerMethodField(help_text="In words of the reader's language")

    class Meta:
        model = Standing
        fields = [
            "account", "number", "customer", "category", "unit", "manager", "run", "tier", "tier_before", "value_score", "value_delta",
            "current_score", "potential_score", "quadrant", "credit_score", "credit_grade", "risk_score", "risk_band", "risk_outcome",
            "usage_state", "kwh_12m", "revenue_12m_fen", "growth", "arrears_fen", "spark_kwh", "reasons",
        ]  # fmt: skip

    @extend_schema_field(str)
    def get_customer(self, standing):
        return reader_of(self.context["request"]).name(standing.account.customer)

    @extend_schema_field(dict)
    def get_reasons(self, standing):
        return words(standing.reasons, self.context["request"].LANGUAGE_CODE) if standing.reasons else {}


class PortfolioViewSet(viewsets.ReadOnlyModelViewSet):
    """Accounts you may see with where they stand; tier and risk with their reasons. An unscored account has empty scores."""

    permission_classes = [needs("segmentation.view_standing")]
    queryset = Standing.objects.none()
    serializer_class = PortfolioRowSerializer
    filterset_class = StandingFilter
    sorts = SORTS
    default_sort = DEFAULT_SORT
    sort_tie = "account_id"

    def get_queryset(self):
        return Standing.objects.visible_to(self.request.user).select_related("account__customer", "account__unit")


ROUTES = [("portfolio", PortfolioViewSet, "portfolio")]

"""The portfolio as a file: the page's filters and sort, every row, masked as the page masks."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.exports.registry import Asker
from crm.exports.registry import register as register_export
from crm.people.masking import Reader
from segmentation.engine.explain import words
from segmentation.portfolio.columns import DEFAULT_SORT, SORTS
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing

COLUMNS = (
    _("Account"), _("Customer"), _("Unit"), _("Customer manager"), _("Category"), _("Tier"), _("Value"), _("Current value"), _("Potential value"),
    _("Quadrant"), _("Credit"), _("Early warning"), _("Risk band"), _("Use"), _("kWh, 12 months"), _("Revenue, 12 months, yuan"), _("Growth"),
    _("Arrears, yuan"), _("What to know"),
)  # fmt: skip
CHUNK = 2000


def rows(user, query, language):
    """A tuple per account, streamed by the server's cursor."""
    found = StandingFilter(QueryDict(query), Standing.objects.visible_to(user), request=Asker(user)).qs
    wanted = QueryDict(query).get("sort") or DEFAULT_SORT
    name = wanted.removeprefix("-")
    column = SORTS.get(name, SORTS[DEFAULT_SORT.removeprefix("-")])
    order = f"-{column}" if wanted.startswith("-") else column
    reader = Reader(user=user)
    related = found.select_related("account__customer", "account__unit", "account__manager").order_by(order, "account_id")
    for standing in related.iterator(chunk_size=CHUNK):
        yield _row(standing, reader, language)


def _row(standing, reader, language):
    account = standing.account
    fen = lambda value: None if value is None else value / 100  # noqa: E731
    return (
        account.number, reader.name(account.customer), str(account.unit), str(account.manager or ""), account.get_category_display(),
        standing.get_tier_display(), standing.value_score, standing.current_score, standing.potential_score, standing.get_quadrant_display(),
        standing.credit_grade, standing.risk_score, standing.get_risk_band_display(), standing.get_usage_state_display(), standing.kwh_12m,
        fen(standing.revenue_12m_fen), standing.growth, fen(standing.arrears_fen),
        words(standing.headline, language).get("headline", "") if standing.headline else "",
    )  # fmt: skip


def register():
    """Called once when the app starts."""
    register_export("portfolio", _("Portfolio"), COLUMNS, rows, permission="segmentation.view_standing")

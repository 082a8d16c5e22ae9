"""The columns of the portfolio, in order, and which a reader sees before choosing."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from segmentation.portfolio import cells


@dataclass(frozen=True)
class Column:
    name: str
    title: object
    draw: Callable
    """(standing with `green` and `mark`, today) → what stands in the cell."""
    sort: str = ""
    shown: bool = True
    number: bool = False


COLUMNS = [
    Column("tier", _("Tier"), cells.tier),
    Column("value", _("Value"), cells.value, sort="value", number=True),
    Column("delta", _("Δ run"), cells.change, number=True),
    Column("risk", _("Early warning"), cells.risk, sort="risk", number=True),
    Column("spark", _("12 months"), cells.spark),
    Column("revenue", _("Revenue 12 m"), cells.revenue, sort="revenue", number=True),
    Column("kwh", _("kWh 12 m"), cells.use_kwh, sort="kwh", shown=False, number=True),
    Column("growth", _("Growth"), cells.growth, sort="growth", shown=False, number=True),
    Column("credit", _("Credit"), cells.credit, shown=False),
    Column("quadrant", _("Quadrant"), cells.quadrant, shown=False),
    Column("use", _("Use"), cells.use, shown=False),
    Column("arrears", _("Arrears"), cells.arrears, sort="arrears", shown=False, number=True),
    Column("group", pgettext_lazy("behaviour", "Group"), cells.group, shown=False),
    Column("know", _("What to know"), cells.know),
    Column("green", _("Green channel"), cells.green),
]
SORTS = {
    "value": "value_score", "risk": "risk_score", "revenue": "revenue_12m_fen", "kwh": "kwh_12m", "growth": "growth",
    "arrears": "arrears_fen", "id": "account_id",
}  # fmt: skip
DEFAULT_SORT = "-revenue"  # which accounts carry the revenue: the first thing a manager asks


def shown(chosen):
    """The columns asked for, in their order; the usual ones when none is."""
    wanted = set(chosen)
    return [column for column in COLUMNS if (column.name in wanted if wanted else column.shown)]

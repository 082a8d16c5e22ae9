"""The columns of the portfolio, in order, and which a reader sees before choosing."""
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    name: str
    title: object
    sort: str = ""
    shown: bool = True
    number: bool = False


COLUMNS = [
    Column("tier", _("Tier"), sort=""),
    Column("value", _("Value"), sort="value", number=True),
    Column("delta", _("Δ run"), number=True),
    Column("risk", _("Early warning"), sort="risk", number=True),
    Column("spark", _("12 months")),
    Column("revenue", _("Revenue 12 m"), sort="revenue", number=True),
    Column("kwh", _("kWh 12 m"), sort="kwh", shown=False, number=True),
    Column("growth", _("Growth"), sort="growth", shown=False, number=True),
    Column("credit", _("Credit"), shown=False),
    Column("quadrant", _("Quadrant"), shown=False),
    Column("use", _("Use"), shown=False),
    Column("arrears", _("Arrears"), sort="arrears", shown=False, number=True),
    Column("know", _("What to know")),
    Column("green", _("Green channel")),
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

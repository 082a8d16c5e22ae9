"""How each column of the portfolio draws one row: functions, not includes, because a page has six hundred cells."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.display import drawing
from crm.display.drawing import NOTHING, badge
from crm.display.rules import delta, fen, number, percent
from crm.templatetags.display import kwh, yuan
from segmentation.runs.models import Quadrant, UsageState
from segmentation.templatetags.standing import days_until, headline


@lru_cache(maxsize=200)
def _word(choices, value, language):
    return str(choices(value).label)


def word(choices, value):
    """The label of a choice, without asking the model's field for each row."""
    return _word(choices, value, get_language())


def tier(row, today):
    return badge("tier", tier=row.tier)


def value(row, today):
    return number(row.value_score, 1)


def change(row, today):
    tone = "muted" if not row.value_delta else "good-text" if row.value_delta > 0 else "risk-text"
    return format_html('<span class="{}">{}</span>', tone, delta(row.value_delta, 1))


def risk(row, today):
    return badge("risk", band=row.risk_band, score=row.risk_score, compact=True)


def spark(row, today):
    return drawing.sparkline(row.spark_kwh, "risk" if row.risk_band == "high" else "good")


def revenue(row, today):
    return yuan(row.revenue_12m_yuan)


def use_kwh(row, today):
    return kwh(row.kwh_12m)


def growth(row, today):
    return percent(row.growth)


def credit(row, today):
    return badge("credit", grade=row.credit_grade)


def quadrant(row, today):
    return word(Quadrant, row.quadrant)


def use(row, today):
    return word(UsageState, row.usage_state)


def arrears(row, today):
    return format_html('<span class="risk-text">{}</span>', fen(row.arrears_fen)) if row.arrears_fen else NOTHING


def know(row, today):
    words = headline(row)
    return format_html('<span class="{}">{}</span>', "risk-text" if row.risk_band == "high" else "muted", words) if words else NOTHING


def green(row, today):
    if row.green:
        return format_html('<span class="nowrap">{} · {}</span>', _("Active"), days_until(row.green.ends_on, today))
    return row.mark or NOTHING


def group(row, today):
    """The names of its behaviour groups, which the view hung on the row."""
    return row.groups or NOTHING

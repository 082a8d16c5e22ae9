"""The rows of the portfolio, drawn as one text: a page has seven hundred cells, and a template spends most of its time between them."""

from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.people.masking import Reader
from segmentation.portfolio.cells import word

# What a row shows, so that a page reads nothing else: the reasons alone are four times the rest.
SHOWN = (
    "account_id", "tier", "value_score", "value_delta", "risk_score", "risk_band", "spark_kwh", "revenue_12m_fen", "kwh_12m", "growth",
    "credit_grade", "quadrant", "usage_state", "arrears_fen", "headline",
    "account__number", "account__category", "account__voltage_kv",
    "account__customer__name", "account__customer__name_en", "account__customer__kind",
)  # fmt: skip
_OWN = [field for field in SHOWN if "__" not in field and field not in ("spark_kwh", "headline")]
_OF_ACCOUNT = [field.removeprefix("account__") for field in SHOWN if field.count("__") == 1]
CAME_FROM = "\x00from"  # no name or number holds it: PostgreSQL keeps no such character
MOST_KEPT = 4_000  # rows of two kilobytes, in each process
_drawn: dict[tuple, str] = {}


def body(page, *, columns, reader: Reader, query: str, may_tick: bool, today) -> SafeString:
    """The `<tr>`s of a page of standings (with `green` and `mark`). `query`: the list's, handed to each account's page."""
    language = get_language() or ""
    frame = _frame_of(tuple(columns), may_tick, language)
    text = "\n".join([_kept_row(frame, standing, reader.name(standing.account.customer), today) for standing in page])
    return mark_safe(text.replace(CAME_FROM, f"/?from={quote(query)}"))


def _kept_row(frame, standing, name, today):
    """A row drawn before is not drawn again: the key holds the frame and every value that a row shows, the name as this reader reads it."""
    of, account = standing.__dict__, standing.account.__dict__
    key = (
        frame, today, name, standing.mark, standing.green and standing.green.ends_on, repr(of.get("spark_kwh")), repr(of.get("headline")),
        *[of.get(field) for field in _OWN], *[account.get(field) for field in _OF_ACCOUNT],
    )  # fmt: skip
    text = _drawn.get(key)
    if text is None:
        if len(_drawn) >= MOST_KEPT:
            _drawn.clear()
        text = _drawn[key] = frame.row(standing, name, today)
    return text


@lru_cache(maxsize=200)
def _frame_of(columns, may_tick, language):
    return _Frame(columns, may_tick)


class _Frame:
    """What all rows of a page share, in one language."""

    def __init__(self, columns, may_tick):
        self.account = reverse("crm:account-detail", args=[0]).partition("0/")[0]
        self.number, self.customer = escape(_("Account")), escape(_("Customer"))
        self.tick = escape(_("Tick account %(number)s")) if may_tick else ""
        self.columns = [
            (
                column.draw,
                f'<td data-label="{conditional_escape(column.title)}" class="cell-{column.name}{" num" if column.number else ""}">',
            )
            for column in columns
        ]

    def row(self, standing, name, today):
        account, pk = standing.account, standing.account_id
        tick = self.tick and (
            f'<td class="cell-tick"><input type="checkbox" name="ids" value="{pk}" data-bulk-row aria-label="{self.tick}"></td>'
            % {"number": account.number}
        )
        cells = "".join([f"{cell}{conditional_escape(draw(standing, today))}</td>" for draw, cell in self.columns])
        opening = '<tr class="row-risk">' if standing.risk_band == "high" else "<tr>"
        return (
            f"{opening}{tick}"
            f'<td data-label="{self.number}" class="muted nowrap">{account.number}</td>'
            f'<td data-label="{self.customer}" class="cell-main"><a href="{self.account}{pk}{CAME_FROM}" data-row-link>'
            f"{escape(name)}</a><small>{escape(_about(account))}</small></td>{cells}</tr>"
        )


def _about(account):
    category = word(Account.Category, account.category)
    return f"{category} · {_kilovolts(account.voltage_kv)} kV" if account.voltage_kv else category


def _kilovolts(voltage: Decimal) -> str:
    return f"{voltage.normalize():f}"

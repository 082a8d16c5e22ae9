"""The losses as a file: the page's filters, every row, masked as the page masks."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.exports.registry import Asker
from crm.exports.registry import register as register_export
from crm.people.masking import Reader
from marketing.market.filters import LossFilter
from marketing.market.models import LossNote

COLUMNS = (
    _("Account"), _("Customer"), _("Unit"), _("Category"), _("Lost on"), _("Outcome"), _("Cause"), _("Competitor"), _("Substitute"), _("Note"),
    _("Revenue, 12 months, yuan"), _("Noted by"),
)  # fmt: skip
CHUNK = 2000


def rows(user, query, language):
    """A tuple per standing note, newest first."""
    found = LossFilter(QueryDict(query), LossNote.objects.visible_to(user).standing(), request=Asker(user)).qs
    related = found.select_related("account__customer", "account__unit", "competitor", "substitute", "noted_by")
    reader = Reader(user=user)
    for noted in related.order_by("-lost_on", "-pk").iterator(chunk_size=CHUNK):
        account = noted.account
        yield (
            account.number, reader.name(account.customer), str(account.unit), account.get_category_display(), noted.lost_on,
            noted.get_outcome_display(), noted.get_cause_display(), str(noted.competitor or ""), str(noted.substitute or ""), noted.note,
            noted.revenue_12m_yuan, str(noted.noted_by or ""),
        )  # fmt: skip


def register():
    """Called once when the app starts."""
    register_export("losses", _("Losses"), COLUMNS, rows, permission="marketing.view_market")

"""The tier report as XLSX: one sheet a table, numbers as numbers."""

import io

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from segmentation.reports.tiers import TIERS
from segmentation.runs.models import Tier


def write(*, title, run, tiers, units, categories, moves):
    """An open file at its start. `moves`: (tier before, tier now, account number)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#e5f3ee", "bottom": 1})
        yuan = book.add_format({"num_format": "#,##0.00"})
        labels = dict(Tier.choices)
        about = run and _("Judged as of %(on)s, run %(id)s") % {"on": run.as_of, "id": run.pk}
        _tier_sheet(book, head, yuan, f"{title} · {about or ''}", tiers)
        for name, rows in ((_("By unit"), units), (_("By category"), categories)):
            _rows_sheet(book, head, yuan, name, rows, labels)
        sheet = book.add_worksheet(_("Moves"))
        _header(sheet, head, [_("Account"), _("Before"), _("Now")])
        for line, (before, after, number) in enumerate(moves, 1):
            sheet.write_row(line, 0, [number, str(labels.get(before, before)), str(labels.get(after, after))])
    file.seek(0)
    return file


def _header(sheet, head, titles):
    sheet.write_row(0, 0, [str(title) for title in titles], head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(titles), 15)


def _tier_sheet(book, head, yuan, about, tiers):
    sheet = book.add_worksheet(_("Tiers"))
    _header(sheet, head, [_("Tier"), pgettext("number", "Accounts"), _("Revenue 12 m, yuan"), _("Revenue at high risk, yuan")])
    for line, row in enumerate(tiers, 1):
        sheet.write_row(line, 0, [str(row.label), row.accounts])
        sheet.write_number(line, 2, row.revenue_fen / 100, yuan)
        sheet.write_number(line, 3, row.risk_revenue_fen / 100, yuan)
    sheet.write(len(tiers) + 2, 0, about)


def _rows_sheet(book, head, yuan, name, rows, labels):
    sheet = book.add_worksheet(name)
    money = [_("Revenue 12 m, yuan"), _("Revenue at high risk, yuan")]
    _header(
        sheet, head, [name, pgettext("number", "Accounts"), *[labels[tier] for tier in TIERS], _("Not scored"), _("Up"), _("Down"), *money]
    )
    for line, row in enumerate(rows, 1):
        sheet.write_row(line, 0, [row.label, row.accounts, *[row.tiers.get(tier, 0) for tier in TIERS], row.unscored, row.up, row.down])
        sheet.write_number(line, 10, row.revenue_fen / 100, yuan)
        sheet.write_number(line, 11, row.risk_revenue_fen / 100, yuan)

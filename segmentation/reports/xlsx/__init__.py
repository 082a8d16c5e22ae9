"""A report as a workbook: what it says, its figures, and one sheet a table or chart, numbers as numbers."""

import datetime as dt

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from segmentation.reports.document import Chart, Report, Table
from segmentation.reports.look import tokens
from segmentation.reports.writing import NUMBER_FORMATS
from segmentation.reports.xlsx.sheets import Names, rows_of_chart, stored, unit_word

WIDEST, NARROWEST, MEASURED = 46, 11, 200
# Text is text, whatever it begins with: nothing that a person wrote is ever read as a formula, a link or a number.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def draw(report: Report, file, listen=lambda done, of: None) -> None:
    """Write the workbook into an open binary file. The same report gives the same bytes."""
    with translation.override(report.language), xlsxwriter.Workbook(file, OPTIONS) as book:
        made = dt.datetime.combine(report.as_of, dt.time())
        book.set_properties({"title": report.title, "subject": report.subtitle, "author": "Greenlane", "created": made})
        Drawing(book, report).draw(listen)


class Drawing:
    def __init__(self, book, report):
        self.book, self.report, self.names = book, report, Names()
        look = tokens()
        self.head = book.add_format(
            {
                "bold": True,
                "bg_color": look["--accent-tint"],
                "font_color": look["--accent-ink"],
                "bottom": 1,
                "text_wrap": True,
                "valign": "top",
            }
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.large = book.add_format({"bold": True, "font_size": 16, "font_color": look["--ink"]})
        self.chapter = book.add_format({"bold": True, "font_size": 12, "font_color": look["--accent-ink"]})
        self.quiet = book.add_format({"font_color": look["--muted"], "text_wrap": True, "valign": "top"})
        self.numbers = {unit: book.add_format({"num_format": shape}) for unit, shape in NUMBER_FORMATS.items()}

    def draw(self, listen):
        self._summary()
        self._figures()
        for number, chapter in enumerate(self.report.chapters, 1):
            listen(number, len(self.report.chapters))
            for each in chapter.blocks:
                if isinstance(each, Table):
                    self._table(each.title, [(column.label, column.unit) for column in each.columns], each.rows, note=each.note)
                elif isinstance(each, Chart):
                    self._table(each.title, *rows_of_chart(each), note=each.takeaway)

    def _summary(self):
        """What the report says, in words."""
        report, sheet = self.report, self.book.add_worksheet(self.names.free(_("Summary")))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        lines = [(report.title, "", self.large), (_("Scope"), report.subtitle, None), (_("As of"), report.as_of.isoformat(), None)]
        if report.synthetic:
            lines.append((_("Synthetic data"), _("Made up for demonstration; no real customer stands behind it."), None))
        for chapter in report.chapters:
            lines += [("", "", None), (chapter.title, "", self.chapter)]
            lines += [("", sentence, None) for sentence in chapter.sentences]
            lines += [(_("Action"), action, None) for action in chapter.actions]
            lines += [(_("Missing"), why, None) for why in chapter.missing]
        lines += [("", "", None), (_("Sources"), "", self.chapter), *(("", source, None) for source in report.sources)]
        for line, (name, said, form) in enumerate(lines):
            sheet.write_string(line, 0, name, form or self.quiet)
            sheet.write_string(line, 1, said, self.wrapped)

    def _figures(self):
        columns = [
            (_("Chapter"), "text"),
            (_("Figure"), "text"),
            (_("Value"), "any"),
            (_("Before"), "any"),
            (_("Unit"), "text"),
            (_("Meaning"), "text"),
        ]
        rows, units = [], []
        for chapter in self.report.chapters:
            for figure in chapter.figures:
                rows.append((chapter.title, figure.label, figure.value, figure.before, unit_word(figure.unit), figure.meaning))
                units.append(figure.unit)
        if rows:
            self._table(_("Figures"), columns, rows, units=units)

    def _table(self, title, columns, rows, *, note="", units=None):
        """A sheet: frozen head, filter, one type a column (or, with `units`, a line)."""
        sheet = self.book.add_worksheet(self.names.free(title))
        sheet.freeze_panes(1, 1)
        heads = [f"{label} ({word})" if unit != "any" and (word := unit_word(unit)) else label for label, unit in columns]
        for column, (head, (_label, unit)) in enumerate(zip(heads, columns, strict=True)):
            sheet.set_column(column, column, _width(head, unit, [row[column] for row in rows[:MEASURED]]))
            sheet.write_string(0, column, head, self.head)
        for line, row in enumerate(rows, 1):
            for column, (value, (_label, unit)) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, line, column, value, units[line - 1] if unit == "any" else unit)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        if note:
            sheet.write_string(len(rows) + 2, 0, note)

    def _cell(self, sheet, line, column, value, unit):
        value = stored(value, unit)
        match value:
            case None:
                return
            case dt.date():
                sheet.write_datetime(line, column, value, self.numbers["date"])
            case int() | float():
                sheet.write_number(line, column, value, self.numbers[unit])
            case _:
                sheet.write_string(line, column, value[:32_767])


def _width(head, unit, values):
    longest = max([len(head), *(sum(2 if letter > "\u2e7f" else 1 for letter in value) for value in values if isinstance(value, str))])
    return min(WIDEST, max(NARROWEST if unit != "text" else 8, longest + 2))

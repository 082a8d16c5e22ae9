"""A report on paper: the same words, figures and charts as the page, A4, with text that can be selected and searched."""

import hashlib
import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from crm.people.errors import Refused
from segmentation.reports.charts import chart_as_json
from segmentation.reports.document import Chart, Figure, Report, Table
from segmentation.reports.pdf.svg import Charts
from segmentation.reports.writing import change_of, written

PANGO = {
    "library": "Pango", "system": "Debian, Ubuntu", "command": "apt install libpango-1.0-0 libpangoft2-1.0-0", "others": "PPTX, XLSX",
}  # fmt: skip
WORDS = ("text", "date", "month")
MOST_ROWS = 60
CHART_WIDTH, CHART_HEIGHT = 680, 250
TALL = {"heatmap": 300, "sankey": 320, "scatter": 360}
ROW_PIXELS = 26


def draw(report: Report, file, listen=lambda done, of: None) -> None:
    """Write the PDF into an open binary file. The same report gives the same bytes. Raises `Refused` where the system lacks Pango."""
    weasyprint = _weasyprint()
    with translation.override(report.language), Charts() as charts:
        html = render_to_string("segmentation/reports/paper.html", _shown(report, charts, listen))
        css = [weasyprint.CSS(string=(settings.BASE_DIR / "static/css" / name).read_text()) for name in ("tokens.css", "paper.css")]
        identifier = hashlib.sha256(html.encode()).digest()[:16]
        file.write(weasyprint.HTML(string=html, url_fetcher=_nothing_from_outside).write_pdf(stylesheets=css, pdf_identifier=identifier))


def _weasyprint():
    try:
        import weasyprint
    except OSError as error:  # the wheel is there, the system's library is not
        raise Refused(
            _(
                "This format needs the system library %(library)s, which is not installed here (%(system)s: %(command)s). %(others)s do without it."
            )
            % PANGO,
            code="no_pango",
        ) from error
    for name in (
        "weasyprint",
        "weasyprint.progress",
        "fontTools",
    ):  # a line a page, and one for each rule of a browser that paper has no use for
        logging.getLogger(name).setLevel(logging.ERROR)
    return weasyprint


def _nothing_from_outside(url, *_more, **_options):
    raise ValueError(f"a report fetches nothing: {url[:80]}")


def _shown(report, charts, listen):
    chapters = []
    for number, chapter in enumerate(report.chapters, 1):
        listen(number, len(report.chapters))
        blocks = [_block(block, charts, report.language) for block in chapter.blocks if not isinstance(block, Figure)]
        figures = [
            {
                "label": figure.label,
                "value": written(figure.value, figure.unit),
                "change": change_of(figure),
                "before": written(figure.before, figure.unit),
            }
            for figure in chapter.figures
        ]
        chapters.append({"number": number, "chapter": chapter, "figures": figures, "blocks": blocks})
    meanings = {figure.name: (figure.label, figure.meaning) for chapter in report.chapters for figure in chapter.figures if figure.meaning}
    return {"report": report, "chapters": chapters, "meanings": list(meanings.values())}


def _block(block, charts, language):
    if isinstance(block, Chart):
        height = _height_of(block)
        svg, unit = charts.draw(chart_as_json(block), width=CHART_WIDTH, height=height, language=language)
        return {"kind": "chart", "title": block.title, "takeaway": block.takeaway, "svg": mark_safe(svg), "unit": unit}
    assert isinstance(block, Table)
    columns = [{"label": column.label, "number": column.unit not in WORDS} for column in block.columns]
    rows = [
        [(written(value, column.unit), column.unit not in WORDS) for value, column in zip(row, block.columns, strict=True)]
        for row in block.rows[:MOST_ROWS]
    ]
    return {
        "kind": "table",
        "title": block.title,
        "note": block.note,
        "takeaway": block.takeaway,
        "columns": columns,
        "rows": rows,
        "more": len(block.rows) - len(rows),
        "all": len(block.rows),
    }


def _height_of(chart):
    if chart.horizontal and chart.kind == "bar":
        return max(90, 40 + ROW_PIXELS * len(chart.categories) * max(1, len(chart.series)))
    return TALL.get(chart.kind, CHART_HEIGHT)

"""What stands on the slides of a chapter: figures on cards, one chart a slide, tables in pages."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from segmentation.reports.document import Chart, Column, Series, Table
from segmentation.reports.look import colour
from segmentation.reports.points import unfolded
from segmentation.reports.pptx.charts import FOLDED, put_chart
from segmentation.reports.pptx.fitting import largest_size, shortened
from segmentation.reports.pptx.shapes import block
from segmentation.reports.pptx.tables import ROW, put_table
from segmentation.reports.pptx.theme import INNER, MARGIN
from segmentation.reports.writing import change_of, numbers_of, scale_of, written

TOP, BOTTOM = 1.75, 6.82
MOST_PAGES = 3
MOST_BESIDE, MOST_COLUMNS_BESIDE = 13, 5
GAP = 0.2
WORDS = ("text", "date", "month")
SHADES = ("--card", "--tier-5", "--tier-4", "--tier-3", "--tier-2", "--tier-1")
INKS = ("--ink", "--on-tier-5", "--on-tier-4", "--on-tier-3", "--on-tier-2", "--on-tier-1")


def put_figures(deck, slide, figures, top):
    """Cards with the number large, and how it moved since."""
    if not figures:
        return
    across = {3: 3, 5: 3, 6: 3, 9: 5, 10: 5}.get(len(figures), 4)
    down = -(-len(figures) // across)
    width = (INNER - GAP * (across - 1)) / across
    height = min(1.75, (BOTTOM - top - GAP * (down - 1)) / down)
    for place, figure in enumerate(figures):
        left, above = MARGIN + (place % across) * (width + GAP), top + (place // across) * (height + GAP)
        block(slide, (left, above, width, height), "--inset", line="--line", round_by=0.1)
        inner = width - 0.4
        value = written(figure.value, figure.unit)
        deck.put(slide, shortened(figure.label, 13, inner * 0.92), (left + 0.2, above + 0.14, inner, 0.3), size=13, token="--muted")
        deck.put(
            slide,
            value,
            (left + 0.2, above + 0.42, inner, 0.65),
            size=largest_size([value], inner * 0.8, 0.6, (30, 26, 22, 18, 14)),
            bold=True,
            anchor="middle",
        )
        if change := change_of(figure):
            said = _("%(change)s, before %(value)s") % {"change": change, "value": written(figure.before, figure.unit)}
            deck.put(
                slide,
                shortened(said, 12, inner * 0.95),
                (left + 0.2, above + min(1.1, height - 0.42), inner, 0.3),
                size=12,
                token="--muted",
            )


def go_together(chart, table) -> bool:
    """Whether the table stands beside the chart: the same names in it, and small enough."""
    if not isinstance(chart, Chart) or not isinstance(table, Table) or chart.kind in (*FOLDED, "line", "stacked", "area", "scatter"):
        return False
    same = {str(row[0]) for row in table.rows} >= set(chart.categories)
    return same and len(table.rows) <= MOST_BESIDE and len(table.columns) <= MOST_COLUMNS_BESIDE


def put_chart_slide(deck, kicker, chart, table=None):
    """One message: the takeaway above, the chart below it with its title and unit, and beside it the table of the same breakdown."""
    slide = deck.slide(kicker, chart.takeaway or chart.title)
    scale = scale_of(chart.unit, numbers_of(chart))
    label = scale.label if chart.unit != "share" else ""
    said = _("%(title)s, %(unit)s") % {"title": chart.title, "unit": label} if label else chart.title
    deck.put(slide, shortened(said if chart.takeaway or label else "", 13, INNER), (MARGIN, 1.55, INNER, 0.3), size=13, token="--muted")
    box = (MARGIN, 1.95, INNER, BOTTOM - 1.95)
    if chart.kind == "heatmap":
        _heatmap(deck, slide, chart, scale)
    elif chart.kind == "sankey":
        _sankey(deck, slide, chart, scale, box)
    elif chart.kind == "pie":
        put_chart(slide, chart, (MARGIN, 1.95, INNER * 0.5, BOTTOM - 1.95), scale)
        table = table or _parts(chart)
    elif table:
        put_chart(slide, chart, (MARGIN, 1.95, INNER * 0.5, BOTTOM - 1.95), scale)
    else:
        put_chart(slide, chart, box, scale)
    if table:
        head, rows, right = _told(table)
        put_table(slide, head, rows, (MARGIN + INNER * 0.52, 2.05, INNER * 0.48), right=right, language=deck.language)
        if table.note:
            deck.put(
                slide,
                shortened(table.note, 11, INNER * 0.48),
                (MARGIN + INNER * 0.52, BOTTOM - 0.28, INNER * 0.48, 0.28),
                size=11,
                token="--muted",
            )


def _parts(chart):
    """The slices of a pie as a table, with their shares."""
    values = chart.series[0].values
    total = sum(value or 0 for value in values)
    columns = (
        Column("name", "", "text"),
        Column("value", chart.series[0].label, chart.unit),
        Column("share", pgettext("proportion", "Share"), "share"),
    )
    rows = tuple((name, value, (value or 0) / total if total else None) for name, value in zip(chart.categories, values, strict=True))
    return Table(chart.name, chart.title, columns, rows)


def _heatmap(deck, slide, chart, scale):
    known = [value for series in chart.series for value in series.values if value is not None]
    low, span = min(known, default=0), (max(known, default=0) - min(known, default=0)) or 1
    rows, fills = [], {}
    for line, series in enumerate(chart.series):
        rows.append((series.label, *("—" if value is None else _plain(scale.of(value)) for value in series.values)))
        for column, value in enumerate(series.values, 1):
            if value is not None:
                step = min(len(SHADES) - 1, int((value - low) / span * len(SHADES)))
                fills[(line, column)] = (colour(SHADES[step]), INKS[step])
    row = min(0.55, max(ROW, (BOTTOM - 1.95) / (len(rows) + 1)))
    put_table(
        slide,
        ["", *chart.categories],
        rows,
        (MARGIN, 1.95, INNER),
        right=set(range(1, len(chart.categories) + 1)),
        language=deck.language,
        fills=fills,
        row=row,
    )


def _plain(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"


def _sankey(deck, slide, chart, scale, box):
    left, top, width, height = box
    sources, targets, matrix = unfolded(chart)
    bars = Chart(
        chart.name, chart.title, "stacked", chart.unit, categories=sources, horizontal=True, takeaway=chart.takeaway,
        series=tuple(Series(target, tuple(matrix.get((source, target)) for source in sources), chart.keys.get(target, "")) for target in targets),
    )  # fmt: skip
    put_chart(slide, bars, (left, top, width * 0.52, height), scale)
    head = [_("From ↓ to →"), *targets]
    rows = [(source, *(written(matrix.get((source, target)), chart.unit) for target in targets)) for source in sources]
    put_table(slide, head, rows, (left + width * 0.55, top + 0.4, width * 0.45), right=set(range(1, len(head))), language=deck.language)


def _told(table):
    """Head and rows as texts, and which columns are numbers."""
    right = {place for place, column in enumerate(table.columns) if column.unit not in WORDS}
    rows = [tuple(written(value, column.unit) for value, column in zip(row, table.columns, strict=True)) for row in table.rows]
    return [column.label for column in table.columns], rows, right


def put_table_slides(deck, kicker, table):
    """At most three pages; the workbook has every row."""
    head, rows, right = _told(table)
    put_rows(deck, kicker, table.title, head, rows, right=right, note=table.note, most=MOST_PAGES)


def put_appendix(deck, kicker, tables):
    """Small tables one under the other as long as they fit, long ones over pages of their own."""
    slide, top = None, BOTTOM
    for table in tables:
        tall = ROW * (len(table.rows) + 1) + 0.75
        if tall > BOTTOM - TOP:
            put_table_slides(deck, kicker, table)
            slide, top = None, BOTTOM
            continue
        if slide is None or top + tall > BOTTOM + 0.2:
            slide, top = deck.slide(kicker, table.title), TOP
        else:
            deck.put(slide, table.title, (MARGIN, top, INNER, 0.36), size=16, bold=True, anchor="middle")
            top += 0.42
        head, rows, right = _told(table)
        put_table(slide, head, rows, (MARGIN, top, INNER), right=right, language=deck.language)
        top += ROW * (len(rows) + 1) + 0.04
        deck.put(slide, shortened(table.note, 10, INNER), (MARGIN, top, INNER, 0.24), size=10, token="--muted")
        top += 0.32


def put_rows(deck, kicker, title, head, rows, *, right=frozenset(), note="", most=None):
    page = int((BOTTOM - 0.32 - 0.2 - TOP) / ROW) - 1
    pages = [rows[at : at + page] for at in range(0, len(rows), page)]
    shown = pages[:most] if most else pages
    for number, some in enumerate(shown, 1):
        slide = deck.slide(
            kicker,
            title if len(shown) == 1 else _("%(title)s (%(page)d of %(pages)d)") % {"title": title, "page": number, "pages": len(shown)},
        )
        put_table(slide, head, some, (MARGIN, TOP, INNER), right=right, language=deck.language, widest=0.75 if len(head) < 3 else 0.42)
        said = note
        if len(shown) < len(pages) and number == len(shown):
            rest = _("The first %(shown)s of %(all)s rows; the XLSX file has them all.") % {
                "shown": written(page * len(shown), "count"),
                "all": written(len(rows), "count"),
            }
            said = f"{note} {rest}".strip()
        deck.put(slide, shortened(said, 11, INNER), (MARGIN, BOTTOM - 0.28, INNER, 0.28), size=11, token="--muted")

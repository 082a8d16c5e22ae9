"""What stands on the slides of a chapter: figures on cards, one chart a slide, tables in pages."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from segmentation.reports.document import Chart, Column, Series, Table
from segmentation.reports.look import colour
from segmentation.reports.points import unfolded
from segmentation.reports.pptx.charts import FOLDED, put_chart
from segmentation.reports.pptx.fitting import largest_size, shortened, width_of
from segmentation.reports.pptx.shapes import block
from segmentation.reports.pptx.tables import ROW, asked_width, fitted, pages_of, put_table
from segmentation.reports.pptx.theme import INNER, MARGIN
from segmentation.reports.writing import change_of, numbers_of, scale_of, written

TOP, BOTTOM = 1.75, 6.82
MOST_PAGES = 3
MOST_BESIDE, FEWEST_COLUMNS, BESIDE = 13, 3, 0.55  # rows and columns of a table beside a chart, and how much of the width it takes
A_BAR = 0.62  # inches of a horizontal bar with its gap; few bars do not fill the slide
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
        _card(deck, slide, figure, (MARGIN + (place % across) * (width + GAP), top + (place // across) * (height + GAP), width, height))


def _card(deck, slide, figure, box):
    """The label above, in two lines where it is long; below it the number, then what it was."""
    left, top, width, height = box
    block(slide, box, "--inset", line="--line", round_by=0.1)
    inner, value = width - 0.4, written(figure.value, figure.unit)
    lines = 2 if height > 1.5 and width_of(figure.label, 11) * 1.04 > inner else 1
    size = largest_size([figure.label], inner, 0.24 * lines, (13, 12, 11))
    deck.put(slide, shortened(figure.label, size, inner, lines), (left + 0.2, top + 0.14, inner, 0.24 * lines), size=size, token="--muted")
    under = top + 0.22 + 0.22 * lines
    sizes = (30, 26, 22, 18, 14)
    deck.put(
        slide, value, (left + 0.2, under, inner, 0.6), size=largest_size([value], inner * 0.85, 0.6, sizes), bold=True, anchor="middle"
    )
    if change := change_of(figure):
        said = _("%(change)s, before %(value)s") % {"change": change, "value": written(figure.before, figure.unit)}
        least = largest_size([said], inner, 0.24, (12, 11, 10))
        under = min(under + 0.66, top + height - 0.36)
        deck.put(slide, shortened(said, least, inner), (left + 0.2, under, inner, 0.3), size=least, token="--muted")


def go_together(chart, table) -> bool:
    """Whether the table stands beside the chart: the same names in it, and small enough."""
    if not isinstance(chart, Chart) or not isinstance(table, Table) or chart.kind in (*FOLDED, "line", "stacked", "area", "scatter"):
        return False
    same = {str(row[0]) for row in table.rows} >= set(chart.categories)
    return same and len(table.rows) <= MOST_BESIDE


def beside(table):
    """As many columns as stand beside a chart without crushing the first; the whole table where none is left out."""
    columns = len(table.columns)
    while columns > FEWEST_COLUMNS:
        head, rows, right = _told(_columns(table, columns))
        if asked_width(head, rows, right) <= BESIDE * INNER and fitted(head, rows, BESIDE * INNER, right=right).height <= BOTTOM - 2.1:
            break
        columns -= 1
    return table if columns == len(table.columns) else _columns(table, columns)


def _columns(table, count):
    return replace(table, columns=table.columns[:count], rows=tuple(row[:count] for row in table.rows))


def put_chart_slide(deck, kicker, chart, table=None):
    """One message: the takeaway above, the chart below it with its title and unit, and beside it the table of the same breakdown."""
    slide = deck.slide(kicker, chart.takeaway or chart.title)
    scale = scale_of(chart.unit, numbers_of(chart))
    label = scale.label if chart.unit != "share" else ""
    said = _("%(title)s, %(unit)s") % {"title": chart.title, "unit": label} if label else chart.title
    deck.put(slide, shortened(said if chart.takeaway or label else "", 13, INNER), (MARGIN, 1.55, INNER, 0.3), size=13, token="--muted")
    tall = BOTTOM - 1.95
    if chart.horizontal and chart.kind == "bar":
        tall = min(tall, 0.4 + A_BAR * len(chart.categories) * max(1, len(chart.series)))
    if chart.kind == "pie":
        table = table or _parts(chart)
    if chart.kind == "heatmap":
        _heatmap(deck, slide, chart, scale)
    elif chart.kind == "sankey":
        _sankey(deck, slide, chart, scale, (MARGIN, 1.95, INNER, BOTTOM - 1.95))
    else:
        put_chart(slide, chart, (MARGIN, 1.95, INNER * (0.98 - BESIDE) if table else INNER, tall), scale)
    if table:
        _beside(deck, slide, beside(table), (MARGIN + INNER * (1 - BESIDE), 2.05, INNER * BESIDE))


def _beside(deck, slide, table, box):
    """A table to the right of its chart, its note under it."""
    left, top, width = box
    head, rows, right = _told(table)
    end = put_table(slide, fitted(head, rows, width, right=right), (left, top), right=right, language=deck.language)
    if table.note and end < BOTTOM - 0.3:
        lines = int((BOTTOM - end - 0.1) / 0.19)
        deck.put(slide, shortened(table.note, 11, width, lines), (left, end + 0.08, width, BOTTOM - end - 0.1), size=11, token="--muted")


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
    right = set(range(1, len(chart.categories) + 1))
    table = fitted(["", *chart.categories], rows, INNER, right=right, row=row)
    put_table(slide, table, (MARGIN, 1.95), right=right, language=deck.language, fills=fills)


def _plain(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"


def _sankey(deck, slide, chart, scale, box):
    left, top, width, height = box
    sources, targets, matrix = unfolded(chart)
    bars = Chart(
        chart.name, chart.title, "stacked", chart.unit, categories=sources, horizontal=True, takeaway=chart.takeaway,
        series=tuple(Series(target, tuple(matrix.get((source, target)) for source in sources), chart.keys.get(target, "")) for target in targets),
    )  # fmt: skip
    put_chart(slide, bars, (left, top, width * 0.44, height), scale)
    head = [_("From ↓ to →"), *targets]
    rows = [(source, *(written(matrix.get((source, target)), chart.unit) for target in targets)) for source in sources]
    right = set(range(1, len(head)))
    put_table(slide, fitted(head, rows, width * 0.54, right=right), (left + width * 0.46, top + 0.4), right=right, language=deck.language)


def _told(table):
    """Head and rows as texts, and which columns are numbers."""
    right = {place for place, column in enumerate(table.columns) if column.unit not in WORDS}
    rows = [tuple(written(value, column.unit) for value, column in zip(row, table.columns, strict=True)) for row in table.rows]
    return [column.label for column in table.columns], rows, right


def put_table_slides(deck, kicker, table):
    """At most three pages; the workbook has every row."""
    head, rows, right = _told(table)
    put_rows(deck, kicker, table.takeaway or table.title, head, rows, right=right, note=table.note, most=MOST_PAGES)


def put_appendix(deck, kicker, tables):
    """Small tables one under the other as long as they fit, long ones over pages of their own."""
    slide, top = None, BOTTOM
    for table in tables:
        head, rows, right = _told(table)
        made = fitted(head, rows, INNER, right=right)
        noted = 0.26 if table.note else 0
        if made.height + noted > BOTTOM - TOP:
            put_table_slides(deck, kicker, table)
            slide, top = None, BOTTOM
            continue
        if slide is None or top + 0.42 + made.height + noted > BOTTOM:
            slide, top = deck.slide(kicker, table.title), TOP
        else:
            deck.put(slide, table.title, (MARGIN, top, INNER, 0.36), size=16, bold=True, anchor="middle")
            top += 0.42
        top = put_table(slide, made, (MARGIN, top), right=right, language=deck.language) + 0.04
        if table.note:
            deck.put(slide, shortened(table.note, 10, INNER), (MARGIN, top, INNER, 0.24), size=10, token="--muted")
            top += 0.24
        top += 0.1


def put_rows(deck, kicker, title, head, rows, *, right=frozenset(), note="", most=None):
    pages = pages_of(fitted(head, rows, INNER, right=right), BOTTOM - 0.36 - TOP)
    shown = pages[:most] if most else pages
    for number, some in enumerate(shown, 1):
        slide = deck.slide(
            kicker,
            title if len(shown) == 1 else _("%(title)s (%(page)d of %(pages)d)") % {"title": title, "page": number, "pages": len(shown)},
        )
        end = put_table(slide, some, (MARGIN, TOP), right=right, language=deck.language)
        said = note
        if len(shown) < len(pages) and number == len(shown):
            rest = _("The first %(shown)s of %(all)s rows; the XLSX file has them all.") % {
                "shown": written(sum(len(page.rows) for page in shown), "count"),
                "all": written(len(rows), "count"),
            }
            said = f"{note} {rest}".strip()
        if said:
            deck.put(slide, shortened(said, 11, INNER), (MARGIN, end + 0.08, INNER, 0.28), size=11, token="--muted")

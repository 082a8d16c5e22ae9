"""Decks, papers and workbooks opened again: they say what the document says, and the same document gives the same bytes."""

import datetime as dt
import io
import subprocess
import zipfile

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from crm.people.errors import Refused
from segmentation.reports import pdf
from segmentation.reports.document import Chapter, Chart, Report, Series, Table
from segmentation.reports.drawings import DRAWINGS, as_dict
from segmentation.reports.look import KEYS, ORDER, tokens
from segmentation.reports.pdf.svg import Charts
from segmentation.reports.points import points_of, unfolded
from segmentation.reports.writing import numbers_of, scale_of, written
from tests.segmentation.reports import made_report
from tests.segmentation.reports.made_report import HARMFUL

LANGUAGES = ("en", "zh-hans")
EMU = 914_400


@pytest.fixture(scope="module")
def drawn():
    """`{(format, language): bytes}`"""
    return {
        (format, language): DRAWINGS[format](made_report.report(language))
        for format in ("pptx", "xlsx", "pdf", "json")
        for language in LANGUAGES
    }


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def deck(drawn, language):
    return Presentation(io.BytesIO(drawn["pptx", language]))


@pytest.fixture(scope="module")
def paper(drawn, language):
    """The text of the PDF, without the spaces that its lines were broken by."""
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn["pdf", language], capture_output=True, check=True).stdout.decode()
    return squeezed(told)


@pytest.fixture(scope="module")
def book(drawn, language):
    return openpyxl.load_workbook(io.BytesIO(drawn["xlsx", language]))


def squeezed(text):
    return "".join(text.split())


def texts(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def charts(deck):
    return {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart}


def blocks(language, kind):
    return [block for chapter in made_report.report(language).chapters for block in chapter.blocks if isinstance(block, kind)]


# --- deck -----------------------------------------------------------------------------------------------------------------------------------


def test_every_native_chart_holds_the_numbers_of_the_document(deck, language):
    native = charts(deck)
    for chart in blocks(language, Chart):
        if chart.kind in ("heatmap", "sankey", "scatter"):
            continue
        plot = native[chart.name].plots[0]
        assert list(plot.categories) == list(chart.categories)
        with_scale = _scale(chart, language)
        for plotted, series in zip(plot.series, chart.series, strict=True):
            assert plotted.name == series.label
            assert [None if v is None else pytest.approx(v * with_scale.divisor, rel=1e-4) for v in plotted.values] == list(series.values)


def _scale(chart, language):
    from django.utils import translation

    with translation.override(language):
        return scale_of(chart.unit, numbers_of(chart))


def test_moves_are_stacked_bars_with_the_sum_of_the_flows(deck, language):
    chart = next(each for each in blocks(language, Chart) if each.kind == "sankey")
    plot = charts(deck)[chart.name].plots[0]
    sources, targets, matrix = unfolded(chart)
    assert list(plot.categories) == list(sources) and [series.name for series in plot.series] == list(targets)
    assert (
        sum(value or 0 for series in plot.series for value in series.values) == sum(matrix.values()) == sum(flow[2] for flow in chart.flows)
    )


def test_a_scatter_keeps_each_point_under_the_name_of_its_colour(deck, language):
    chart = next(each for each in blocks(language, Chart) if each.kind == "scatter")
    series = charts(deck)[chart.name].plots[0].series
    assert [each.name for each in series] == list(chart.names.values())
    assert [list(each.values) for each in series] == [[point.y for point in points] for points in points_of(chart).values()]


def test_a_heatmap_is_a_table_one_can_edit(deck, language):
    chart = next(each for each in blocks(language, Chart) if each.kind == "heatmap")
    table = next(shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table and shape.table.cell(0, 1).text == "00")
    assert [row.cells[0].text for row in table.rows][1:] == [series.label for series in chart.series]
    assert float(table.cell(1, 1).text.replace(",", "")) == chart.series[0].values[0]


def test_the_deck_says_every_sentence_figure_and_action_once_per_chapter(deck, language):
    said = set(texts(deck))
    for chapter in made_report.report(language).chapters:
        assert {*chapter.sentences, *chapter.actions, *chapter.missing} <= said
    assert made_report.report(language).title in said


def test_headlines_are_the_messages(deck, language):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles), "every slide has a title, which the outline and screen readers read"
    for chart in blocks(language, Chart):
        assert (chart.takeaway or chart.title) in titles


def test_every_slide_but_the_first_names_day_and_sources_and_says_that_the_data_is_made_up(deck, language):
    word = {"en": "Synthetic data", "zh-hans": "合成数据"}[language]
    for slide in deck.slides:
        said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert word in said
        assert any("2026-10-31" in text for text in said)
    assert any(made_report.report(language).sources[0][:20] in text for text in said)


def test_nothing_lies_outside_the_slide(deck):
    width, height = deck.slide_width, deck.slide_height
    assert round(width / height, 3) == round(16 / 9, 3)
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= width + EMU // 50, (number, shape.name)
            assert shape.top >= 0 and shape.top + shape.height <= height + EMU // 50, (number, shape.name)


def test_both_typefaces_are_set_on_every_run(deck):
    for slide in deck.slides:
        for run in slide._element.iter(qn("a:rPr")):
            assert run.find(qn("a:ea")) is not None and run.find(qn("a:latin")) is not None


def test_no_text_of_a_chart_becomes_a_formula_in_the_workbook_behind_it():
    chart = Chart("names", "Names", "bar", "count", HARMFUL, (Series("=1+1", tuple(range(len(HARMFUL)))),))
    content = DRAWINGS["pptx"](_report(chart))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        behind = next(name for name in package.namelist() if name.startswith("ppt/embeddings/"))
        sheet = openpyxl.load_workbook(io.BytesIO(package.read(behind))).active
    assert [cell.data_type for cell in sheet["A"][1:]] == ["s"] * len(HARMFUL)
    assert [cell.value for cell in sheet["A"][1:]] == list(HARMFUL) and sheet["B1"].data_type == "s"


def test_long_tables_go_on_over_three_pages_and_say_what_is_left_out():
    told = list(texts(Presentation(io.BytesIO(DRAWINGS["pptx"](made_report.report(rows=200))))))
    assert "Largest arrears (3 of 3)" in told and not any("(4 of" in text for text in told)
    assert any("of 200 rows; the XLSX file has them all" in text for text in told)


def _report(*blocks):
    return Report(
        kind="behaviour",
        title="T",
        subtitle="S",
        as_of=dt.date(2026, 1, 1),
        language="en",
        chapters=(Chapter("c", "C", ("One.",), blocks),),
    )


# --- paper ----------------------------------------------------------------------------------------------------------------------------------


def test_the_paper_can_be_searched_for_every_sentence_figure_and_cell(paper, language):
    from django.utils import translation

    with translation.override(language):
        for chapter in made_report.report(language).chapters:
            for text in (chapter.title, *chapter.sentences, *chapter.actions, *chapter.missing):
                assert squeezed(text) in paper
            for figure in chapter.figures:
                assert squeezed(figure.label) in paper and squeezed(written(figure.value, figure.unit)) in paper
            for table in chapter.tables:
                for row in table.rows:
                    assert squeezed(str(row[0])) in paper
    assert squeezed({"en": "As of 2026-10-31", "zh-hans": "2026-10-31"}[language]) in paper


def test_the_names_on_the_axes_of_its_charts_are_text_too(paper, language):
    chart = blocks(language, Chart)[0]
    assert all(squeezed(name) in paper for name in chart.categories)


def test_a_chart_is_drawn_by_the_file_of_the_page_in_every_kind():
    with Charts() as engine:
        for chapter in as_dict(made_report.report())["chapters"]:
            for block in chapter["blocks"]:
                if block["block"] == "chart":
                    svg, _unit = engine.draw(block["drawing"], width=680, height=250, language="en")
                    assert svg.startswith("<svg") and svg.count("<path") > 2, block["name"]


def test_colours_outside_the_browser_are_those_of_the_page():
    source = (pdf.settings.BASE_DIR / "static/js/chart_options.js").read_text()
    assert all(f'{key}: "{token}"' in source for key, token in KEYS.items())
    assert f"[{', '.join(f'{chr(34)}{token}{chr(34)}' for token in ORDER)}]" in source
    assert all(token in tokens() for token in [*KEYS.values(), *ORDER])


def test_names_are_escaped_and_nothing_is_fetched():
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf._nothing_from_outside("file:///etc/passwd")


def test_without_pango_the_refusal_names_the_package(monkeypatch):
    import builtins

    real = builtins.__import__

    def missing(name, *more, **named):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(Refused, match=r"apt install libpango-1\.0-0 libpangoft2-1\.0-0"):
        DRAWINGS["pdf"](_report())


# --- workbook -------------------------------------------------------------------------------------------------------------------------------


def test_the_workbook_has_one_sheet_a_table_with_typed_columns(book, language):
    table = blocks(language, Table)[0]
    sheet = book[table.title]
    rows = list(sheet.iter_rows(min_row=2, max_row=1 + len(table.rows)))
    for cells, row in zip(rows, table.rows, strict=True):
        money, share, days, since = row[2:]
        assert cells[0].value == row[0] and cells[0].data_type == "s"
        assert cells[2].value == (None if money is None else money / 100)
        assert cells[3].value == (None if share is None else pytest.approx(share)) and cells[4].value == days
        assert cells[5].value == (None if since is None else dt.datetime.combine(since, dt.time()))
    assert [cell.number_format for cell in rows[0][2:]] == ["#,##0.00", "0.0%", "#,##0.0", "yyyy-mm-dd"]
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == f"A1:F{1 + len(table.rows)}"


def test_figures_and_charts_stand_there_as_numbers(book, language):
    chapters = made_report.report(language).chapters
    figures = [figure for chapter in chapters for figure in chapter.figures]
    sheet = book.worksheets[1]
    assert [row[2].value for row in sheet.iter_rows(min_row=2, max_row=1 + len(figures))] == [
        figure.value / 100 if figure.unit == "fen" else figure.value for figure in figures
    ]
    for chart in blocks(language, Chart):
        assert chart.title[:31].strip() in book.sheetnames


def test_no_cell_of_the_workbook_is_a_formula(book):
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    column = [cell.value for cell in book.worksheets[8]["A"]]
    assert list(HARMFUL) == column[1 : 1 + len(HARMFUL)]


def test_sheet_names_are_clean_and_no_two_alike():
    columns = made_report.report().chapters[2].tables[0].columns[:1]
    tables = [Table("t", title, columns, (("x",),)) for title in ("A/B: [all]?", "a b all", "History", "", "L" * 40, "L" * 40)]
    names = openpyxl.load_workbook(io.BytesIO(DRAWINGS["xlsx"](_report(*tables)))).sheetnames
    assert names[1:] == ["A B all", "a b all 2", "History 2", "Sheet", "L" * 31, "L" * 29 + " 2"]


# --- the same bytes -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["pptx", "xlsx", "pdf", "json"])
def test_the_same_report_gives_the_same_bytes(drawn, format, monkeypatch):
    import time

    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert DRAWINGS[format](made_report.report("zh-hans")) == drawn[format, "zh-hans"]

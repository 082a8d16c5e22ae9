"""Native charts: they open in the program of the reader, with their numbers in a workbook behind them.

Two kinds have no native form. A heatmap becomes a native table whose cells are shaded; a sankey becomes stacked bars (one bar for each place things
came from, its parts where they went) beside a native table of the same numbers. Both can be edited; pictures could not.
"""

import datetime as dt
from contextlib import contextmanager

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE as TYPE
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt
from xlsxwriter import Workbook

from segmentation.reports.look import colour, colour_of
from segmentation.reports.points import axes_of, points_of
from segmentation.reports.pptx.shapes import face, write
from segmentation.reports.writing import NUMBER_FORMATS, Scale, numbers_of

TEXT_SIZE, LABELS_UP_TO, SLIVER = 11, 14, 0.06
FOLDED = {"heatmap", "sankey"}


class _PlainWorkbook:
    """The workbook behind a chart: no text becomes a formula or a link, and no clock is read."""

    @contextmanager
    def _open_worksheet(self, file):
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        workbook = Workbook(file, options)
        workbook.set_properties({"created": dt.datetime(1980, 1, 1)})
        yield workbook, workbook.add_worksheet()
        workbook.close()


class _Categories(_PlainWorkbook, CategoryWorkbookWriter):
    pass


class _Points(_PlainWorkbook, XyWorkbookWriter):
    pass


class CategoryData(CategoryChartData):
    @property
    def _workbook_writer(self):
        return _Categories(self)


class PointData(XyChartData):
    @property
    def _workbook_writer(self):
        return _Points(self)


def put_chart(slide, chart, box, scale):
    """A native chart of any kind but heatmap and sankey at `box`; numbers are divided by `scale`."""
    if chart.kind == "scatter":
        return _scatter(slide, chart, box)
    data = CategoryData(number_format=scale.number_format)
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.label, [scale.of(value) for value in series.values])
    shape = slide.shapes.add_chart(_type_of(chart), *map(Inches, box), data)
    _describe(shape, chart)
    made = shape.chart
    _dress(made, legend=chart.kind == "pie" or len(chart.series) > 1)
    if chart.kind == "pie":
        _pie(made, chart.categories, chart.keys)
        return shape
    _axes(made, chart, scale)
    for place, (plotted, series) in enumerate(zip(made.plots[0].series, chart.series, strict=True)):
        _paint(plotted, colour_of(series.key, place), chart.kind, len(series.values))
    if chart.kind in ("bar", "stacked"):
        made.plots[0].gap_width = 45 if len(chart.series) == 1 or chart.kind == "stacked" else 60
        made.plots[0].overlap = 100 if chart.kind == "stacked" else -5
    if len(chart.series) == 1 and chart.kind == "bar" and len(chart.categories) <= LABELS_UP_TO:
        _label(made.plots[0], scale)
    return shape


def _type_of(chart):
    several = len(chart.series) > 1
    return {
        "bar": TYPE.BAR_CLUSTERED if chart.horizontal else TYPE.COLUMN_CLUSTERED,
        "stacked": TYPE.BAR_STACKED if chart.horizontal else TYPE.COLUMN_STACKED,
        "line": TYPE.LINE_MARKERS, "area": TYPE.AREA_STACKED if several else TYPE.AREA, "pie": TYPE.DOUGHNUT,
    }[chart.kind]  # fmt: skip


def _describe(shape, chart):
    named = shape._element.nvGraphicFramePr.cNvPr
    named.set("name", chart.name)
    named.set("descr", chart.takeaway or chart.title)
    shape.chart.has_title = False


def _dress(made, *, legend):
    made.font.size = Pt(TEXT_SIZE)
    made.font.color.rgb = RGBColor.from_string(colour("--muted"))
    face(made.font._rPr)
    made.has_legend = legend
    if legend:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False


def _axes(made, chart, scale):
    values, names = made.value_axis, made.category_axis
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(colour("--line"))
    values.major_gridlines.format.line.width = Pt(0.75)
    values.format.line.fill.background()
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = _round(chart, scale), False
    names.format.line.color.rgb = RGBColor.from_string(colour("--line-strong"))
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if chart.kind in ("bar", "stacked") and min((value for value in numbers_of(chart) if value is not None), default=0) >= 0:
        values.minimum_scale = 0
    if chart.unit == "share" and 0.5 < max((value for value in numbers_of(chart) if value is not None), default=0) <= 1:
        values.maximum_scale = 1
    if chart.horizontal and chart.kind in ("bar", "stacked"):
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        names.tick_labels.font.color.rgb = RGBColor.from_string(colour("--ink"))
        names.tick_labels.font.size = Pt(TEXT_SIZE)
        face(names.tick_labels.font._rPr)
    if len(chart.series) == 1 and chart.kind == "bar" and len(chart.categories) <= LABELS_UP_TO:
        values.visible, values.has_major_gridlines = False, False


def _round(chart, scale):
    """How the axis is written: without decimals where its steps are surely whole ones."""
    known = [abs(value) for value in numbers_of(chart) if value is not None]
    whole = max(known, default=0) / scale.divisor > (0.1 if chart.unit == "share" else 12)
    return {"#,##0.0": "#,##0", "0.0%": "0%"}.get(scale.number_format, scale.number_format) if whole else scale.number_format


def _paint(plotted, value, kind, points):
    if kind == "line":
        plotted.smooth = False
        plotted.format.line.color.rgb = RGBColor.from_string(value)
        plotted.format.line.width = Pt(2.25)
        plotted.marker.style = XL_MARKER_STYLE.CIRCLE if points <= 18 else XL_MARKER_STYLE.NONE
        plotted.marker.size = 6
        plotted.marker.format.fill.solid()
        plotted.marker.format.fill.fore_color.rgb = RGBColor.from_string(value)
        plotted.marker.format.line.color.rgb = RGBColor.from_string(value)
        return
    plotted.format.fill.solid()
    plotted.format.fill.fore_color.rgb = RGBColor.from_string(value)
    if kind in ("bar", "stacked"):
        plotted.invert_if_negative = False


def _label(plot, scale):
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = scale.number_format, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(TEXT_SIZE)
    labels.font.color.rgb = RGBColor.from_string(colour("--ink"))
    face(labels.font._rPr)


def _pie(made, names, keys):
    plot = made.plots[0]
    for place, name in enumerate(names):
        fill = plot.series[0].points[place].format
        fill.fill.solid()
        fill.fill.fore_color.rgb = RGBColor.from_string(colour_of(keys.get(name, ""), place))
        fill.line.color.rgb = RGBColor.from_string(colour("--card"))
    made.legend.position = XL_LEGEND_POSITION.BOTTOM
    values = [value or 0 for value in plot.series[0].values]
    labels = plot.series[0].data_labels
    labels.show_percentage, labels.show_value, labels.number_format, labels.number_format_is_linked = True, False, "0%", False
    labels.font.size, labels.font.bold = Pt(TEXT_SIZE), True
    labels.font.color.rgb = RGBColor.from_string(colour("--card"))
    face(labels.font._rPr)
    for place, value in enumerate(values):
        if value < SLIVER * sum(values):  # no room for a number; the legend and the table have it
            _unlabelled(plot.series[0], place)
    hole = plot._element.find(qn("c:holeSize"))
    if hole is None:
        hole = etree.SubElement(plot._element, qn("c:holeSize"))
    hole.set("val", "58")


def _unlabelled(series, place):
    labels = series._element.get_or_add_dLbls()
    label = etree.Element(qn("c:dLbl"))
    etree.SubElement(label, qn("c:idx"), val=str(place))
    etree.SubElement(label, qn("c:delete"), val="1")
    labels.insert(len(labels.findall(qn("c:dLbl"))), label)


def _scatter(slide, chart, box):
    """Dots whose area tells the size, a series a colour. Not a native bubble chart: programs other than PowerPoint draw those wrongly."""
    groups = points_of(chart)
    data = PointData(number_format=NUMBER_FORMATS["score"])
    for key, points in groups.items():
        plotted = data.add_series(chart.names.get(key, key) or chart.title)
        for point in points:
            plotted.add_data_point(point.x, point.y)
    shape = slide.shapes.add_chart(TYPE.XY_SCATTER, *map(Inches, box), data)
    _describe(shape, chart)
    made = shape.chart
    _dress(made, legend=len(groups) > 1)
    _axes(made, chart, Scale(1, "", "0"))
    across, up, _size = axes_of(chart)
    for axis, name in ((made.category_axis, across), (made.value_axis, up)):
        axis.has_major_gridlines = axis is made.value_axis
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 100, 25
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
        _name(axis, name)
    biggest = max((point.size or 0 for points in groups.values() for point in points), default=0)
    for place, (plotted, (key, points)) in enumerate(zip(made.plots[0].series, groups.items(), strict=True)):
        plotted.format.line.fill.background()
        _dot(plotted.marker, colour_of(key, place), 7)
        for at, point in enumerate(points):
            if biggest and point.size is not None:
                _dot(plotted.points[at].marker, colour_of(key, place), 5 + round(17 * (max(point.size, 0) / biggest) ** 0.5))
    return shape


def _name(axis, name):
    axis.has_title = bool(name)
    if name:
        paragraph = axis.axis_title.text_frame.paragraphs[0]
        write(paragraph, name, size=TEXT_SIZE, token="--muted")


def _dot(marker, value, size):
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = RGBColor.from_string(value)
    marker.format.line.color.rgb = RGBColor.from_string(colour("--card"))
    etree.SubElement(marker.format.fill._xPr.find(qn("a:solidFill")).find(qn("a:srgbClr")), qn("a:alpha"), val="70000")

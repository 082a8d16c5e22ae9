"""Native tables: plain, narrow rows, numbers to the right, nothing that spills out of its cell."""

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from segmentation.reports.look import colour
from segmentation.reports.pptx.fitting import lines_of, shortened, width_of
from segmentation.reports.pptx.shapes import write

ROW, SIZE, HEAD_SIZE, PADDING = 0.315, 11, 10.5, 0.08
HEAD_OF_TWO = 0.5
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"
ORDER_OF_LINES = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")


def put_table(slide, head, rows, box, *, right, language, fills=None, widest=0.42, row=ROW):
    """`head` and `rows` are texts; `right`: indexes of columns of numbers; `fills`: {(row, column): (RRGGBB, ink token)}.

    `box` is left, top and width; the height follows the rows.
    """
    left, top, width = box
    shape = slide.shapes.add_table(len(rows) + 1, len(head), Inches(left), Inches(top), Inches(width), Inches(row * (len(rows) + 1)))
    table = shape.table
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    properties.find(qn("a:tableStyleId")).text = PLAIN_STYLE
    widths = widths_of(head, rows, width, widest)
    for column, each in zip(table.columns, widths, strict=True):
        column.width = Inches(each)
    two_lines = any(lines_of(title, HEAD_SIZE * 1.06, each - 2 * PADDING) > 1 for title, each in zip(head, widths, strict=True))
    for place, cells in enumerate([head, *rows]):
        table.rows[place].height = Inches(HEAD_OF_TWO if two_lines and place == 0 else row)
        for column, text in enumerate(cells):
            fill = (fills or {}).get((place - 1, column))
            _cell(table.cell(place, column), text, widths[column], head=place == 0, right=column in right, fill=fill, language=language)
    return shape


def widths_of(head, rows, width, widest):
    """Each column as wide as its longest text asks (a head may take two lines), none over `widest` of all, the rest shared out in proportion."""
    wanted = []
    for column, title in enumerate(head):
        half = max(
            width_of(word, HEAD_SIZE) * 1.15 for word in [title[: len(title) // 2 + 2] if not title.isascii() else "", *title.split()]
        )
        longest = max([min(half, width_of(title, HEAD_SIZE) * 1.1), *(width_of(row[column], SIZE) * 1.06 for row in rows)])
        wanted.append(min(longest + 2 * PADDING + 0.12, widest * width))
    return [each * width / sum(wanted) for each in wanted]


def _cell(cell, text, width, *, head, right, fill, language):
    size = HEAD_SIZE if head else SIZE
    cell.margin_left = cell.margin_right = Inches(PADDING)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    cell.text_frame.word_wrap = head
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    token = fill[1] if fill else "--accent-ink" if head else "--ink"
    write(
        paragraph,
        shortened(text, size * (1.06 if head else 1), width - 2 * PADDING, 2 if head else 1),
        size=size,
        bold=head,
        token=token,
        language=language,
    )
    _line(cell._tc.get_or_add_tcPr(), colour("--accent" if head else "--line"), Pt(1.25 if head else 0.75))
    if fill or head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fill[0] if fill else colour("--accent-tint"))


def _line(properties, value, width):
    """A line below the cell."""
    line = etree.Element(qn("a:lnB"), w=str(int(width)), cap="flat", cmpd="sng", algn="ctr")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=value)
    properties.insert(0, line)

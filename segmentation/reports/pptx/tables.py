"""Native tables: plain rows as high as their texts, numbers to the right and never cut, nothing that spills out of its cell."""

from dataclasses import dataclass

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from segmentation.reports.look import colour
from segmentation.reports.pptx.fitting import LINE, POINTS, lines_of, shortened, width_of
from segmentation.reports.pptx.shapes import write

ROW, SIZE, HEAD_SIZE, PADDING = 0.315, 11, 10.5, 0.08
MOST_LINES = 3  # of a cell
NARROWEST = 0.9  # inches of a column of words
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"


@dataclass(frozen=True)
class Fitted:
    """A table measured for a width: how wide its columns, how high its head and rows come to."""

    head: list
    rows: list
    widths: list
    head_height: float
    heights: list

    @property
    def height(self) -> float:
        return self.head_height + sum(self.heights)

    def part(self, start, end):
        return Fitted(self.head, self.rows[start:end], self.widths, self.head_height, self.heights[start:end])


def fitted(head, rows, width, *, right, row=ROW) -> Fitted:
    """`head` and `rows` are texts; `right`: indexes of columns of numbers."""
    widths = _widths(head, rows, width, right)
    room = [each - 2 * PADDING for each in widths]
    head_lines = max((min(MOST_LINES, lines_of(title, HEAD_SIZE * 1.06, each)) for title, each in zip(head, room, strict=True)), default=1)
    heights = []
    for cells in rows:
        lines = max(min(MOST_LINES, lines_of(text, SIZE, room[place])) for place, text in enumerate(cells))
        heights.append(max(row, _tall(lines, SIZE)))
    return Fitted(list(head), list(rows), widths, max(row, _tall(head_lines, HEAD_SIZE)), heights)


def _tall(lines, size):
    return lines * size * LINE / POINTS + 0.12


def pages_of(table: Fitted, height: float) -> list[Fitted]:
    """Parts that are no higher than `height`, each under the head."""
    parts, start, tall = [], 0, table.head_height
    for place, each in enumerate(table.heights):
        if place > start and tall + each > height:
            parts.append(table.part(start, place))
            start, tall = place, table.head_height
        tall += each
    return [*parts, table.part(start, len(table.rows))]


def put_table(slide, table: Fitted, place, *, right, language, fills=None) -> float:
    """Draw at `place` (left, top); answers where the table ends. `fills`: {(row, column): (RRGGBB, ink token)}."""
    left, top = place
    shape = slide.shapes.add_table(len(table.rows) + 1, len(table.head), *map(Inches, (left, top, sum(table.widths), table.height)))
    drawn = shape.table
    properties = drawn._tbl.tblPr
    properties.set("bandRow", "0")
    properties.find(qn("a:tableStyleId")).text = PLAIN_STYLE
    for column, each in zip(drawn.columns, table.widths, strict=True):
        column.width = Inches(each)
    for at, cells in enumerate([table.head, *table.rows]):
        drawn.rows[at].height = Inches(table.heights[at - 1] if at else table.head_height)
        for column, text in enumerate(cells):
            fill = (fills or {}).get((at - 1, column))
            _cell(drawn.cell(at, column), text, table.widths[column], head=at == 0, right=column in right, fill=fill, language=language)
    return top + table.height


def _widths(head, rows, width, right):
    """Columns of numbers as wide as their numbers ask; words share what is left, as their longest texts ask."""
    wanted = _wanted(head, rows)
    words = [place for place in range(len(head)) if place not in right]
    if (asked := sum(wanted)) <= width or not words:
        return [each * width / asked for each in wanted]
    left = width - sum(wanted[place] for place in range(len(head)) if place in right)
    share = _shared({place: wanted[place] for place in words}, max(left, NARROWEST * len(words)))
    found = [share.get(place, each) for place, each in enumerate(wanted)]
    return [each * width / sum(found) for each in found]


def _wanted(head, rows):
    return [
        max(_head_width(title), *(width_of(row[column], SIZE) * 1.1 for row in rows), 0) + 2 * PADDING + 0.06
        for column, title in enumerate(head)
    ]


def asked_width(head, rows, right) -> float:
    """What a table asks for at the least: its numbers whole, its words in two lines."""
    return sum(each if place in right else max(each * 0.6, min(each, NARROWEST)) for place, each in enumerate(_wanted(head, rows)))


def _shared(wanted, room):
    """Those that ask for less than an even share get what they ask; the others share the rest."""
    even = room / len(wanted)
    modest = {place: each for place, each in wanted.items() if each <= even}
    if not modest or len(modest) == len(wanted):
        total = sum(wanted.values())
        return {place: each if total <= room else even for place, each in wanted.items()}
    greedy = {place: each for place, each in wanted.items() if place not in modest}
    return modest | _shared(greedy, room - sum(modest.values()))


def _head_width(title):
    """Wide enough for its longest word, and for the title in two lines."""
    longest = max((width_of(word, HEAD_SIZE) for word in title.split()), default=0) if title.isascii() else 0
    half = max(longest, width_of(title, HEAD_SIZE) * (0.6 if width_of(title, HEAD_SIZE) > 0.8 else 1))
    return half * 1.15


def _cell(cell, text, width, *, head, right, fill, language):
    size = HEAD_SIZE if head else SIZE
    cell.margin_left = cell.margin_right = Inches(PADDING)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    cell.text_frame.word_wrap = head or not right
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    token = fill[1] if fill else "--accent-ink" if head else "--ink"
    told = text if right and not head else shortened(text, size * (1.06 if head else 1), width - 2 * PADDING, MOST_LINES)
    write(paragraph, told, size=size, bold=head, token=token, language=language)
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

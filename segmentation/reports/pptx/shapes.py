"""Texts and shapes with both typefaces set, in inches and points."""

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from segmentation.reports.look import CHINESE, LATIN, colour

AFTER_FACES = ("a:cs", "a:sym", "a:hlinkClick", "a:hlinkMouseOver", "a:rtl", "a:extLst")


def face(properties):
    """Set Latin and Chinese typefaces on run properties, in the order the schema wants."""
    for name in ("a:latin", "a:ea", "a:cs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    later = next((child for child in properties if child.tag in {qn(name) for name in AFTER_FACES}), None)
    for name, typeface in (("a:latin", LATIN), ("a:ea", CHINESE), ("a:cs", LATIN)):
        made = etree.Element(qn(name), typeface=typeface)
        later.addprevious(made) if later is not None else properties.append(made)


def rgb(properties, value):
    fill = etree.SubElement(properties, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=value)


def write(paragraph, text, *, size, token="--ink", bold=False, language="en-GB"):
    """Add a run. Control letters that XML does not know are left out."""
    run = paragraph.add_run()
    run.text = "".join(letter for letter in text if letter >= " " or letter == "\t")
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(colour(token))
    properties = run._r.get_or_add_rPr()
    properties.set("lang", language)
    properties.set("altLang", "zh-CN" if language.startswith("en") else "en-GB")
    face(properties)
    return run


def frame(shape, *, anchor="top", margins=(0.0, 0.0)):
    """The text frame of a shape, wrapped, with its margins."""
    text = shape.text_frame
    text.word_wrap = True
    text.margin_left = text.margin_right = Inches(margins[0])
    text.margin_top = text.margin_bottom = Inches(margins[1])
    text.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}[anchor]
    return text


def put(slide, text, box, *, size, token="--ink", bold=False, align="left", anchor="top", language="en-GB"):
    """A text box at `box` (left, top, width, height)."""
    shape = slide.shapes.add_textbox(*map(Inches, box))
    paragraph = frame(shape, anchor=anchor).paragraphs[0]
    paragraph.alignment = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}[align]
    write(paragraph, text, size=size, token=token, bold=bold, language=language)
    return shape


def block(slide, box, token, *, line=None, round_by=None):
    """A filled shape without words or shadow. `round_by`: radius in inches."""
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE if round_by else MSO_SHAPE.RECTANGLE, *map(Inches, box))
    if round_by:
        shape.adjustments[0] = min(0.5, round_by / min(box[2], box[3]))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour(token))
    if line:
        shape.line.color.rgb = RGBColor.from_string(colour(line))
        shape.line.width = Pt(0.75)
    else:
        shape.line.fill.background()
    shape.shadow.inherit = False
    return shape

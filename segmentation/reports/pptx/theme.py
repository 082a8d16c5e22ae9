"""The empty deck: 16:9, the product's colours and typefaces in its theme, two layouts, nothing else."""

import datetime as dt
import re

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from segmentation.reports.look import CHINESE, LATIN, colour
from segmentation.reports.pptx.shapes import face, rgb

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
INNER = WIDTH - 2 * MARGIN
TITLE_ONLY, BLANK = "Title Only", "Blank"
# The twelve colours that whoever edits the deck is offered.
SCHEME = {
    "dk1": "--ink", "lt1": "--card", "dk2": "--rail", "lt2": "--ground", "accent1": "--tier-3", "accent2": "--tier-1", "accent3": "--tier-4",
    "accent4": "--faint", "accent5": "--warn", "accent6": "--risk", "hlink": "--accent", "folHlink": "--muted",
}  # fmt: skip


def empty(report):
    """A presentation without slides, described by the report."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _keep_two_layouts(deck)
    _paint(deck)
    _place_titles(deck)
    about = deck.core_properties
    about.title, about.subject, about.author, about.last_modified_by = report.title, report.subtitle, "Greenlane", "Greenlane"
    about.created = about.modified = dt.datetime.combine(report.as_of, dt.time())
    about.language = "zh-CN" if report.language.startswith("zh") else "en-GB"
    about.revision = 1
    return deck


def layout(deck, name):
    return next(each for each in deck.slide_layouts if each.name == name)


def _keep_two_layouts(deck):
    for each in list(deck.slide_layouts):
        if each.name not in (TITLE_ONLY, BLANK):
            deck.slide_layouts.remove(each)
    for place in (deck.slide_master, *deck.slide_layouts):
        for shape in list(place.placeholders):
            if shape.placeholder_format.idx >= 10 or shape.placeholder_format.idx == 1:
                shape._element.getparent().remove(shape._element)


def _paint(deck):
    """Colours and typefaces of the theme, which is a part that python-pptx keeps as it came."""
    part = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    theme = etree.fromstring(part.blob)
    theme.set("name", "Greenlane")
    for name, token in SCHEME.items():
        holder = theme.find(f".//{qn('a:clrScheme')}/{qn('a:' + name)}")
        holder[:] = [etree.SubElement(holder, qn("a:srgbClr"), val=colour(token))]
    for fonts in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
        fonts.find(qn("a:latin")).set("typeface", LATIN)
        fonts.find(qn("a:ea")).set("typeface", CHINESE)
        for script in fonts.findall(qn("a:font")):
            if script.get("script") == "Hans":
                script.set("typeface", CHINESE)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _place_titles(deck):
    for place in (deck.slide_master, layout(deck, TITLE_ONLY)):
        for shape in place.placeholders:
            shape.left, shape.top, shape.width, shape.height = Inches(MARGIN), Inches(0.62), Inches(INNER), Inches(0.9)
    style = deck.slide_master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    run = style.find(qn("a:defRPr"))
    run.set("sz", str(Pt(24).centipoints))
    run.set("b", "1")
    run[:] = []
    rgb(run, colour("--ink"))
    face(run)
    for body in deck.slide_master._element.iter(qn("a:bodyPr")):
        for side in ("lIns", "rIns", "tIns", "bIns"):
            body.set(side, str(Emu(0)))
    assert not re.search("Calibri", etree.tostring(style).decode())

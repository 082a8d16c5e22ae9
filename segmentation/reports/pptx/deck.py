"""The deck, slide by slide: title, agenda, and of every chapter its message, its figures, a slide a chart, its tables in pages, its actions."""

from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from segmentation.reports.document import Chart, Report, Table
from segmentation.reports.pptx import blocks, theme
from segmentation.reports.pptx.fitting import height_of, largest_size, shortened
from segmentation.reports.pptx.shapes import block, face, frame, put, write
from segmentation.reports.pptx.theme import INNER, MARGIN, WIDTH
from segmentation.reports.writing import written

BODY_TOP, BODY_BOTTOM = 1.75, 6.82
FOOT = 7.05
FIGURES_A_SLIDE, FIGURES_AT_MOST = 8, 10


class Deck:
    def __init__(self, report: Report, listen):
        self.report, self.listen = report, listen
        self.appendix: dict[str, list] = {}  # tables that no chart stands for: to look things up in, not to talk about
        self.language = "zh-CN" if report.language.startswith("zh") else "en-GB"
        self.deck = theme.empty(report)
        self.as_of = _("As of %(day)s") % {"day": report.as_of.isoformat()}

    def made(self):
        self._title()
        self._agenda()
        for number, chapter in enumerate(self.report.chapters, 1):
            self._chapter(number, chapter)
            self.listen(number, len(self.report.chapters))
        for kicker, tables in self.appendix.items():
            blocks.put_appendix(self, f"{_('Appendix')} · {kicker}", tables)
        self._definitions()
        self._sources()
        return self.deck

    # -- the frame of a slide ------------------------------------------------------------------------------------------------------------

    def slide(self, kicker, headline):
        """An empty slide with its one message and its foot."""
        slide = self.deck.slides.add_slide(theme.layout(self.deck, theme.TITLE_ONLY))
        title = slide.shapes.title
        text = frame(title, anchor="top")
        size = largest_size([headline], INNER, 0.92, (26, 24, 22, 20, 18, 16))
        write(text.paragraphs[0], headline, size=size, bold=True, language=self.language)
        text.paragraphs[0].line_spacing = 1.0
        block(slide, (MARGIN, 0.36, 0.28, 0.045), "--accent")
        self.put(slide, kicker, (MARGIN + 0.38, 0.24, INNER - 0.4, 0.3), size=11, token="--accent-ink", bold=True, anchor="middle")
        self._foot(slide)
        return slide

    def put(self, slide, text, box, **how):
        return put(slide, text, box, language=self.language, **how)

    def _foot(self, slide):
        """Whose report and of which day; under it what it rests on."""
        width, report = INNER - 2.1, self.report
        self.put(
            slide,
            shortened(" · ".join([report.title, report.subtitle, self.as_of]), 9, width),
            (MARGIN, FOOT - 0.06, width, 0.2),
            size=9,
            token="--muted",
        )
        if report.sources:
            listed = _("; ").join(source.rstrip(".。") for source in report.sources)
            said = _("Sources: %(list)s") % {"list": listed}
            size = largest_size([said], width, 0.2, (9, 8, 7))
            self.put(slide, shortened(said, size, width), (MARGIN, FOOT + 0.13, width, 0.2), size=size, token="--muted")
        if report.synthetic:
            self._synthetic(slide, (WIDTH - MARGIN - 1.9, FOOT - 0.01, 1.3, 0.26))
        number = self.put(slide, "", (WIDTH - MARGIN - 0.5, FOOT, 0.5, 0.24), size=9, token="--muted", align="right", anchor="middle")
        _as_slide_number(number, len(self.deck.slides))

    def _synthetic(self, slide, box):
        shape = block(slide, box, "--warn-tint", round_by=0.13)
        paragraph = frame(shape, anchor="middle").paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        write(paragraph, _("Synthetic data"), size=9, token="--warn-ink", bold=True, language=self.language)

    # -- what stands before the chapters -------------------------------------------------------------------------------------------------

    def _title(self):
        slide = self.deck.slides.add_slide(theme.layout(self.deck, theme.TITLE_ONLY))
        block(slide, (0, 0, WIDTH, theme.HEIGHT), "--rail")
        block(slide, (0, 0, 0.22, theme.HEIGHT), "--rail-mark")
        title = slide.shapes.title
        slide.shapes._spTree.append(title._element)  # above the ground
        title.left, title.top, title.width, title.height = (Inches(each) for each in (1.1, 2.2, 11, 1.3))
        size = largest_size([self.report.title], 11, 1.3, (44, 40, 36, 32, 28))
        write(frame(title, anchor="bottom").paragraphs[0], self.report.title, size=size, token="--card", bold=True, language=self.language)
        self.put(
            slide,
            self.report.subtitle,
            (1.1, 3.72, 11, 0.9),
            size=largest_size([self.report.subtitle], 11, 0.9, (20, 18, 16, 14)),
            token="--rail-ink",
        )
        self.put(slide, self.as_of, (1.1, 4.7, 11, 0.4), size=16, token="--rail-mark", bold=True)
        self.put(slide, "Greenlane", (1.1, 6.7, 4, 0.35), size=12, token="--rail-muted")
        if self.report.synthetic:
            self._synthetic(slide, (WIDTH - MARGIN - 1.9, 6.7, 1.9, 0.3))

    def _agenda(self):
        chapters = self.report.chapters
        slide = self.slide(
            _("Agenda"),
            ngettext("What this report says in %(n)d chapter", "What this report says in %(n)d chapters", len(chapters))
            % {"n": len(chapters)},
        )
        height = min(0.86, (BODY_BOTTOM - BODY_TOP) / max(1, len(chapters)))
        for place, chapter in enumerate(chapters):
            top = BODY_TOP + place * height
            self.put(slide, f"{place + 1}", (MARGIN, top, 0.5, height), size=22, token="--accent", bold=True, anchor="middle")
            self.put(slide, chapter.title, (MARGIN + 0.6, top, 2.5, height), size=16, bold=True, anchor="middle")
            said = (chapter.sentences or chapter.missing or ("",))[0]
            size = largest_size([said], INNER - 3.3, height - 0.14, (14, 13, 12, 11, 10))
            self.put(
                slide,
                shortened(said, size, INNER - 3.3, 3),
                (MARGIN + 3.2, top, INNER - 3.2, height),
                size=size,
                token="--muted",
                anchor="middle",
            )
            block(slide, (MARGIN, top + height - 0.01, INNER, 0.01), "--line")

    # -- a chapter -----------------------------------------------------------------------------------------------------------------------

    def _chapter(self, number, chapter):
        kicker = f"{number} · {chapter.title}"
        headline = (chapter.sentences or (chapter.title,))[0]
        slide = self.slide(kicker, headline)
        top = self._said(slide, chapter.sentences[1:])
        figures = chapter.figures
        alone = not figures and len(chapter.sentences) < 3  # there is room for the end on the chapter's first slide
        if alone:
            self._lists(slide, chapter, top)
        room = 4 if top > 3.6 else len(figures) if len(figures) <= FIGURES_AT_MOST else FIGURES_A_SLIDE
        blocks.put_figures(self, slide, figures[:room], top)
        for at in range(room, len(figures), FIGURES_A_SLIDE):
            some = figures[at : at + FIGURES_A_SLIDE]
            told = [
                _("%(figure)s: %(value)s") % {"figure": figure.label, "value": written(figure.value, figure.unit)} for figure in some[:2]
            ]
            blocks.put_figures(self, self.slide(kicker, _("; ").join(told)), some, BODY_TOP)
        told = [each for each in chapter.blocks if isinstance(each, (Chart, Table))]
        beside = {id(table) for chart, table in pairwise(told) if blocks.go_together(chart, table)}
        for each, following in zip(told, [*told[1:], None], strict=False):
            if isinstance(each, Chart):
                blocks.put_chart_slide(self, kicker, each, following if id(following) in beside else None)
            elif id(each) in beside:
                if blocks.beside(each) is not each:  # some columns found no room there
                    self.appendix.setdefault(kicker, []).append(each)
            elif chapter.charts and not each.takeaway:
                self.appendix.setdefault(kicker, []).append(each)
            else:
                blocks.put_table_slides(self, kicker, each)
        if not alone and (chapter.actions or chapter.missing):
            title = _("%(chapter)s: what to do now") if chapter.actions else _("%(chapter)s: what is missing")
            self._lists(self.slide(kicker, title % {"chapter": chapter.title}), chapter, BODY_TOP)

    def _said(self, slide, sentences):
        """The sentences under the headline; answers where the next thing may begin."""
        top = BODY_TOP
        for sentence in sentences:
            height = height_of(sentence, 16, INNER - 0.4) + 0.14
            block(slide, (MARGIN, top + 0.05, 0.05, height - 0.12), "--rail-mark")
            self.put(slide, sentence, (MARGIN + 0.22, top, INNER - 0.3, height), size=16)
            top += height + 0.06
        return top + 0.16

    def _lists(self, slide, chapter, top):
        """Actions, and beside them what is missing."""
        height = BODY_BOTTOM - top
        if chapter.actions and chapter.missing:
            self._list(slide, _("What to do now"), chapter.actions, (MARGIN, top, 7.4, height), numbered=True)
            self._list(slide, _("What is missing"), chapter.missing, (MARGIN + 7.8, top, INNER - 7.8, height), token="--warn")
        elif chapter.actions:
            self._list(slide, "", chapter.actions, (MARGIN, top, INNER, height), numbered=True)
        elif chapter.missing:
            self._list(slide, _("What is missing"), chapter.missing, (MARGIN, top, INNER, height), token="--warn")

    def _list(self, slide, title, items, box, *, numbered=False, token="--accent"):
        """Items one under the other, as large as they fit."""
        left, top, width, height = box
        if title:
            self.put(slide, title, (left, top, width, 0.35), size=13, token="--muted", bold=True)
            top, height = top + 0.45, height - 0.45
        size = largest_size(items, width - 0.9, height, (18, 16, 14, 12, 11), gap=0.5 if numbered else 0.2)
        for place, item in enumerate(items, 1):
            tall = height_of(item, size, width - 0.9) + (0.3 if numbered else 0)
            if numbered:
                block(slide, (left, top, width, tall), "--inset", line="--line", round_by=0.08)
                self.put(slide, f"{place}", (left + 0.2, top, 0.4, tall), size=size, token=token, bold=True, anchor="middle")
            else:
                block(slide, (left + 0.04, top + size / 72 * 0.45, 0.11, 0.11), token)
            indent = 0.65 if numbered else 0.4
            self.put(slide, item, (left + indent, top, width - indent - 0.2, tall), size=size, anchor="middle" if numbered else "top")
            top += tall + 0.18

    # -- what stands after them ----------------------------------------------------------------------------------------------------------

    def _definitions(self):
        rows = list(
            {
                figure.name: (figure.label, figure.meaning)
                for chapter in self.report.chapters
                for figure in chapter.figures
                if figure.meaning
            }.values()
        )
        blocks.put_rows(self, _("Appendix"), _("What the figures mean"), [_("Figure"), _("Meaning")], rows)

    def _sources(self):
        if self.report.sources:
            slide = self.slide(_("Appendix"), _("What this report rests on"))
            self._list(slide, self.as_of, self.report.sources, (MARGIN, BODY_TOP, INNER, BODY_BOTTOM - BODY_TOP))


def _as_slide_number(shape, number):
    """Makes the text of the box the field that counts slides, so that slides can be moved."""
    paragraph = shape.text_frame.paragraphs[0]._p
    field = paragraph.makeelement(qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
    run = paragraph.find(qn("a:r"))
    field.append(run.find(qn("a:rPr")))
    text = run.find(qn("a:t"))
    text.text = str(number)
    field.append(text)
    paragraph.replace(run, field)
    face(field.find(qn("a:rPr")))
    shape.text_frame.paragraphs[0].font.size = Pt(9)

"""Formats a report is written in: name -> function(report, listen) -> bytes. `listen(done, of)`, where given, hears of progress."""

import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable

from segmentation.reports import pdf, pptx, xlsx
from segmentation.reports.charts import chart_as_json
from segmentation.reports.document import Chart, Figure, Report, Table

Listener = Callable[[int, int], None]


def as_json(report: Report, listen: Listener | None = None) -> bytes:
    return json.dumps(as_dict(report), ensure_ascii=False, indent=2, default=_plain).encode()


def as_dict(report: Report) -> dict:
    """The document with the kind of every block named; a chart carries what draws it."""
    told = {field.name: getattr(report, field.name) for field in dataclasses.fields(report) if field.name != "chapters"}
    return told | {
        "as_of": report.as_of.isoformat(),
        "sources": list(report.sources),
        "chapters": [_chapter(chapter) for chapter in report.chapters],
    }


def _chapter(chapter):
    return {
        "name": chapter.name, "title": chapter.title, "sentences": list(chapter.sentences), "blocks": [_block(block) for block in chapter.blocks],
        "actions": list(chapter.actions), "missing": list(chapter.missing),
    }  # fmt: skip


def _block(block):
    told = dataclasses.asdict(block)
    if isinstance(block, Figure):
        return {"block": "figure"} | told
    if isinstance(block, Table):
        return {"block": "table"} | told | {"rows": [list(row) for row in block.rows], "links": list(block.links)}
    if isinstance(block, Chart):
        return {"block": "chart"} | told | {"drawing": chart_as_json(block)}
    raise TypeError(f"no block of a report: {type(block).__name__}")


def _plain(value):
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def _by(drawing):
    def draw(report: Report, listen: Listener | None = None) -> bytes:
        file = io.BytesIO()
        drawing.draw(report, file, listen=listen or _nobody)
        return file.getvalue()

    return draw


def _nobody(done, of):
    """Hears nothing."""


DRAWINGS: dict[str, Callable[..., bytes]] = {"json": as_json, "pptx": _by(pptx), "pdf": _by(pdf), "xlsx": _by(xlsx)}
MIME_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

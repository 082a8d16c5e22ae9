"""Formats a report is written in: name -> function(report) -> bytes. A drawing registers itself here."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable

from segmentation.reports.charts import chart_as_json
from segmentation.reports.document import Chart, Figure, Report, Table


def as_json(report: Report) -> bytes:
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


DRAWINGS: dict[str, Callable[[Report], bytes]] = {"json": as_json}

"""A report as a page prints it: texts for numbers, JSON for charts; figures side by side come in one group."""

import json

from segmentation.reports.charts import chart_as_json
from segmentation.reports.document import Chapter, Chart, Figure, Report, Table
from segmentation.reports.facts import said

NUMBERS = {"count", "fen", "kwh", "kw", "share", "days", "hours", "score", "ratio"}


def chapters_of(report: Report) -> list[dict]:
    return [_chapter(chapter, report.language) for chapter in report.chapters]


def _chapter(chapter: Chapter, language) -> dict:
    groups: list[dict] = []
    for block in chapter.blocks:
        if isinstance(block, Figure):
            if not groups or "figures" not in groups[-1]:
                groups.append({"figures": []})
            groups[-1]["figures"].append(_figure(block, language))
        elif isinstance(block, Chart):
            groups.append({"chart": _chart(chapter, block)})
        else:
            groups.append({"table": _table(block, language)})
    return {"chapter": chapter, "groups": groups}


def _figure(figure: Figure, language) -> dict:
    note = figure.meaning
    if figure.before is not None and figure.before != figure.value:
        note = f"{said(figure.before, figure.unit, language)} → {said(figure.value, figure.unit, language)}"
    return {
        "label": figure.label,
        "value": said(figure.value, figure.unit, language),
        "note": note,
        "url": figure.link,
        "meaning": figure.meaning,
    }


def _chart(chapter: Chapter, chart: Chart) -> dict:
    tall = chart.kind == "sankey" or (chart.horizontal and len(chart.categories) > 7)
    return {
        "id": f"chart-{chapter.name}-{chart.name}",
        "chart": chart,
        "json": json.dumps(chart_as_json(chart)),
        "size": "lg" if tall else "md",
    }


def _table(table: Table, language) -> dict:
    links = table.links or ("",) * len(table.rows)
    drill = table.drill or (("",) * len(table.columns),) * len(table.rows)
    rows = [
        {
            "link": link,
            "cells": [
                {"text": said(value, column.unit, language), "label": column.label, "num": column.unit in NUMBERS, "url": value and url}
                for column, value, url in zip(table.columns, row, urls, strict=True)
            ],
        }
        for row, link, urls in zip(table.rows, links, drill, strict=True)
    ]
    heads = [{"label": column.label, "num": column.unit in NUMBERS} for column in table.columns]
    return {"table": table, "heads": heads, "rows": rows}

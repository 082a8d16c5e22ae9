"""Every figure of the reports, by name: page, files and API read this list, so that no two disagree."""

from segmentation.reports.figures import accounts, churn, credit, service, use, value
from segmentation.reports.figures.definition import ALL, Breakdown, Definition

TOPICS = (accounts, use, credit, service, churn, value)
FIGURES: dict[str, Definition] = {figure.name: figure for topic in TOPICS for figure in topic.FIGURES}

__all__ = ["ALL", "FIGURES", "Breakdown", "Definition"]

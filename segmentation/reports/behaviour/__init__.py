"""The customer behaviour report: one file a chapter, each `chapter(facts) -> Chapter` with the breakdowns it reads."""

from segmentation.reports.behaviour import churn, consumption, credit, overview, satisfaction, value

CHAPTERS = (overview, consumption, credit, satisfaction, churn, value)
BREAKDOWNS = tuple(breakdown for chapter in CHAPTERS for breakdown in chapter.BREAKDOWNS)

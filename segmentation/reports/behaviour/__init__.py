"""The customer behaviour report: one file a chapter, each `chapter(facts) -> Chapter` with the breakdowns it reads."""

from segmentation.reports.behaviour import consumption, overview

CHAPTERS = (overview, consumption)
BREAKDOWNS = tuple(breakdown for chapter in CHAPTERS for breakdown in chapter.BREAKDOWNS)

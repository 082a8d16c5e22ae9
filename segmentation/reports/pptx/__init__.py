"""A report as a deck of 16:9 slides with native, editable charts. The same report gives the same bytes."""

from django.utils import translation

from segmentation.reports.document import Report
from segmentation.reports.pptx.deck import Deck
from segmentation.reports.pptx.packing import pack


def draw(report: Report, file, listen=lambda done, of: None) -> None:
    """Write the deck into an open binary file."""
    with translation.override(report.language):
        pack(Deck(report, listen).made(), file)

"""Why the engine refuses numbers, as a person who typed them on the page reads it. The engine names keys, in English."""

from django.utils.translation import gettext_lazy as _

# By how the engine's message begins.
SAID = {
    "value.current_share:": _("The weight of current value must be above 0 and at most 100 %."),
    "value.winsor:": _("The cut at either end must be at least 0 and under 50 %."),
    "value.margin": _("The points past the border must be 0 or more, the runs in a row 1 or more."),
    "value.shares.": _("The shares of the tiers must not be negative and must add up to at most 100 %."),
    "credit.b_from": _("Grade B must begin above 0 and below grade A, and grade A at most at 100."),
    "credit.start:": _("A new account must start within grade B."),
    "warning.bands: watch": _("The bands must rise: watch below elevated, elevated below high."),
    "warning.stopped and": _("An account that stopped or collapsed must reach at least the band “watch”."),
    "warning:": _("The points of a rule must stay between 0 and 100."),
}


def said(error: Exception) -> str:
    """The refusal in the reader's language; one that only a program can meet stays as the engine wrote it."""
    message = str(error)
    return next((str(words) for start, words in SAID.items() if message.startswith(start)), message)

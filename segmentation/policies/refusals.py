"""Why the engine refuses numbers, as a person who typed them on the page reads it. The engine names keys, in English."""

from django.utils.translation import gettext_lazy as _

# By how the engine's message begins.
SAID = {
    "The weights add up to": _("The weights of a side do not add up to 100 %. Change them until the sum under the column says 100 %."),
    "No weight may be negative": _("No weight may be negative."),
    "The pairwise judgements contradict": _(
        "The pairwise judgements contradict each other: the consistency ratio must stay under 0.10. Look for a pair that says the opposite of the others."
    ),
    "value.indicators: none": _("Each side needs at least one indicator: choose one for current and one for potential value."),
    "value.indicators: at most": _("A side can have at most 15 indicators."),
    "value.needed": _("Twelve months' use must stay among the indicators: without it nobody can be scored."),
    "value.cutoffs:": _("The cut-offs must rise from silver over gold and platinum to diamond."),
    "value.min_peers": _("A set of peers needs at least 2 accounts."),
    "value.quadrant_cuts": _("The borders of the quadrants must lie between 0 and 100."),
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

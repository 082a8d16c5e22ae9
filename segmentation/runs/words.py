"""Runs in words, in the reader's language."""

from django.utils.translation import gettext as _


def stage_words() -> dict[str, str]:
    return {
        "sync": _("Mirror what changed"),
        "features": _("Measure features"),
        "credit": _("Rate credit"),
        "value": _("Judge value"),
        "warning": _("Early warning"),
        "reasons": _("Write down reasons"),
        "publish": _("Publish"),
    }


def error_words(run) -> str:
    """Why a run failed and what to do next; empty for one that did not."""
    if not run.error:
        return ""
    code, _newline, detail = run.error.partition("\n")
    sentences = {
        "no_bills": _("No bill was issued up to %(detail)s. Import bills, or choose a later as-of date."),
        "bad_policy": _("A policy cannot be judged by: %(detail)s Publish a corrected version, then recompute."),
        "lost_scores": _(
            "The scores of run %(detail)s are no longer in the lake, so it cannot be put back in force. Recompute as of its date instead."
        ),
        "died": _("The worker was lost three times before the run was done. Check its memory and its log, then recompute."),
        "broke": _("It stopped with an error three times: %(detail)s. The worker's log has the rest; recompute once it is mended."),
    }
    return sentences.get(code, "%(detail)s") % {"detail": detail or code}

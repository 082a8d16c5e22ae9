"""Runs in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segmentation.runs.models import UsageState

REPAIRS_SHOWN = 5


def stage_words() -> dict[str, str]:
    return {
        "sync": _("Mirror what changed"),
        "features": _("Measure features"),
        "credit": _("Rate credit"),
        "value": _("Judge value"),
        "warning": _("Early warning"),
        "churn": _("Score by the model"),
        "reasons": _("Write down reasons"),
        "groups": _("Find groups"),
        "publish": _("Publish"),
    }


def repair_words(run) -> str:
    """Which files of the lake this run had to write again; empty when all were sound."""
    files = run.counts.get("repaired") or []
    if not files:
        return ""
    shown = ", ".join(files[:REPAIRS_SHOWN]) + (" …" if len(files) > REPAIRS_SHOWN else "")
    return ngettext(
        "One file of the lake was not what had been written, and was written again from the database: %(files)s",
        "%(count)s files of the lake were not what had been written, and were written again from the database: %(files)s",
        len(files),
    ) % {"count": len(files), "files": shown}


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
        "no_room": _("A disk is full: %(detail)s. Free some space, then recompute. What was in force stays in force."),
        "died": _("The worker was lost three times before the run was done. Check its memory and its log, then recompute."),
        "broke": _("It stopped with an error three times: %(detail)s. The worker's log has the rest; recompute once it is mended."),
    }
    return sentences.get(code, "%(detail)s") % {"detail": detail or code}


def why_unscored(standing) -> str:
    """Why an account has no tier, and what would give it one; empty where it has one."""
    if standing.tier:
        return ""
    if standing.usage_state == UsageState.CLOSED:
        return _("Not scored: the account was closed by the day of judgement. Its history says where it stood before.")
    if standing.kwh_12m is None:
        return _(
            "Not scored: no bill of the last 12 months is known, so it cannot be compared with its peers. It is scored once one is. That is its own answer, not the lowest tier."
        )
    return _("Not scored: too few bills are known to compare it with its peers. That is its own answer, not the lowest tier.")

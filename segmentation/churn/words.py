"""Trainings and models in the reader's words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from segmentation.churn.forms import KINDS
from segmentation.churn.models import Outcome
from segmentation.engine import explain

STAYS = "rules"


def outcome(name) -> str:
    return str(dict(Outcome.choices).get(name, name))


def kind(name) -> str:
    return str(dict(KINDS).get(name, name))


def column(name) -> str:
    """A feature in words, without what stands in brackets."""
    if not name:
        return _("Score")
    index = 1 if get_language().startswith("zh") else 0
    told = explain.CALLED.get(name) or explain.MEANINGS.get(name) or (name, name)
    return told[index].partition(" (" if not index else "（")[0]


def refusal(code, detail=None, message="") -> str:
    """Why nothing was learned, and what to do; the rule-based warning stays."""
    detail = detail or {}
    found = {"found": detail.get("found", "?"), "needed": detail.get("needed", "?"), "message": message}
    sentences = {
        "no_lake": _("The lake holds no accounts or bills yet. Import bills and recompute once, then train."),
        "one_class": _(
            "Nobody left within the horizon of any snapshot (or everybody did), so nothing can be told apart. Take more months, or wait."
        ),
        "too_few_leavers": _("Too few left: %(found)s, and %(needed)s are needed to learn from and to test on. Take more months, or wait.")
        % found,
        "no_columns": _(
            "Every feature is constant or missing throughout: nothing can be learned. Check that bills, payments and tickets are imported."
        ),
        "past_the_data": _(
            "The horizon reaches past the data: the snapshots need a year of bills before them, a whole horizon after them, and a gap of one between "
            "those learned from and those tested on. Choose a shorter horizon, more months, or wait."
        ),
        "columns_differ": _("A feature the model learned from is gone or was renamed: %(message)s Train again.") % found,
        "died": _("The worker was lost three times before the training was done. Check its memory and its log, then train again."),
        "broke": _("It stopped with an error three times: %(message)s. The worker's log has the rest.") % found,
    }
    return sentences.get(code, message or code)


def error(model) -> str:
    if not model.error:
        return ""
    code, _newline, message = model.error.partition("\n")
    numbers = [int(word) for word in message.replace(";", " ").split() if word.isdigit()]
    detail = {"found": numbers[0], "needed": numbers[1]} if len(numbers) > 1 else {}
    return refusal(code.strip(), detail, message.strip())


def refused(card) -> list[tuple[str, str]]:
    """(outcome, why it is left to the rules) of a card."""
    return [(outcome(name), refusal(it["code"], it.get("detail"), it.get("message", ""))) for name, it in card.get("refused", {}).items()]


def left_out(card) -> list[tuple[str, str]]:
    """(feature, why the model does not use it)."""
    why = {
        "constant": _("the same everywhere"), "missing": _("missing throughout"), "all_different": _("different in every row"),
        "rewritten": _("it reads otherwise once later facts are known: it knows the future"),
        "too_good": _("it alone tells leavers from others nearly without fault: it seems to know the future"),
    }  # fmt: skip
    told = {name: why.get(code, code) for name, code in card.get("dropped", {}).items()}
    told |= {it["column"]: why[it["why"]] for it in card.get("leaks", [])}
    return [(column(name), reason) for name, reason in told.items()]


def cox_fit(view) -> list[str]:
    """What a reader must know of the hazard ratios: why they are drawn towards 1, why features or all of them are missing."""
    fit = view.get("cox_fit") or {}
    told = []
    if fit.get("penalty"):
        told.append(
            _(
                "Without more ado the ratios have no finite value: “%(feature)s” alone parts those who left from the others nearly without "
                "exception. They are shown with a ridge penalty, which draws them towards 1: read their order, not their size."
            )
            % {"feature": column(fit["apart"])}
        )
    if fit.get("left_out") and view.get("cox"):
        told.append(
            _(
                "Left out, because too few left (%(needed)s for each feature are needed, %(leavers)s left) or they are the same everywhere: %(features)s."
            )
            % {"needed": fit["needed"], "leavers": fit["leavers"], "features": _(", ").join(column(name) for name in fit["left_out"])}
        )
    if not view.get("cox"):
        told.append(
            _("No Cox model: %(leavers)s left in these days, and %(needed)s are needed for each feature. Take more months, or wait.") % fit
            if fit
            else _(
                "No Cox model was found for these features: too few left, or one feature parted them from the others. Train again to see which."
            )
        )
    return told


def stage(model) -> str:
    name, _colon, what = model.stage.partition(":")
    words = {
        "labels": _("Finding who left, when and how"), "snapshots": _("Measuring features month by month"),
        "proof": _("Proving that no feature knows the future"), "survival": _("Drawing the time to leaving"),
    }  # fmt: skip
    if name == "train":
        last = {"calibrate": _("calibration"), "final": _("once more from all months")}
        return _("Learning: %(what)s") % {"what": last.get(what) or (kind(what) if what in dict(KINDS) else outcome(what))}
    return words.get(name, "")


def run_source(risk) -> str:
    """What scored the risk of a run, for its page."""
    if not risk or risk.get("source") == "rules":
        why = (risk or {}).get("why", "")
        if why.startswith("columns_differ"):
            return _("by rules: the model in force learned from features that are gone (%(names)s)") % {"names": why.partition(": ")[2]}
        return _("by rules")
    return _("by model %(number)s") % {"number": risk["model"]}

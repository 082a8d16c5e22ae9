"""How good the early warning is: the model in force by its test on later months, and any warning by who of its accounts has gone since."""

from django.utils.translation import gettext as _

from segmentation.churn.models import ModelUse, RiskModel
from segmentation.reports.document import Chart, Column, Series, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.words import words_of

BANDS = ("high", "elevated", "watch", "low")
MEASURES = ("auc", "ap", "lift10", "ece")


def model_of(facts: Facts) -> RiskModel | None:
    """The model that judged the run; None where rules did."""
    number = (facts.run.counts.get("risk") or {}).get("model")
    return RiskModel.objects.filter(pk=number).first() if number else None


def blocks(facts: Facts) -> tuple:
    model = model_of(facts)
    return known(*(_of_model(facts, model) if model else ()), *_of_bands(facts))


def missing(facts: Facts) -> list[str]:
    told = []
    if facts.value("expected_leavers") is None:
        told.append(_("Expected leavers: this run warns by rules, which give no probability to add up."))
    if not facts.numbers.get("held"):
        told.append(_("How the warning held: no warning of these accounts is at least 90 days old and still kept."))
    return told


def _of_model(facts, model):
    return (_measures(facts, model), _calibration(facts, model), _expected(facts, model))


def _measures(facts, model):
    ours, rules = model.card.get("any") or {}, model.card.get("rules") or {}
    words = {
        "auc": (_("Tells leavers from others (AUC)"), _("Chance that a leaver is put before one who stays; 0.5 is a coin")),
        "ap": (_("Average precision"), _("Mean share of true leavers among those called, over all depths")),
        "lift10": (_("Lift of the first tenth"), _("Leavers among the tenth called first, over what chance finds")),
        "ece": (_("Calibration error"), _("Mean distance of the probability said from the share that left")),
    }
    rows = [
        (name, facts.say(ours[key], "share" if key == "ece" else "ratio"), facts.say(rules[key], "ratio") if rules.get(key) is not None else "—", how)
        for key, (name, how) in words.items() if ours.get(key) is not None
    ]  # fmt: skip
    if not rows:
        return None
    tested = {"rows": facts.say(model.card.get("tested"), "count"), "day": model.card.get("tested_from", "—"), "number": model.pk}
    return Table(
        name="model_quality", title=_("Measured quality of the model"), rows=tuple(rows), takeaway=_of_measures(facts, ours, rules),
        note=_("Model %(number)s, tested on %(rows)s later rows from %(day)s on, which it did not learn from.") % tested,
        columns=(Column("measure", _("Measure"), "text"), Column("model", _("Model"), "text"), Column("rules", _("Rules"), "text"), Column("how", _("How it is measured"), "text")),
    )  # fmt: skip


def _of_measures(facts, ours, rules):
    if ours.get("auc") is None or rules.get("auc") is None or ours.get("ece") is None:
        return ""
    return _("The model tells leavers from others with an AUC of %(auc)s, the rules with %(rules)s; its probabilities are off by %(error)s.") % {
        "auc": facts.say(ours["auc"], "ratio"), "rules": facts.say(rules["auc"], "ratio"), "error": facts.say(ours["ece"], "share"),
    }  # fmt: skip


def _calibration(facts, model):
    bins = model.card.get("calibration") or []
    if len(bins) < 2:
        return None
    series = (Series(_("Said"), tuple(each["said"] for each in bins)), Series(_("Left"), tuple(each["left"] for each in bins)))
    top = bins[-1]
    takeaway = _("Of the tenth it called likeliest %(left)s left; it had said %(said)s.") % {
        "left": facts.say(top["left"], "share"), "said": facts.say(top["said"], "share"),
    }  # fmt: skip
    title = _("Probability said and share that left, by tenth of the accounts")
    return Chart("calibration", title, "line", "share", tuple(str(n + 1) for n in range(len(bins))), series, takeaway=takeaway)


def _expected(facts, model):
    """Leavers expected and held by band, of the whole utility: for readers of the whole of it."""
    reader = facts.scope.reader
    if reader.bound_to_unit or not reader.has_perm("segmentation.view_risk_model"):
        return None
    uses = ModelUse.objects.filter(model=model, role=ModelUse.Role.CHAMPION, as_of__lte=facts.run.as_of).exclude(held={})
    use = uses.order_by("-as_of").first()
    if use is None:
        return None
    rows = tuple(
        (words_of("band", band), told["accounts"], told["expected"], use.held.get(band))
        for band in BANDS
        if (told := use.expected.get(band))
    )
    return Table(
        name="expected_held", title=_("Leavers expected and leavers held, all units"), rows=rows,
        note=_("As of %(day)s; who left by the end of the horizon.") % {"day": use.as_of},
        takeaway=_("%(expected)s were expected to leave, %(held)s did.") % {
            "expected": facts.say(sum(row[2] or 0 for row in rows), "score"), "held": facts.say(sum(row[3] or 0 for row in rows), "count"),
        },
        columns=(
            Column("band", _("Band"), "text"), Column("accounts", facts.label("accounts"), "count"), Column("expected", _("Expected leavers"), "score"),
            Column("held", _("Left"), "count"),
        ),
    )  # fmt: skip


def _of_bands(facts):
    """By facts alone: who was warned of a quarter ago, and who of them closed or stopped since."""
    held = facts.numbers.get("held")
    if not held:
        return ()
    bands = [(band, *held["bands"][band]) for band in BANDS if band in held["bands"]]
    if not bands:
        return ()
    takeaway = _held(facts, held)
    note = _("Gone: closed, or use stopped or collapsed, since. Accounts of which that was true already are left out.")
    if held["auc"] is not None:
        note += " " + _("AUC %(auc)s: the chance that one who left had more points than one who stayed.") % {
            "auc": facts.say(held["auc"], "ratio")
        }
    table = Table(
        name="warning_held", title=_("The warning of %(day)s and who has gone since") % {"day": held["day"]}, note=note, takeaway=takeaway,
        rows=tuple((words_of("band", band), accounts, gone, share) for band, accounts, gone, share in bands),
        columns=(
            Column("band", _("Band"), "text"), Column("accounts", _("Accounts then"), "count"), Column("gone", _("Gone since"), "count"), Column("share", _("Share gone"), "share"),
        ),
    )  # fmt: skip
    if len(bands) < 2 or not held["gone"]:
        return (table,)
    values = (Series(_("Share gone"), tuple(share for _band, _accounts, _gone, share in bands)),)
    title = _("Share of each band gone since %(day)s") % {"day": held["day"]}
    return (
        Chart("held_chart", title, "bar", "share", tuple(words_of("band", band) for band, *_rest in bands), values, takeaway=takeaway),
        table,
    )


def _held(facts, held):
    bands = held["bands"]
    if "high" not in bands or "low" not in bands:
        return _("%(gone)s accounts have gone since the warning of %(day)s.") % {
            "gone": facts.say(held["gone"], "count"),
            "day": held["day"],
        }
    return _("Of the accounts at high risk on %(day)s %(high)s have gone since, of those at low risk %(low)s.") % {
        "day": held["day"], "high": facts.say(bands["high"][2], "share"), "low": facts.say(bands["low"][2], "share"),
    }  # fmt: skip

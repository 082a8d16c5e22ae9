"""A credit policy in words: what each rule takes off and when it stops, which grades are forced, and what is wrong with a number."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.display.rules import number
from segmentation.policies.limits import POINTS, lowest
from segmentation.policies.words import ONE_SOURCE, OURS, numbers_of


def meanings() -> dict[str, str]:
    """By number: what is counted, for the page that edits it."""
    return {
        "a_from": _("The score an account of grade A has at least."),
        "b_from": _("The score of grade B at least; below it is grade C."),
        "start": _("What an account gets that has not had a bill to pay yet, or pays ahead. It must lie within grade B."),
        "late_points": _("For each bill of the last 12 complete months that was paid after its due day, or is unpaid past it."),
        "late_most": _("However many bills were late, no more is lost."),
        "day_points": _("For each day that those bills were late on average."),
        "day_most": _("However late they were, no more is lost."),
        "arrears_points": _("At once, when something is unpaid past its due day on the day of judgement."),
        "arrears_month_points": _("In addition, for every full 30 days of the oldest unpaid bill."),
        "arrears_most": _("Both together take off no more."),
        "forced_debt_months": _("So many months of this year unpaid force grade C."),
        "theft_years": _("So long after power was stolen the grade stays C."),
        "new_years": _("A younger account is at best B."),
        "new_bills": _("With fewer bills due the account is at best B."),
    }


def rules_in_words(body: dict) -> list[dict]:
    """[{label, says}] of grades and points, worked out from the numbers."""
    a_from, b_from = body["a_from"], body["b_from"]
    return [
        {"label": _("Grades"), "says": _("Everybody begins with 100 points. A from %(a)s, B from %(b)s, C below %(b)s.") % {"a": _points(a_from), "b": _points(b_from)}},
        {"label": _("Late bills"), "says": _late(body)},
        {"label": _("Days late"), "says": _days(body)},
        {"label": _("Overdue now"), "says": _arrears(body)},
        {"label": _("Together"), "says": _together(body)},
    ]  # fmt: skip


def _late(body):
    each, most = body["late_points"], body["late_most"]
    if not each:
        return _("Late bills take nothing off.")
    many = ceil(most / each)
    said = ngettext(
        "Each takes off %(each)s; from %(n)s bill on it stays at %(most)s.",
        "Each takes off %(each)s; from %(n)s bills on it stays at %(most)s.",
        many,
    )
    return _sentences(said % {"each": _points(each), "n": many, "most": _points(most)}, _alone(body, many, each, most))


def _alone(body, many, each, most):
    """How many late bills alone cost grade A, where they can."""
    needed = next((n for n in range(1, many + 1) if POINTS - min(n * each, most) < body["a_from"]), None)
    if needed is None:
        return _("Late bills alone never cost grade A.")
    return ngettext("%(n)s late bill alone costs grade A.", "%(n)s late bills alone cost grade A.", needed) % {"n": needed}


def _days(body):
    each, most = body["day_points"], body["day_most"]
    if not each:
        return _("Days late take nothing off.")
    given = {"each": _points(each), "days": number(most / each, 0), "most": _points(most)}
    return _("Each day of the mean takes off %(each)s; from %(days)s days on it stays at %(most)s.") % given


def _arrears(body):
    at_once, month, most = body["arrears_points"], body["arrears_month_points"], body["arrears_most"]
    if not at_once and not month:
        return _("What is overdue takes nothing off.")
    two_months = min(at_once + 2 * month, most)
    given = {"once": _points(at_once), "two": _points(two_months), "most": _points(most)}
    if not month:
        return _("It takes off %(once)s, however old the debt is.") % given
    return _("It takes off %(once)s at once, %(two)s when the oldest debt is 60 days old, never more than %(most)s.") % given


def _together(body):
    least = lowest(body)
    given = {"lost": _points(POINTS - least), "left": _points(least)}
    said = _("At most %(lost)s are lost: whoever does all of it late keeps %(left)s.") % given
    if least >= body["b_from"]:
        return _sentences(said, _("Points alone never lead to grade C; only the rules below do."))
    return said


def forced_in_words(body: dict) -> list[dict]:
    """[{label, says, why, mark}] of the cases in which the grade is not the score's to give."""
    months, bills = int(body["forced_debt_months"]), int(body["new_bills"])
    to_c = _("grade C, whatever the points")
    at_best_b = _("grade B at best")
    unpaid = ngettext("%(n)s month of this year unpaid", "%(n)s months of this year unpaid", months) % {"n": number(months)}
    stolen = _("Power stolen within %(years)s") % {"years": _years(body["theft_years"])}
    young = ngettext(
        "New: younger than %(years)s, or fewer than %(n)s bill due", "New: younger than %(years)s, or fewer than %(n)s bills due", bills
    )
    rows = [
        (unpaid, to_c, _("Debt that grows is the surest sign of the next one."), ONE_SOURCE),
        (_("Debt of an earlier year without a signed plan"), to_c, _("A signed plan to pay it off lifts the rule."), ONE_SOURCE),
        (stolen, to_c, _("Counted from the day it was found out."), ONE_SOURCE),
        (_("A safety hazard not corrected"), to_c, _("It ends when the hazard is noted as corrected."), ONE_SOURCE),
        (young % {"years": _years(body["new_years"]), "n": number(bills)}, at_best_b, _("Too little is known for grade A. A prepaid account is left out: it cannot owe."), OURS),
        (_("Grade C at the run before"), at_best_b, _("Nobody climbs two grades at once."), ONE_SOURCE),
    ]  # fmt: skip
    return [{"label": label, "says": says, "why": why, "mark": mark} for label, says, why, mark in rows]


def fault_words(fault, body) -> str:
    """One sentence: which number, what is wrong, what to do."""
    name, code, given = fault
    given = {key: number(value, 0 if value == int(value) else 1) for key, value in given.items()} | {"label": _label(name, body)}
    return {
        "not_a_number": _("“%(label)s” needs a number."),
        "border_of_b": _("“%(label)s” must lie above 0 and under 100 points."),
        "border_of_a": _("“%(label)s” must lie above grade B, which begins at %(b_from)s, and at most at 100 points."),
        "start_outside_b": _("“%(label)s” must lie within grade B: at least %(b_from)s, under %(a_from)s points."),
        "not_points": _("“%(label)s” must lie from 0 to 100 points."),
        "over_its_limit": _("“%(label)s” is more than the limit of %(most)s points: raise the limit or lower the points."),
        "too_many_points": _("The three limits add up to %(sum)s points; there are 100 to lose. Lower “%(label)s” or another one."),
        "out_of_span": _("“%(label)s” must lie from %(least)s to %(largest)s."),
        "not_whole": _("“%(label)s” must be a whole number."),
    }[code] % given


def _label(name, body):
    return next((it.label for it in numbers_of("credit", body) if it.path == (name,)), name)


def _sentences(first, then):
    return _("%(first)s %(then)s") % {"first": first, "then": then}


def _points(value):
    figure = number(value, 0 if value == int(value) else 1)
    return ngettext("%(n)s point", "%(n)s points", 1 if value == 1 else 2) % {"n": figure}


def _years(value):
    if value < 1 and round(value * 12, 3) == round(value * 12):
        months = round(value * 12)
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", 1 if value == 1 else 2) % {"n": number(value, 0 if value == int(value) else 1)}

"""A rule as a sentence in the reader's language, and what is wrong with one that cannot be read."""

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from segmentation.segments.fields import group_called
from segmentation.segments.rules import BadRule, Condition


def sentence(rule, catalogue) -> str:
    """“Growth over 20 % and (Category is Large industrial or EV charging)”."""
    return capfirst(_said(rule, catalogue, outermost=True))


def _said(rule, catalogue, *, outermost=False):
    if isinstance(rule, Condition):
        return _condition(rule, catalogue[rule.field.name])
    if rule.how == "not":
        return _("not (%(rule)s)") % {"rule": _said(rule.parts[0], catalogue, outermost=True)}
    parts = [_said(part, catalogue) for part in rule.parts]
    joined = (pgettext("between two conditions", " and ") if rule.how == "all" else pgettext("between two conditions", " or ")).join(parts)
    return joined if outermost or len(parts) == 1 else _("(%(rule)s)") % {"rule": joined}


def _condition(condition, asked):
    given = {"field": asked.label}
    if condition.operator in ("in", "not_in"):
        labels = dict(asked.choices())
        given["values"] = pgettext("between two values", " or ").join(str(labels.get(value, value)) for value in condition.value)
    elif condition.operator == "between":
        given |= {"low": _number(condition.value[0], asked), "high": _number(condition.value[1], asked)}
    elif condition.value is not None:
        given["value"] = _number(condition.value, asked)
    return _patterns()[condition.operator] % given


def _patterns():
    return {
        "over": _("%(field)s over %(value)s"), "at_least": _("%(field)s at least %(value)s"), "under": _("%(field)s under %(value)s"),
        "at_most": _("%(field)s at most %(value)s"), "between": _("%(field)s from %(low)s to %(high)s"),
        "in": _("%(field)s is %(values)s"), "not_in": _("%(field)s is not %(values)s"), "yes": _("%(field)s: yes"), "no": _("%(field)s: no"),
        "known": _("%(field)s is known"), "unknown": _("%(field)s is not known"),
    }  # fmt: skip


def operators() -> dict[str, str]:
    """Each operator in the words of the builder."""
    return {
        "over": _("is over"), "at_least": _("is at least"), "under": _("is under"), "at_most": _("is at most"), "between": _("is between"),
        "in": _("is one of"), "not_in": _("is none of"), "yes": _("yes"), "no": _("no"), "known": _("is known"), "unknown": _("is not known"),
    }  # fmt: skip


def builder_words() -> dict[str, str]:
    """What the builder's controls are called."""
    return {
        "all": _("All of these are met"), "any": _("At least one of these is met"), "none": _("None of these is met"),
        "mode": _("How the conditions are joined"), "whole": _("The whole rule"), "group": pgettext("of conditions", "Group"), "condition": _("Condition"),
        "field": _("What is asked about"), "operator": _("How it is compared"), "value": _("Value"), "values": _("Values"),
        "from": pgettext("between two numbers", "From"), "to": pgettext("between two numbers", "to"), "upTo": pgettext("between two numbers", "Up to"),
        "remove": _("Remove"), "removeGroup": _("Remove this group"),
    }  # fmt: skip


def _number(value, asked):
    written = number_format(value, use_l10n=True, force_grouping=abs(value) >= 10_000)
    return _("%(number)s %(unit)s") % {"number": written, "unit": asked.unit_word} if asked.unit else written


def refusal(error: BadRule, catalogue) -> str:
    """What is wrong, and with which condition."""
    given = {"groups": "all, any, not", "keys": "field, is, value"} | error.given
    if (asked := catalogue.get(given.get("field"))) is not None:
        given["field"] = asked.label
    if error.code == "unknown_choice" and asked is not None and asked.topic == "groups":
        said = _("the group “%(name)s” was not found in the grouping in force; choose one that stands.") % {
            "name": group_called(asked.name, given["value"])
        }
    else:
        said = _refusals(given.get("most", 0))[error.code] % given
    if not error.place:
        return said
    return _("Condition %(place)s: %(said)s") % {"place": ".".join(map(str, error.place)), "said": said}


def _refusals(most):
    return {
        "too_deep": ngettext(
            "groups may stand %(most)s deep; take one level out.", "groups may stand %(most)s deep; take a level out.", most
        ),
        "not_a_rule": _("this is neither a group (%(groups)s) nor a condition (%(keys)s)."),
        "empty_group": _("the group is empty: add a condition to it or remove it."),
        "too_many": ngettext(
            "a rule has at most %(most)s condition; make it simpler.", "a rule has at most %(most)s conditions; make it simpler.", most
        ),
        "unknown_key": _("“%(key)s” is not understood; a condition has %(keys)s."),
        "unknown_field": _("there is no field “%(field)s”; choose one of the list."),
        "unknown_operator": _("“%(field)s” cannot be asked “%(operator)s”; choose one of %(known)s."),
        "no_choice": _("tick at least one value of “%(field)s”."),
        "too_many_choices": _("at most %(most)s values of “%(field)s” may be ticked."),
        "unknown_choice": _("“%(value)s” is no value of “%(field)s”; choose from the list."),
        "two_numbers": _("“%(field)s” between needs two numbers."),
        "upside_down": _("“%(field)s”: %(low)s is more than %(high)s; write the smaller number first."),
        "not_a_number": _("“%(field)s” needs a number."),
    }

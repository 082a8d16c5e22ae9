"""Rules and decisions in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.people.models import Unit, User, in_readers_language
from crm.routing.models import RoutingDecision, Strategy, Target
from crm.routing.rules import conditions_of, words_of
from crm.service_levels import tiers
from crm.taxonomy import labels
from crm.tickets.models import Severity

CONDITIONS = {
    "kinds": gettext_lazy("kind of ticket"), "categories": gettext_lazy("class"), "severities": gettext_lazy("severity"),
    "unit": gettext_lazy("unit"), "unit_kinds": gettext_lazy("kind of unit"), "tiers": gettext_lazy("tier"),
    "green": gettext_lazy("green channel"), "words": gettext_lazy("words in the text"), "hours": gettext_lazy("hour of the day"),
}  # fmt: skip
PLACES = dict(Target.choices) | {"pool": gettext_lazy("The lead of the agents")}
WHY_NOT = {
    "absent": gettext_lazy("away"), "gone": gettext_lazy("no longer works tickets"), "out_of_reach": gettext_lazy("does not see the account"),
}  # fmt: skip


def comma() -> str:
    return pgettext("between items of a list", ", ")


def conditions_in_words(rule) -> list[str]:
    """`["class: Outage, Business", "from 22:00 to 6:00"]`; empty for a rule for every ticket."""
    said = {
        "kinds": lambda: comma().join(labels.label("kind", code) for code in rule.kinds),
        "categories": lambda: comma().join(labels.label("class", code) for code in rule.categories),
        "severities": lambda: comma().join(str(dict(Severity.choices).get(code, code)) for code in rule.severities),
        "unit": lambda: str(rule.unit),
        "unit_kinds": lambda: comma().join(str(dict(Unit.Kind.choices).get(code, code)) for code in rule.unit_kinds),
        "tiers": lambda: comma().join(tiers.label(code) for code in rule.tiers),
        "green": lambda: _("only with one") if rule.green else _("only without one"),
        "words": lambda: comma().join(words_of(rule.words)),
        "hours": lambda: f"{rule.hour_from}:00–{rule.hour_to}:00",
    }
    return [
        _("%(condition)s: %(values)s") % {"condition": CONDITIONS[name], "values": said[name]()} for name in conditions_of(rule)
    ]  # fmt: skip


def target_in_words(rule) -> str:
    """`Customer managers of East Station, in turn`."""
    match rule.target:
        case Target.PERSON:
            return str(rule.person)
        case Target.UNIT:
            unit = rule.target_unit or _("the account's own unit")
            place = _("Customer managers of %(unit)s") % {"unit": unit}
        case Target.AGENTS:
            place = str(Target.AGENTS.label)
        case _other:
            return str(Target(rule.target).label)
    return f"{place}{comma()}{Strategy(rule.strategy).label.lower()}"


def explanation(decision) -> list[str]:
    """Why a ticket is with whom it is, in sentences. One query."""
    kept = decision.explained or {}
    if decision.outcome == RoutingDecision.Outcome.BY_HAND:
        return [_("A person had already taken or assigned it: routing left it there.")]
    names = User.objects.in_bulk(
        {key for step in kept.get("steps", []) for key in (*step["candidates"], *(row[0] for row in step["passed_over"]))}
    )
    told = [_rule_told(kept)]
    for step in kept.get("steps", []):
        told += _step_told(step, kept, names)
    if kept.get("severity"):
        told.append(
            _("The rule set the severity to “%(severity)s”, and the clock with it.") % {"severity": Severity(kept["severity"]).label}
        )
    if decision.outcome == RoutingDecision.Outcome.NOBODY:
        told.append(_("Nobody was there: it is tried again every few minutes."))
    return told


def _rule_told(kept):
    if not kept.get("rule"):
        return _(
            "No rule holds for it, so the usual order was taken: the account's manager, the unit's supervisor, the lead of the agents."
        )
    name = in_readers_language(kept["rule"]["name"], kept["rule"]["name_en"])
    why = comma().join(str(CONDITIONS[part]) for part in kept["why"] if part in CONDITIONS)
    if why:
        return _("The rule “%(rule)s” holds, by: %(why)s.") % {"rule": name, "why": why}
    return _("The rule “%(rule)s” holds: it is for every ticket.") % {"rule": name}


def _step_told(step, kept, names):
    place, several = PLACES.get(step["place"], step["place"]), len(step["candidates"]) > 1
    over = [
        _("%(who)s was passed over: %(why)s.") % {"who": names.get(key, "?"), "why": WHY_NOT.get(why, why)} for key, why in step["passed_over"]
    ]  # fmt: skip
    if not step["candidates"]:
        return [*over, _("%(place)s: nobody was there.") % {"place": place}]
    people = comma().join(str(names.get(key, "?")) for key in step["candidates"])
    if several:
        how = Strategy(kept["strategy"]).label.lower() if kept.get("strategy") else ""
        return [*over, _("%(place)s: %(people)s; chosen %(how)s.") % {"place": place, "people": people, "how": how}]
    return [*over, _("%(place)s: %(people)s.") % {"place": place, "people": people}]

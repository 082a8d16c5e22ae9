"""Clocks in words: targets, conditions, and why a ticket has the clock it has. Stored are codes; these are read in the reader's language."""

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from crm.people.models import Unit
from crm.service_levels import tiers
from crm.service_levels.models import ClockPolicy
from crm.service_levels.rules import conditions_of, said
from crm.taxonomy import labels
from crm.taxonomy.models import Aspect

WHY = {
    "level": gettext_lazy("green channel in force"),
    "severity": gettext_lazy("severity"),
    "tier": gettext_lazy("tier"),
    "category": gettext_lazy("class"),
    "kind": gettext_lazy("kind of ticket"),
    "unit_kind": gettext_lazy("kind of unit"),
}
MARKS = [
    ("V", gettext_lazy("two independent sources, or computed")),
    ("1", gettext_lazy("one source")),
    ("M", gettext_lazy("from memory: check before relying on it")),
]


ASPECTS = {"kind": Aspect.KIND, "category": Aspect.CLASS}


def ticket_choices(field: str) -> list[tuple]:
    """`[(code, label)]` of a ticket's `kind`, `category` or `severity` that is offered for new tickets."""
    if field in ASPECTS:
        return labels.choices(ASPECTS[field])
    return list(apps.get_model("crm", "Ticket")._meta.get_field(field).flatchoices)  # type: ignore[union-attr]  # asked of the model: tickets stand above this topic


def target_words(target) -> str:
    """`24 h`, `4 working hours`, `5 working days`; a dash for none."""
    if target is None:
        return "—"
    amount, unit = said(target)
    match unit:
        case "minute":
            return _("%(n)s min") % {"n": amount}
        case "hour":
            return _("%(n)s h") % {"n": amount}
        case "day":
            return ngettext("%(n)s calendar day", "%(n)s calendar days", amount) % {"n": amount}
        case "working_minute":
            return ngettext("%(n)s working minute", "%(n)s working minutes", amount) % {"n": amount}
        case "working_hour":
            return ngettext("%(n)s working hour", "%(n)s working hours", amount) % {"n": amount}
    return ngettext("%(n)s working day", "%(n)s working days", amount) % {"n": amount}


def condition_words(policy) -> list[str]:
    """What a clock policy holds for, weightiest first: `["Green channel", "Major", "Complaint"]`; empty for every ticket."""
    labels = {
        "level": lambda: str(policy.level),
        "severity": lambda: _labelled("severity", policy.severity),
        "tier": lambda: tiers.label(policy.tier),
        "category": lambda: _labelled("category", policy.category),
        "kind": lambda: _labelled("kind", policy.ticket_kind),
        "unit_kind": lambda: str(Unit.Kind(policy.unit_kind).label),
    }
    return [labels[name]() for name in conditions_of(policy)]


def _labelled(field, code):
    """Also of a kind that is no longer offered."""
    return labels.label(ASPECTS[field], code) if field in ASPECTS else str(dict(ticket_choices(field)).get(code, code))


def explanation(ticket) -> list[str]:
    """Which policy a ticket's clock follows and why, in sentences, from what the ticket kept when it was logged. One query or none."""
    kept, policy = ticket.clock_explained or {}, ticket.clock_policy
    if policy is None:
        return [_("No clock policy held for this ticket when it was logged.")]
    comma = pgettext("between items of a list", ", ")
    why = comma.join(str(WHY[name]) for name in (kept.get("why") or conditions_of(policy)) if name in WHY)
    told = [
        _("“%(policy)s” holds, chosen by: %(why)s.") % {"policy": policy, "why": why} if why
        else _("“%(policy)s” holds: the policy for every ticket.") % {"policy": policy}
    ]  # fmt: skip
    others = {row.pk: row for row in ClockPolicy.objects.filter(pk__in=kept.get("others") or [])}
    if others:
        names = comma.join(str(others[pk]) for pk in kept["others"] if pk in others)
        told.append(_("It is more specific than: %(policies)s.") % {"policies": names})
    plain = others.get(kept.get("plain") or 0)
    if policy.level_id and plain:
        told.append(
            _("Without the green channel it would be “%(policy)s”: answer within %(answer)s.")
            % {"policy": plain, "answer": target_words(plain.target("answer"))}
        )
    if kept.get("used_up"):
        told.append(_("The account has a green channel, but its quota of shorter clocks was used up: the ordinary clock holds."))
    if kept.get("missing_year"):
        told.append(_("The working calendar of %(year)s was not loaded when it was logged.") % {"year": kept["missing_year"]})
    return told

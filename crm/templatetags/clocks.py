"""How clock policies and green channels are told on screen."""

from django import template
from django.utils.translation import gettext as _

from crm.display.rules import number
from crm.service_levels import tiers
from crm.service_levels import words as told
from crm.service_levels.models import Service

register = template.Library()

register.filter("conditions", told.condition_words)
register.filter("explanation", told.explanation)
register.filter("tier_label", tiers.label)


@register.filter
def target(policy, name):
    """`{{ policy|target:"answer" }}` → `5 working days`; `pass_on`, `contact`, `answer`, `resolve`."""
    if policy is None:
        return "—"
    return told.target_words(policy.pass_on_target if name == "pass_on" else policy.target(name))


@register.filter
def mark_meaning(policy):
    return dict(told.MARKS).get(policy.mark, "")


@register.filter
def service_label(code):
    return dict(Service.choices).get(code, code)


@register.filter
def entitlement_state(entitlement, on):
    """`(label, tone)` of `_components/status.html` on a day."""
    return {
        "in_force": (_("In force"), "good"),
        "to_come": (_("Starts later"), "info"),
        "ended": (_("Ended"), "muted"),
        "revoked": (_("Revoked"), "risk"),
    }[entitlement.state(on)]


@register.filter("from")
def from_names(code, names):
    """The label of a code, from a dict of labels."""
    return names.get(code, code)


@register.filter
def hours(value):
    """`3.5 h`; from three days on whole hours."""
    if value is None:
        return "—"
    return _("%(n)s h") % {"n": number(value, 0 if abs(value) >= 72 else 1)}


@register.filter
def abs_hours(value):
    return hours(abs(value))


@register.filter
def words(text):
    return text.split()


@register.filter
def at(given, name):
    """What a query string gave for a name."""
    return given.get(name, "")

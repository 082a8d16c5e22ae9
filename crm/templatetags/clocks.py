"""How clock policies and green channels are told on screen."""

from django import template
from django.utils.translation import gettext as _

from crm.service_levels import tiers, words
from crm.service_levels.models import Service

register = template.Library()

register.filter("conditions", words.condition_words)
register.filter("explanation", words.explanation)
register.filter("tier_label", tiers.label)


@register.filter
def target(policy, name):
    """`{{ policy|target:"answer" }}` → `5 working days`; `pass_on`, `contact`, `answer`, `resolve`."""
    if policy is None:
        return "—"
    return words.target_words(policy.pass_on_target if name == "pass_on" else policy.target(name))


@register.filter
def mark_meaning(policy):
    return dict(words.MARKS).get(policy.mark, "")


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

"""How tickets and their clocks are told on screen."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.service_levels.forms import MARKS
from crm.service_levels.rules import conditions_of
from crm.tickets import taxonomy
from crm.tickets.masking import caller_as_read
from crm.tickets.models import Category, Kind, Severity

register = template.Library()

TONES = {"new": "info", "working": "good", "waiting": "warn", "answered": "muted", "closed": "muted"}
WHY = {
    "level": gettext_lazy("green channel in force"),
    "severity": gettext_lazy("severity"),
    "category": gettext_lazy("class"),
    "kind": gettext_lazy("kind of ticket"),
}


@register.simple_tag
def clock_time(at, now):
    """`14:40 today`, `09:00 tomorrow`, `Mon 23 Nov 18:00`, with the year when it is another one."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    time = date_format(at, "H:i")
    match (at.date() - now.date()).days:
        case 0:
            return _("%(time)s today") % {"time": time}
        case 1:
            return _("%(time)s tomorrow") % {"time": time}
    if at.year == now.year:
        return date_format(at, pgettext("format of a day and time this year, as Django's date filter takes it", "D j M H:i"))
    return date_format(at, pgettext("format of a day and time of another year, as Django's date filter takes it", "D j M Y H:i"))


@register.filter
def matter(ticket):
    """`Outage · notice of outages`"""
    if not ticket.topic:
        return ticket.get_category_display()
    return f"{ticket.get_category_display()} · {taxonomy.topic_label(ticket.category, ticket.topic)}"


@register.filter
def came_by(ticket):
    return taxonomy.channel_label(ticket.channel)


@register.filter
def state_tone(ticket):
    return TONES[ticket.state]


@register.filter
def why_policy(policy):
    """By which conditions a clock policy was chosen, in words; empty for one that matches every ticket."""
    return [WHY[name] for name in conditions_of(policy)] if policy else []


@register.filter
def conditions(policy):
    """What a clock policy holds for, in words: `["Green channel", "Major", "Complaint"]`."""
    labels = {
        "level": lambda: str(policy.level),
        "severity": lambda: Severity(policy.severity).label,
        "category": lambda: Category(policy.category).label,
        "kind": lambda: Kind(policy.ticket_kind).label,
    }
    return [str(labels[name]()) for name in conditions_of(policy)]


@register.filter
def mark_meaning(policy):
    return dict(MARKS).get(policy.mark, "")


register.simple_tag(caller_as_read, name="caller_for")

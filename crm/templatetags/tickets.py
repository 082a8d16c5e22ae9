"""How tickets and their clocks are told on screen."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.taxonomy import labels
from crm.tickets import taxonomy
from crm.tickets.masking import caller_as_read

register = template.Library()

TONES = {"new": "info", "working": "good", "waiting": "warn", "answered": "muted", "closed": "muted"}


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
def cause(ticket):
    return labels.label("cause", ticket.root_cause)


@register.filter
def came_by(ticket):
    return taxonomy.channel_label(ticket.channel)


@register.filter
def state_tone(ticket):
    return TONES[ticket.state]


register.simple_tag(caller_as_read, name="caller_for")

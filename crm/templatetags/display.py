"""Figures, times and query strings in templates: ``{% load display %}``. The rules are in ``crm.display.rules``."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.display import drawing, rules

register = template.Library()

CURSORS = ("cursor", "page")


@register.filter
def kwh(value):
    return rules.kwh(value, get_language())


@register.filter
def yuan(value):
    return rules.yuan(value, get_language())


register.filter("money", rules.money)
register.filter("fen", rules.fen)
register.filter("number", rules.number)
register.filter("percent", rules.percent)
register.filter("delta", rules.delta)


@register.filter
def day(value):
    """ISO date; a moment is taken in local time."""
    if not value:
        return rules.NOTHING
    if isinstance(value, dt.datetime):
        value = _local(value)
    return f"{value:%Y-%m-%d}"


@register.filter
def moment(value):
    """ISO date and minute in local time."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else rules.NOTHING


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _now_like(value: dt.datetime) -> dt.datetime:
    return timezone.now() if timezone.is_aware(value) else dt.datetime.now()


def _part(unit: str, count: int) -> str:
    """A part of a length of time in short words."""
    match unit:
        case "day":
            words = ngettext("%(count)s d", "%(count)s d", count)
        case "hour":
            words = ngettext("%(count)s h", "%(count)s h", count)
        case "minute":
            words = ngettext("%(count)s min", "%(count)s min", count)
        case _:
            words = ngettext("%(count)s s", "%(count)s s", count)
    return words % {"count": count}


def _length(seconds: float) -> str:
    return ("" if rules.is_chinese(get_language()) else " ").join(_part(unit, count) for unit, count in rules.clock_parts(seconds))


@register.simple_tag
def duration(seconds):
    """``4 min 12 s``."""
    return rules.NOTHING if seconds is None else _length(float(seconds))


def relative(at: dt.datetime, now: dt.datetime) -> str:
    """``just now``, ``5 min ago``, ``in 2 d``; after four weeks the date itself."""
    seconds = (now - at).total_seconds()
    if abs(seconds) < rules.MINUTE_SECONDS:
        return _("just now")
    if abs(seconds) > 28 * rules.DAY_SECONDS:
        return day(at)
    length = _part(*rules.clock_parts(seconds)[0])
    return (_("%(length)s ago") if seconds > 0 else _("in %(length)s")) % {"length": length}


@register.simple_tag
def ago(at, now=None):
    """Relative time whose exact moment is in the title."""
    if not at:
        return rules.NOTHING
    if not isinstance(at, dt.datetime):
        return format_html('<time datetime="{0}">{0}</time>', day(at))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), moment(at), relative(at, now or _now_like(at)))


@register.simple_tag
def due_in(due_at, now=None):
    if not due_at:
        return rules.NOTHING
    seconds = (due_at - (now or _now_like(due_at))).total_seconds()
    length = _length(seconds)
    return _("overdue %(length)s") % {"length": length} if seconds < 0 else length


@register.simple_tag
def due_state(due_at, now=None):
    return rules.due_state((due_at - (now or _now_like(due_at))).total_seconds()) if due_at else "none"


@register.simple_tag(name="draw_due")
def due(due_at=None, now=None, met=False, paused=False, paused_reason=""):
    """Time left, overdue, paused or met."""
    if met:
        return format_html('<span class="due due-met">{}{}</span>', drawing.icon("check"), _("met"))
    if paused:
        told = _("paused: %(reason)s") % {"reason": paused_reason} if paused_reason else _("paused")
        return format_html('<span class="due due-paused">{}</span>', told)
    if not due_at:
        return drawing.NOTHING
    values = (due_state(due_at, now), due_at.isoformat(), moment(due_at), due_in(due_at, now))
    return format_html('<time class="due due-{}" datetime="{}" title="{}">{}</time>', *values)


register.simple_tag(drawing.sparkline, name="draw_sparkline")
register.simple_tag(drawing.filter_menu, name="draw_filter_menu")
register.simple_tag(drawing.chip, name="draw_chip")
register.simple_tag(drawing.badge, name="draw_badge")


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The page's query string with ``changes``; None or "" removes a name, a list repeats it. Cursors drop unless given."""
    params = context["request"].GET.copy()
    for name in CURSORS:
        params.pop(name, None)
    for name, value in changes.items():
        values = [item for item in (value if isinstance(value, list | tuple | set) else [value]) if item not in (None, "")]
        params.setlist(name, [str(item) for item in values])
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def query_without(context, name, value):
    """The page's query string with one value of a repeated name removed."""
    kept = [item for item in context["request"].GET.getlist(name) if item != str(value)]
    return query(context, **{name: kept})


@register.inclusion_tag("_components/sort_header.html", takes_context=True)
def sort_header(context, key, label, css_class="", target=""):
    """A ``<th>`` that sorts by ``?sort=key``: first click descending, second ascending."""
    current = context["request"].GET.get("sort") or context.get("sort") or ""
    direction = {f"-{key}": "descending", key: "ascending"}.get(current, "")
    following = key if direction == "descending" else f"-{key}"
    return {"label": label, "css_class": css_class, "direction": direction, "target": target, "href": query(context, sort=following)}


@register.filter
def svg_width(ratio):
    """0..1 as the width of a bar 100 units wide, kept inside it."""
    figure = rules.as_decimal(ratio) or 0
    return f"{min(max(float(figure) * 100, 0), 100):.1f}"


@register.filter
def initials(name):
    """Two letters for the user's badge: ``Chen Wei`` is CW, ``陈伟`` is 陈伟."""
    text = str(name or "?").strip()
    parts = text.split()
    if len(parts) > 1:
        return (parts[0][0] + parts[-1][0]).upper()
    return text[:2] if not text.isascii() else text[:1].upper()


@register.simple_block_tag
def capture(content):
    """Keep a rendered stretch for use in two places: ``{% capture as name %}…{% endcapture %}``."""
    return content.strip() and content

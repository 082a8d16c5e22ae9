"""Components that a page draws dozens of times, as functions: an include costs twenty times as much. Each template of the same name in
`templates/_components` calls its function here, so that there is one drawing of each."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.display import rules

NOTHING = mark_safe('<span class="muted">—</span>')


@lru_cache(maxsize=20_000)
def _drawn_once(component, _language, parameters):
    return mark_safe(render_to_string(f"_components/{component}.html", dict(parameters)))  # our own component


def badge(component: str, **parameters) -> SafeString:
    """A component of few distinct values (tier, band and score, grade), drawn once for each value and language."""
    return _drawn_once(component, get_language(), tuple(parameters.items()))


@lru_cache(maxsize=500)
def icon(name: str, css_class: str = "") -> SafeString:
    """One symbol of the sprite, hidden from screen readers; an icon that speaks for itself is `_components/icon.html` with a label."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static("build/icons.svg"),
        name,
    )


def sparkline(values, tone="", label="", width=84, height=22) -> SafeString:
    """Monthly values as an SVG line; None leaves a gap."""
    lines = rules.sparkline(list(values or []), width=width, height=height)
    if not lines:
        return NOTHING
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    drawn = "".join(f'<polyline points="{points}"/>' for points in lines)
    return mark_safe(
        f'<svg class="spark spark-{escape(tone or "good")}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {spoken}>{drawn}</svg>'
    )


def filter_menu(*, label, name, options, selected=(), keep=(), action="") -> SafeString:
    """A chip that opens check boxes. `options` `[(value, label, count?)]`; `keep`: the query pairs the form carries along."""
    told = tuple((value, str(word), *count) for value, word, *count in options)
    return _filter_menu(conditional_escape(label), name, told, tuple(selected), tuple(map(tuple, keep)), action, get_language())


@lru_cache(maxsize=1_000)
def _filter_menu(label, name, options, selected, keep, action, _language) -> SafeString:
    number = f" <b>{len(selected)}</b>" if selected else ""
    hidden = "".join(f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">' for key, value in keep)
    boxes = "".join(_box(name, option, selected) for option in options)
    at = f' action="{escape(action)}"' if action else ""
    return mark_safe(
        f'<details class="menu" data-menu="form"><summary class="chip{" chip-on" if selected else ""}"><span>{label}{number}</span>'
        f'{icon("chevron-down")}</summary>\n<form class="menu-list menu-form" method="get"{at}>{hidden}\n'
        f'<fieldset><legend class="visually-hidden">{label}</legend>{boxes}</fieldset>\n'
        f'<div class="menu-foot"><button type="submit" class="btn btn-primary btn-sm">{escape(_("Apply"))}</button></div></form></details>'
    )


def _box(name, option, selected):
    value, label, *count = option
    told = f'<b class="muted">{rules.number(count[0])}</b>' if count and count[0] not in (None, "") else ""
    checked = " checked" if value in selected else ""
    return (
        f'<label class="check"><input type="checkbox" name="{escape(name)}" value="{escape(value)}"{checked}>'
        f"<span>{conditional_escape(label)}</span>{told}</label>"
    )


def chip(*, label, url="", active=False, remove_url="", count=None, key="") -> SafeString:
    """A filter that is on or off, or a queue with its count."""
    number = "" if count is None or count == "" else f" <b>{rules.number(count)}</b>"
    label = conditional_escape(label)
    on = " chip-on" if active or remove_url else ""
    text = f"{label}{number}"
    if url:
        marks = (' aria-current="true"' if active else "") + (f' data-key="{escape(key)}"' if key else "")
        text = f'<a href="{escape(url)}"{marks}>{text}</a>'
    else:
        text = f"<span>{text}</span>"
    if remove_url:
        words = escape(_("Remove the filter %(label)s")) % {"label": label}
        text += f'<a class="chip-x" href="{escape(remove_url)}" aria-label="{words}">{icon("x")}</a>'
    return mark_safe(f'<span class="chip{on}">{text}</span>')

"""Stretches of a page that are the same for many requests, drawn once per process: ``{% load keep %}``."""

import time
import uuid

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template.base import Node
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()

KEPT_SECONDS = 60  # how late a person reads that their unit or role has another name
MOST_KEPT = 4_000
MARK = "the-token-of-this-request"
FRESH_KEY = "a-key-made-for-this-request"
_kept: dict[tuple, tuple[float, str]] = {}


class KeepNode(Node):
    def __init__(self, nodelist, name, varies):
        self.nodelist, self.name, self.varies = nodelist, name, varies

    def render(self, context):
        key = (self.name, get_language(), *[value.resolve(context) for value in self.varies])
        until, text = _kept.get(key, (0.0, ""))
        if until < time.monotonic() or settings.DEBUG:
            text = self._draw(context)
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = (time.monotonic() + KEPT_SECONDS, text)
        if MARK in text:
            text = text.replace(MARK, get_token(context["request"]))
        if FRESH_KEY in text:
            text = text.replace(FRESH_KEY, str(uuid.uuid4()))
        return mark_safe(text)  # drawn by a template, which escaped it

    def _draw(self, context):
        with context.push(csrf_token=MARK):
            return str(self.nodelist.render(context))


@register.tag
def keep(parser, token):
    """``{% keep "rail" role counts %}…{% endkeep %}``: kept for a minute by name, language and the values named; whatever else the
    stretch shows must follow from them. Forms inside carry the request's own token, and `FRESH_KEY` becomes a new UUID."""
    _tag, name, *varies = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in varies])

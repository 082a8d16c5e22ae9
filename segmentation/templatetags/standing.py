"""A standing in the reader's words."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.display.rules import yuan
from segmentation.engine.explain import words

register = template.Library()


@register.simple_tag
def headline(standing):
    """The one thing to know about an account, or nothing."""
    return words(standing.headline, get_language()).get("headline", "") if standing.headline else ""


@register.filter
def days_until(day, today):
    """`212 d`"""
    return _("%(n)s d") % {"n": (day - today).days}


@register.filter
def fen_short(fen):
    """Integer fen as yuan by size: `¥ 4.21 M`, `¥ 421 万`."""
    return yuan(None if fen is None else fen / 100, get_language())

"""A standing in the reader's words."""
from django import template
from django.utils.translation import get_language

from segmentation.engine.explain import words

register = template.Library()


@register.simple_tag
def headline(standing):
    """The one thing to know about an account, or nothing."""
    return words(standing.reasons, get_language()).get("headline", "") if standing.reasons else ""

from django import template

from marketing.development.words import evidence_in_words

register = template.Library()


@register.filter
def in_words(evidence):
    """[(what, how much)] of a candidate's evidence."""
    return evidence_in_words(evidence)

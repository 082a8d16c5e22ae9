"""Parts of list pages: ``{% load lists %}``."""

from django import template
from django.utils.html import format_html_join

from crm.lists import audiences

register = template.Library()


@register.simple_tag
def audience_menus(found):
    """The menus that narrow a list to segments; `found` is the page's filter set."""
    return format_html_join("\n", "{}", ((menu,) for menu in audiences.menus(found)))


@register.simple_tag
def audience_kept(found):
    """What those menus chose, carried along by a form of other filters."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', audiences.chosen(found))

"""How form controls are drawn: a list of sixty choices as one text instead of sixty includes. Everything else as Django draws it."""

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe


class Renderer(DjangoTemplates):
    def render(self, template_name, context, request=None):
        if template_name == "django/forms/widgets/select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget) -> SafeString:
    """`widget`: the context of Django's own template of that name."""
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return mark_safe(f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>')


def _group(name, options):
    drawn = "".join(
        f'<option value="{escape(option["value"])}"{_attributes(option["attrs"])}>{conditional_escape(option["label"])}</option>'
        for option in options
    )
    return f'<optgroup label="{escape(name)}">{drawn}</optgroup>' if name else drawn


def _attributes(attrs):
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in attrs.items() if value is not False)

"""What an administrator fills in about telephone systems and lines."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.people.models import User
from crm.people.roles import PERMISSIONS


class IntegrationForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Sent as X-Integration: letters, digits, hyphens"))
    name = forms.CharField(label=_("Name"), max_length=80)


class LineForm(forms.Form):
    line_code = forms.RegexField(
        r"^[\w.+#*-]{1,20}$", label=_("Extension or agent code"), max_length=20,
        error_messages={"invalid": _("Up to 20 letters, digits and . + # * -")},
    )  # fmt: skip
    person = forms.ModelChoiceField(User.objects.none(), label=_("Whose line"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [role for role, permissions in PERMISSIONS.items() if "crm.take_calls" in permissions]
        self.fields["person"].queryset = User.objects.filter(is_active=True, role__in=roles).order_by("role", "full_name", "pk")
        self.fields["person"].widget.attrs |= {"data-pick": "", "aria-label": _("Whose line")}

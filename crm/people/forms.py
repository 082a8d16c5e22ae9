"""Edits by people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.people.models import User
from crm.people.roles import Role


class PersonForm(forms.ModelForm):
    """Where a colleague works and what they may do."""

    class Meta:
        model = User
        fields = ["full_name", "full_name_en", "title", "phone", "role", "unit", "is_active"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].widget.attrs["data-pick"] = ""
        self.fields["is_active"].label = _("May sign in")
        self.fields["is_active"].help_text = _("Nobody is deleted: what they did stays theirs.")

    def clean(self):
        values = super().clean()
        if values.get("role") in (Role.MANAGER, Role.SUPERVISOR) and not values.get("unit"):
            raise ValidationError({"unit": _("A customer manager or supervisor works for a unit. Choose one.")})
        return values

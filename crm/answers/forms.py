"""Edits of canned answers by people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from crm.answers.models import CannedAnswer
from crm.answers.rules import NAMES, unknown_variables
from crm.tickets.actions import ALL

MOVES = [(action.verb, action.label) for action in ALL if action.verb not in ("reopen", "log_contact")]


class CannedAnswerForm(forms.ModelForm):
    verbs = forms.MultipleChoiceField(
        label=_("Moves, in this order"), choices=MOVES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the text alone, to be pasted. Some: a macro that makes these moves with the text."),
    )  # fmt: skip

    class Meta:
        model = CannedAnswer
        fields = ["name", "name_en", "category", "text", "text_en", "verbs", "position", "is_active"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "text_en": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("every class")), *self.fields["category"].choices[1:]]

    def clean_text(self):
        return known_variables(self.cleaned_data["text"])

    def clean_text_en(self):
        return known_variables(self.cleaned_data["text_en"])


def known_variables(text):
    """The text, refused with the name of a variable that nothing fills."""
    if unknown := unknown_variables(text):
        told = {"names": ", ".join(f"{{{name}}}" for name in unknown), "known": " ".join(f"{{{name}}}" for name in NAMES)}
        raise ValidationError(now_("Nothing fills %(names)s. Variables are: %(known)s") % told)
    return text

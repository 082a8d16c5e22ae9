"""What a customer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

SCORES = [(5, _("Very satisfied")), (4, _("Satisfied")), (3, _("So-so")), (2, _("Dissatisfied")), (1, _("Very dissatisfied"))]


class AnswerForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How satisfied are you?"), choices=SCORES, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Anything you want to tell us"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )

"""What administrators enter about clocks."""

from django import forms
from django.utils.translation import gettext_lazy as _

MARKS = [("V", _("two independent sources, or computed")), ("1", _("one source")), ("M", _("from memory: check before relying on it"))]


class PolicyForm(forms.Form):
    pass_on_within_minutes = forms.IntegerField(label=_("Passed on within, minutes"), min_value=1, max_value=10_000, required=False)
    contact_within_minutes = forms.IntegerField(label=_("First contact within, calendar minutes"), min_value=1, max_value=100_000)
    answer_within_working_days = forms.IntegerField(label=_("Answer within, working days"), min_value=0, max_value=250)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Source"), max_length=200)
    mark = forms.ChoiceField(label=_("How sure"), choices=MARKS)

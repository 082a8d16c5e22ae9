"""What a manager fills in, and what a supervisor answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.service_levels.models import Service, ServiceLevel
from marketing.green_channel.rules import LONGEST_MONTHS, end_of
from marketing.green_channel.services import Terms


class ProposalForm(forms.Form):
    level = forms.ModelChoiceField(ServiceLevel.objects.all(), label=_("Service level"), empty_label=None)
    services = forms.MultipleChoiceField(choices=Service, widget=forms.CheckboxSelectMultiple, label=_("Services"))
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=LONGEST_MONTHS)
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The supervisor reads this first.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        level = ServiceLevel.objects.first()
        self.initial = {
            "starts_on": today,
            "months": level.months if level else 12,
            "services": level.services if level else [],
            **self.initial,
        }

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError(_("A green channel cannot start in the past."))
        return starts_on

    def terms(self):
        values = self.cleaned_data
        return Terms(
            level=values["level"], services=values["services"], starts_on=values["starts_on"],
            ends_on=end_of(values["starts_on"], values["months"]), reason=values["reason"],
        )  # fmt: skip


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

"""Edits by people: log what took place, plan what will, finish what was planned."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.engagement.models import Engagement

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SATISFACTION = [("", gettext_lazy("Not asked")), *[(str(points), str(points)) for points in range(1, 6)]]


class DoneFields(forms.ModelForm):
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("Satisfaction, 1 to 5"), choices=SATISFACTION, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Engagement
        fields = ["happened_on", "notes", "next_action", "next_action_on", "satisfaction"]
        widgets = {"happened_on": DATE, "next_action_on": DATE, "notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].required = True

    def clean(self):
        values = super().clean()
        if values.get("next_action_on") and not values.get("next_action"):
            self.add_error("next_action", _("Say what is to be done on that day."))
        return values


class LogForm(DoneFields):
    class Meta(DoneFields.Meta):
        fields = ["kind", "subject", *DoneFields.Meta.fields]


class FinishForm(DoneFields):
    pass


class PlanForm(forms.ModelForm):
    class Meta:
        model = Engagement
        fields = ["kind", "subject", "planned_on", "notes"]
        widgets = {"planned_on": DATE, "notes": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["planned_on"].required = True

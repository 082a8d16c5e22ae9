"""The main numbers of a policy as a form."""

import copy

from django import forms
from django.utils.translation import gettext_lazy as _

from segmentation.policies.words import numbers_of

WHOLE = {"runs", "min_peers", "forced_debt_months", "new_bills"}  # numbers that are counted


class DayForm(forms.Form):
    valid_from = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Runs as of that day or later judge by it."),
    )


def _short(value):
    return int(value) if value == int(value) else value


class PolicyForm(forms.Form):
    """One field a number; `new_body()` is the old body with the numbers typed."""

    note = forms.CharField(label=_("Why this change"), max_length=200, required=False)

    def __init__(self, *args, policy, **kwargs):
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.numbers = numbers_of(policy.kind, policy.body)
        self.fields["note"].initial = policy.note
        for number in self.numbers:
            whole = number.name in WHOLE
            kind = forms.IntegerField if whole else forms.FloatField
            label = _("%(label)s (%(unit)s)") % {"label": number.label, "unit": number.unit} if number.unit else number.label
            step = forms.NumberInput(attrs={"step": "1" if whole else "any", "inputmode": "decimal"})
            self.fields[number.name] = kind(label=label, min_value=0, initial=_short(number.shown(policy.body)), widget=step)

    def groups(self):
        """[(heading, [bound field])] in order."""
        found: dict[str, list] = {}
        for number in self.numbers:
            found.setdefault(number.group, []).append(self[number.name])
        return list(found.items())

    def new_body(self) -> dict:
        body = copy.deepcopy(self.policy.body)
        for number in self.numbers:
            value = self.cleaned_data[number.name]
            place = body
            for key in number.path[:-1]:
                place = place[key]
            place[number.path[-1]] = round(value / 100, 8) if number.unit == "%" else value
        return body

"""What is asked of a training, and the terms of leaving."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segmentation.churn.models import ChurnTerms, Outcome

KINDS = [
    ("logistic", gettext_lazy("Logistic regression")),
    ("forest", gettext_lazy("Random forest")),
    ("boosted", gettext_lazy("Boosted trees")),
]


class TrainForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Data up to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Nothing that became known later is looked at."),
    )  # fmt: skip
    months = forms.IntegerField(label=gettext_lazy("Months of snapshots"), min_value=2, max_value=60)
    outcomes = forms.MultipleChoiceField(label=gettext_lazy("Outcomes"), choices=Outcome, widget=forms.CheckboxSelectMultiple)
    candidates = forms.MultipleChoiceField(label=gettext_lazy("Kinds of model"), choices=KINDS, widget=forms.CheckboxSelectMultiple)
    seed = forms.IntegerField(label=gettext_lazy("Seed"), initial=42, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, today, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = today
        self.fields["months"].initial = terms.months
        self.fields["outcomes"].initial = [it.value for it in Outcome]
        self.fields["candidates"].initial = [name for name, _label in KINDS]

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until > self.today:
            raise forms.ValidationError(_("The data end today; choose today or an earlier day."))
        return until


class TermsForm(forms.ModelForm):
    """The terms, with one field for the value lost by outcome and for the least probability of each band, in percent."""

    class Meta:
        model = ChurnTerms
        fields = ["horizon_days", "months", "min_leavers", "explained", "bands", "calls_a_week", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["horizon_days"].validators += [_between(14, 730)]
        self.fields["min_leavers"].validators += [_between(10, 10_000)]
        self.fields["months"].validators += [_between(2, 60)]
        for outcome in Outcome:
            label = _("%(outcome)s (%%)") % {"outcome": outcome.label}
            self.fields[f"lost_{outcome.value}"] = _percent(label, self.instance.value_lost.get(outcome.value, 0))
        for band, label in (("high", _("High from (%)")), ("elevated", _("Elevated from (%)")), ("watch", _("Watch from (%)"))):
            self.fields[f"from_{band}"] = _percent(label, self.instance.band_from[band])

    def parts(self):
        """The fields in the groups the page shows."""
        groups = (
            (_("What is learned"), ["horizon_days", "months", "min_leavers", "explained"]), (_("Value lost"), [f"lost_{it.value}" for it in Outcome]),
            (_("Bands"), ["bands", "calls_a_week", "from_high", "from_elevated", "from_watch"]), (_("Source"), ["source"]),
        )  # fmt: skip
        return [(title, [self[name] for name in names]) for title, names in groups]

    def clean(self):
        cleaned = super().clean()
        high, elevated, watch = (cleaned.get(f"from_{band}") for band in ("high", "elevated", "watch"))
        if None not in (high, elevated, watch) and not high > elevated > watch:
            raise forms.ValidationError(_("The bands must fall: high begins above elevated, elevated above watch."))
        return cleaned

    def terms(self) -> ChurnTerms:
        terms = self.save(commit=False)
        terms.value_lost = {outcome.value: round(self.cleaned_data[f"lost_{outcome.value}"] / 100, 4) for outcome in Outcome}
        terms.band_from = {band: round(self.cleaned_data[f"from_{band}"] / 100, 4) for band in ("high", "elevated", "watch")}
        return terms


def _percent(label, share):
    return forms.FloatField(
        label=label, min_value=0, max_value=100, initial=round(100 * share, 2), widget=forms.NumberInput(attrs={"step": "any"})
    )


def _between(low, high):
    def check(value):
        if not low <= value <= high:
            raise forms.ValidationError(_("Choose a number from %(low)s to %(high)s.") % {"low": low, "high": high})

    return check

"""What a report is asked about."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Account
from crm.people.models import Unit
from segmentation.reports.scope import UNSCORED
from segmentation.runs.models import Run, Tier

RUNS_OFFERED = 36


class ScopeForm(forms.Form):
    """Every field may be left out; the day is that of a published run."""

    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.none(), to_field_name="code", required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    as_of = forms.DateField(label=gettext_lazy("As of"), required=False, widget=forms.Select())

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        everything = ("", _("all"))
        self.fields["unit"].queryset = Unit.objects.within_reach_of(reader)
        self.fields["unit"].empty_label = str(reader.unit) if reader.bound_to_unit else _("All units")
        self.fields["category"].choices = [everything, *Account.Category.choices]
        self.fields["tier"].choices = [everything, *[(value or UNSCORED, label) for value, label in Tier.choices]]
        days = dict.fromkeys(Run.objects.published().values_list("as_of", flat=True)[: 3 * RUNS_OFFERED])
        offered = [("", _("the run in force")), *[(day.isoformat(), day.isoformat()) for day in list(days)[:RUNS_OFFERED]]]
        asked = self.data.get("as_of")
        if asked and asked not in dict(offered):
            offered.append((asked, asked))
        self.fields["as_of"].widget.choices = offered

    def asked(self) -> dict:
        """Arguments of `build`; an answer that is no answer is left out."""
        cleaned = self.cleaned_data
        return {key: cleaned[key] for key in ("unit", "category", "tier", "as_of") if cleaned.get(key)}

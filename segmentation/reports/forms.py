"""What a report is asked about."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Account
from crm.people.models import Unit
from segmentation.reports.segments import segment_named, segment_names
from segmentation.reports.subject import UNSCORED
from segmentation.runs.models import Run, Tier

RUNS_OFFERED = 36


class ScopeForm(forms.Form):
    """Every field may be left out; the day is that of a published run."""

    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.none(), to_field_name="code", required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    segment = forms.CharField(label=gettext_lazy("Segment"), required=False, widget=forms.Select())
    as_of = forms.DateField(label=gettext_lazy("As of"), required=False, widget=forms.Select())
    against = forms.DateField(label=gettext_lazy("Compared with"), required=False, widget=forms.Select())

    def __init__(self, *args, reader, kind="", **kwargs):
        super().__init__(*args, **kwargs)
        everything = ("", _("all"))
        self.fields["unit"].queryset = Unit.objects.within_reach_of(reader)
        self.fields["unit"].empty_label = str(reader.unit) if reader.bound_to_unit else _("All units")
        self.fields["category"].choices = [everything, *Account.Category.choices]
        self.fields["tier"].choices = [everything, *[(value or UNSCORED, label) for value, label in Tier.choices]]
        if kind:
            self._segments(reader)
        self._days("as_of", _("the run in force"))
        if kind == "tiers":
            self._days("against", _("the run before"))
        else:
            del self.fields["against"]

    def _segments(self, reader):
        names = segment_names(reader=reader)
        if not names:
            del self.fields["segment"]
            return
        self.fields["segment"].widget.choices = [("", _("all")), *[(name, name) for name in names]]

    def _days(self, name, otherwise):
        """The days of published runs; one asked for by a link stays chosen."""
        days = list(dict.fromkeys(Run.objects.published().values_list("as_of", flat=True)[: 3 * RUNS_OFFERED]))[:RUNS_OFFERED]
        offered = [("", otherwise), *[(day.isoformat(), day.isoformat()) for day in days]]
        asked = self.data.get(name)
        if asked and asked not in dict(offered):
            offered.append((asked, asked))
        self.fields[name].widget.choices = offered

    def asked(self) -> dict:
        """Arguments of `build`, without the segment; an answer that is no answer is left out."""
        cleaned = self.cleaned_data
        return {key: cleaned[key] for key in ("unit", "category", "tier", "as_of", "against") if cleaned.get(key)}

    def segment_asked(self, *, reader) -> dict:
        """The segment as arguments of `build`. Raises `Refused` for one nobody knows."""
        name = self.cleaned_data.get("segment")
        return {"segment": segment_named(name, reader=reader)} if name else {}

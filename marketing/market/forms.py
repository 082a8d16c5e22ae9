"""What a manager says of a loss; the names in the lists of rivals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketing.market.models import Cause, Outcome, Rival
from marketing.market.services import Loss


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LossForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What happened"), choices=Outcome.choices)
    lost_on = forms.DateField(label=_("Lost on"), widget=day_input())
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose…")), *Cause.choices])
    competitor = forms.ModelChoiceField(Rival.objects.none(), label=_("Competitor"), required=False, help_text=_("Who supplies them now."))
    substitute = forms.ModelChoiceField(
        Rival.objects.none(), label=_("Substitute"), required=False, help_text=_("What they use in its place.")
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the customer said: it is read by who makes the next offer."),
    )  # fmt: skip

    def __init__(self, *args, today, outcome="", **kwargs):
        kwargs["initial"] = {"lost_on": today, "outcome": outcome} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for kind in Rival.Kind.values:
            self.fields[kind].queryset = Rival.objects.filter(kind=kind, is_active=True)

    def loss(self) -> Loss:
        return Loss(**self.cleaned_data)


class RivalForm(forms.ModelForm):
    class Meta:
        model = Rival
        fields = ["kind", "name", "name_en", "is_active"]

    def validate_constraints(self):
        """The service says it in a sentence."""
